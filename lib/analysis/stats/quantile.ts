/**
 * Quantiles.
 * @module
 */

/**
 * The quantile `q` (0–1) of `values`, interpolated linearly between order statistics (type 7 of
 * Hyndman and Fan 1996, as in NumPy and R); `null` of nothing.
 *
 * @example
 * ```ts
 * import { quantile } from "./quantile.ts";
 * if (quantile([4, 1, 3, 2], 0.5) !== 2.5) throw new Error("the median is off");
 * ```
 */
export function quantile(values: readonly number[], q: number): number | null {
  return sortedQuantile(Float64Array.from(values).sort(), q);
}

/** {@linkcode quantile} of values that are in ascending order. */
export function sortedQuantile(sorted: ArrayLike<number>, q: number): number | null {
  if (sorted.length === 0) return null;
  const place = (sorted.length - 1) * Math.min(1, Math.max(0, q));
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}
