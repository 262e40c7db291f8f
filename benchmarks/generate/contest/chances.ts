/** Probabilities as reduced fractions m/n, with m + n asked for. @module */
import {
  chance,
  isPrime,
  permutations,
  type Problem,
  range,
  subsets,
  sum,
  tuples,
} from "./brute.ts";

const family = "probability";
const ask =
  "is m/n, where m and n are positive integers without a common divisor greater than 1. " +
  "Find m + n.";

function dice(number: number): Problem {
  return {
    family,
    task: `${number} fair six-sided dice are rolled. The probability that the sum of the numbers ` +
      `shown is a prime ${ask}`,
    answer: chance(tuples(range(1, 6), number), (rolls) => isPrime(sum(rolls))),
  };
}

function cards(highest: number, drawn: number, divisor: number): Problem {
  return {
    family,
    task: `From ${highest} cards with the numbers 1 to ${highest}, ${drawn} different cards are ` +
      `drawn at random. The probability that the sum of their numbers is a multiple of ` +
      `${divisor} ${ask}`,
    answer: chance(subsets(range(1, highest), drawn), (hand) => sum(hand) % divisor === 0),
  };
}

function fixedPoints(letters: number, right: number): Problem {
  return {
    family,
    task: `${letters} letters are put at random into ${letters} addressed envelopes, one into ` +
      `each. The probability that exactly ${right} of them are in the right envelope ${ask}`,
    answer: chance(
      permutations(range(0, letters - 1)),
      (order) => order.filter((x, i) => x === i).length === right,
    ),
  };
}

function coins(flips: number, run: number): Problem {
  return {
    family,
    task: `A fair coin is flipped ${flips} times. The probability that heads never comes up ` +
      `${run} times in a row ${ask}`,
    answer: chance(tuples(["H", "T"], flips), (faces) => !faces.join("").includes("H".repeat(run))),
  };
}

function walk(steps: number): Problem {
  const moves = [[1, 0], [-1, 0], [0, 1], [0, -1]] as const;
  return {
    family,
    task: `A beetle starts at the origin and makes ${steps} moves, each of length 1 to the left, ` +
      `right, up or down, all equally likely. The probability that it ends at the origin ${ask}`,
    answer: chance(
      tuples(moves, steps),
      (path) => sum(path.map(([x]) => x)) === 0 && sum(path.map(([, y]) => y)) === 0,
    ),
  };
}

function spread(highest: number, drawn: number, gap: number): Problem {
  return {
    family,
    task: `${drawn} different numbers are drawn at random from 1 to ${highest}. The probability ` +
      `that any two of them differ by at least ${gap} ${ask}`,
    answer: chance(
      subsets(range(1, highest), drawn),
      (hand) => hand.every((x, i) => i === 0 || x - hand[i - 1]! >= gap),
    ),
  };
}

/** The problems of this family. */
export const chances: readonly Problem[] = [
  dice(3),
  dice(2),
  cards(12, 3, 3),
  cards(12, 4, 5),
  fixedPoints(6, 2),
  fixedPoints(7, 3),
  coins(8, 3),
  coins(9, 4),
  walk(4),
  walk(6),
  spread(12, 3, 3),
  spread(15, 4, 2),
];
