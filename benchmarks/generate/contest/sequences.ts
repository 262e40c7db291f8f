/** Recurrences and processes, run step by step. @module */
import { type Problem, range } from "./brute.ts";

const family = "sequences";

function linear(
  start: number,
  factor: number,
  add: number,
  modulus: number,
  index: number,
): Problem {
  let term = start;
  for (let i = 1; i < index; i++) term = (factor * term + add) % modulus;
  return {
    family,
    task: `Let a₁ = ${start}, and let each later term be the remainder when ${factor} times the ` +
      `term before it plus ${add} is divided by ${modulus}. What is the term with index ${index}?`,
    answer: term,
  };
}

function sumFree(first: number, second: number, index: number): Problem {
  const terms = [first, second];
  for (let next = second + 1; terms.length < index; next++) {
    const isSum = terms.some((a, i) => terms.some((b, j) => i < j && a + b === next));
    if (!isSum) terms.push(next);
  }
  return {
    family,
    task:
      `A list begins with ${first} and ${second}. Each further number is the smallest integer ` +
      `greater than all numbers so far that is not the sum of two different numbers of the list. ` +
      `What is the ${index}th number of the list?`,
    answer: terms[index - 1]!,
  };
}

function circle(people: number, step: number): Problem {
  const left = range(1, people);
  let at = 0;
  while (left.length > 1) {
    at = (at + step - 1) % left.length;
    left.splice(at, 1);
  }
  return {
    family,
    task: `${people} people with numbers 1 to ${people} sit in a circle in this order. Counting ` +
      `starts at person 1, and every ${step}th person counted leaves the circle at once; counting ` +
      `goes on with the next person still there. Which number does the last person left have?`,
    answer: left[0]!,
  };
}

function digitSquares(start: number, index: number): Problem {
  let term = start;
  for (let i = 1; i < index; i++) {
    term = [...String(term)].reduce((total, digit) => total + Number(digit) ** 2, 0) + 3;
  }
  return {
    family,
    task:
      `The first term of a sequence is ${start}. Each next term is 3 more than the sum of the ` +
      `squares of the digits of the term before it. Find the term with index ${index}.`,
    answer: term,
  };
}

function mixedPair(steps: number): Problem {
  let [x, y] = [1, 0];
  for (let i = 0; i < steps; i++) [x, y] = [(2 * x + y) % 1000, (x + 3 * y) % 1000];
  return {
    family,
    task: `Start with (x, y) = (1, 0). In one move (x, y) is replaced by (2x + y, x + 3y). After ` +
      `${steps} moves, what is the remainder when x is divided by 1000?`,
    answer: x,
  };
}

function lamps(count: number): Problem {
  const on = range(1, count).filter((lamp) =>
    range(2, count).filter((person) => lamp % person === 0).length % 3 === 1
  );
  return {
    family,
    task: `${count} lamps numbered 1 to ${count} each cycle off, dim, bright, off, … and all are ` +
      `off. For every k from 2 to ${count}, somebody moves each lamp whose number is a multiple ` +
      `of k one step on in its cycle. How many lamps are dim at the end?`,
    answer: on.length,
  };
}

/** The problems of this family. */
export const sequences: readonly Problem[] = [
  linear(5, 3, 7, 101, 2026),
  linear(11, 17, 4, 997, 300),
  sumFree(1, 2, 40),
  sumFree(2, 5, 60),
  circle(50, 4),
  circle(200, 7),
  digitSquares(8, 2026),
  digitSquares(25, 500),
  mixedPair(12),
  mixedPair(40),
  lamps(100),
  lamps(300),
];
