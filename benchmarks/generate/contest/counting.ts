/** Counting arrangements, subsets and words. @module */
import { count, permutations, type Problem, range, subsets, sum, tuples } from "./brute.ts";

const family = "counting";

function digitSum(length: number, total: number): Problem {
  const low = 10 ** (length - 1);
  const numbers = range(low, 10 * low - 1);
  return {
    family,
    task: `How many ${length}-digit positive integers have digits that add up to ${total} and do ` +
      `not contain the digit 0?`,
    answer: count(numbers, (n) => {
      const digits = [...String(n)].map(Number);
      return sum(digits) === total && !digits.includes(0);
    }),
  };
}

function gapSubsets(n: number, a: number, b: number): Problem {
  return {
    family,
    task: `Call a subset of {1, 2, …, ${n}} quiet if no two of its elements differ by exactly ` +
      `${a} or exactly ${b}. The empty set is quiet. How many quiet subsets are there?`,
    answer: count(
      subsets(range(1, n)),
      (set) => set.every((x) => !set.includes(x + a) && !set.includes(x + b)),
    ),
  };
}

function queue(n: number, apart: number): Problem {
  return {
    family,
    task: `${n} children numbered 1 to ${n} stand in a row so that any two neighbours have ` +
      `numbers that differ by at least ${apart}. In how many orders can they stand?`,
    answer: count(
      permutations(range(1, n)),
      (order) => order.every((x, i) => i === 0 || Math.abs(x - order[i - 1]!) >= apart),
    ),
  };
}

function words(length: number, banned: string): Problem {
  const vowels = banned.split("").join(" directly followed by ");
  return {
    family,
    task: `A code is a string of ${length} letters, each of them A, B or C, in which ${vowels} ` +
      `never occurs and in which the letter C occurs at least once. How many codes are there?`,
    answer: count(tuples(["A", "B", "C"], length), (letters) => {
      const code = letters.join("");
      return !code.includes(banned) && code.includes("C");
    }),
  };
}

function necklace(n: number, colours: number): Problem {
  return {
    family,
    task: `The vertices of a regular polygon with ${n} sides are labelled and each is painted ` +
      `with one of ${colours} colours. Neighbouring vertices have different colours, and so have ` +
      `vertices with exactly one vertex between them. How many paintings are possible?`,
    answer: count(
      tuples(range(1, colours), n),
      (paint) => paint.every((c, i) => c !== paint[(i + 1) % n] && c !== paint[(i + 2) % n]),
    ),
  };
}

function pockets(coins: number, pocketCount: number, most: number): Problem {
  return {
    family,
    task: `Nora puts ${coins} identical coins into ${pocketCount} different pockets. A pocket ` +
      `may stay empty but holds at most ${most} coins. In how many ways can she do this?`,
    answer: count(tuples(range(0, most), pocketCount), (held) => sum(held) === coins),
  };
}

/** The problems of this family. */
export const counting: readonly Problem[] = [
  digitSum(3, 13),
  digitSum(4, 12),
  gapSubsets(11, 2, 3),
  gapSubsets(12, 1, 4),
  queue(6, 2),
  queue(8, 3),
  words(6, "AB"),
  words(6, "ABC"),
  necklace(6, 4),
  necklace(5, 5),
  pockets(9, 4, 4),
  pockets(10, 5, 3),
];
