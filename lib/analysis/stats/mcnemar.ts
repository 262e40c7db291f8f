/**
 * Paired yes/no outcomes.
 * @module
 */

/**
 * Exact McNemar test: the two-sided p-value of `onlyFirst` against `onlySecond` discordant pairs,
 * under a fair coin (McNemar 1947; twice the smaller binomial tail, at most 1).
 *
 * @example
 * ```ts
 * import { mcnemar } from "./mcnemar.ts";
 * if (mcnemar(0, 5) !== 0.0625) throw new Error("p is off");
 * ```
 */
export function mcnemar(onlyFirst: number, onlySecond: number): number {
  const n = onlyFirst + onlySecond;
  const smaller = Math.min(onlyFirst, onlySecond);
  // In logarithms: 2^-n alone would vanish for n above 1074.
  let logTerm = -n * Math.LN2;
  let tail = 0;
  for (let i = 0; i <= smaller; i++) {
    tail += Math.exp(logTerm);
    logTerm += Math.log((n - i) / (i + 1));
  }
  return Math.min(1, 2 * tail);
}
