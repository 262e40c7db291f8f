/**
 * Random draws from a seed, the same on every machine.
 * @module
 */
import { seededRandom } from "../../lib/random.ts";

/** Draws that repeat exactly. */
export interface Draw {
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  /** One of `items`. */
  pick<T>(items: readonly T[]): T;
  /** `count` different ones of `items`, in random order. */
  sample<T>(items: readonly T[], count: number): T[];
}

/** Draws from a seed. */
export function drawFrom(seed: number): Draw {
  const next = seededRandom(seed);
  const whole = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    whole,
    pick: (items) => items[whole(0, items.length - 1)]!,
    sample(items, count) {
      const left = [...items];
      return Array.from({ length: count }, () => left.splice(whole(0, left.length - 1), 1)[0]!);
    },
  };
}
