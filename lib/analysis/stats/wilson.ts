/**
 * Proportions.
 * @module
 */
import type { Estimate } from "./estimate.ts";

/** A proportion: `count` of `n`. */
export interface Proportion extends Estimate {
  /** How many of the `n`. */
  readonly count: number;
}

/** The 97.5 % point of the normal distribution. */
const z = 1.959963984540054;

/**
 * A proportion with its 95 % score interval (Wilson 1927), which stays within 0–1 and has a width
 * at 0 and `n` of `n` too; `null` of nothing.
 *
 * @example
 * ```ts
 * import { wilson } from "./wilson.ts";
 * const { value, low, high } = wilson(19, 30)!;
 * if (!(low! < value && value < high!)) throw new Error("the interval is off");
 * ```
 */
export function wilson(count: number, n: number): Proportion | null {
  if (n === 0) return null;
  const value = count / n;
  const scale = 1 + z * z / n;
  const centre = (value + z * z / (2 * n)) / scale;
  const half = z * Math.sqrt(value * (1 - value) / n + z * z / (4 * n * n)) / scale;
  return {
    n,
    count,
    value,
    low: count === 0 ? 0 : centre - half,
    high: count === n ? 1 : centre + half,
  };
}
