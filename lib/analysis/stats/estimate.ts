/**
 * A number with its uncertainty.
 * @module
 */

/** An estimate with its 95 % interval; the ends are `null` where there is too little data. */
export interface Estimate {
  /** How many values it rests on. */
  readonly n: number;
  /** The estimate. */
  readonly value: number;
  /** Lower end of the interval. */
  readonly low: number | null;
  /** Upper end of the interval. */
  readonly high: number | null;
}

/** The arithmetic mean; `NaN` of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
