/**
 * Intervals by resampling.
 * @module
 */
import type { Estimate } from "./estimate.ts";
import { sortedQuantile } from "./quantile.ts";
import { seededRandom } from "../../random.ts";

/** Options of {@linkcode bootstrapMean}. */
export interface BootstrapOptions {
  /** Default 1. The same seed gives the same interval. */
  readonly seed?: number;
  /** Default 10,000. */
  readonly resamples?: number;
}

/**
 * The mean of all values with its 95 % percentile interval (Efron 1979). Whole clusters are drawn,
 * with replacement: repeats of one task are one cluster, as they are no independent evidence.
 * `null` of nothing; the interval is `null` for fewer than two clusters.
 */
export function bootstrapMean(
  clusters: readonly (readonly number[])[],
  { seed = 1, resamples = 10_000 }: BootstrapOptions = {},
): Estimate | null {
  const filled = clusters.filter((cluster) => cluster.length > 0);
  const sums = filled.map((cluster) => cluster.reduce((sum, value) => sum + value, 0));
  const counts = filled.map((cluster) => cluster.length);
  const n = counts.reduce((total, count) => total + count, 0);
  if (n === 0) return null;
  const value = sums.reduce((total, sum) => total + sum, 0) / n;
  if (filled.length < 2) return { n, value, low: null, high: null };

  const random = seededRandom(seed);
  const means = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    let sum = 0;
    let count = 0;
    for (let drawn = 0; drawn < filled.length; drawn++) {
      const cluster = Math.floor(random() * filled.length);
      sum += sums[cluster]!;
      count += counts[cluster]!;
    }
    means[i] = sum / count;
  }
  means.sort();
  return { n, value, low: sortedQuantile(means, 0.025), high: sortedQuantile(means, 0.975) };
}
