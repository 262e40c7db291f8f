/**
 * Ratios.
 * @module
 */
import { type Estimate, mean } from "./estimate.ts";
import { studentQuantile975 } from "./student.ts";

/** A geometric mean over clusters. */
export interface GeometricMean extends Estimate {
  /** How many clusters (tasks) the values come from. */
  readonly clusters: number;
}

/**
 * The geometric mean of positive ratios: first within each cluster (repeats of a task), then over
 * clusters, with a 95 % t interval on the logarithms of the clusters' means. `null` of nothing; the
 * interval is `null` for fewer than two clusters.
 *
 * @example
 * ```ts
 * import { geometricMean } from "./geometric.ts";
 * const { value } = geometricMean([[2], [8]])!;
 * if (Math.abs(value - 4) > 1e-12) throw new Error("the mean is off");
 * ```
 */
export function geometricMean(clusters: readonly (readonly number[])[]): GeometricMean | null {
  const filled = clusters.filter((cluster) => cluster.length > 0);
  if (filled.length === 0) return null;
  const n = filled.reduce((total, cluster) => total + cluster.length, 0);
  const logs = filled.map((cluster) => mean(cluster.map(Math.log)));
  const centre = mean(logs);
  const value = Math.exp(centre);
  if (logs.length < 2) return { n, clusters: 1, value, low: null, high: null };
  const variance = logs.reduce((sum, log) => sum + (log - centre) ** 2, 0) / (logs.length - 1);
  const half = studentQuantile975(logs.length - 1) * Math.sqrt(variance / logs.length);
  return {
    n,
    clusters: logs.length,
    value,
    low: Math.exp(centre - half),
    high: Math.exp(centre + half),
  };
}
