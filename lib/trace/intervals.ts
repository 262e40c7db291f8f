/**
 * Lengths of unions of intervals of time.
 * @module
 */
import type { CallSpan } from "./spans.ts";

/** A stretch of time, in milliseconds. */
export interface Interval {
  /** Milliseconds. */
  readonly start: number;
  /** Milliseconds. */
  readonly end: number;
}

/** The length of the union of `intervals`; empty and reversed ones count nothing. */
export function measureUnion(intervals: readonly Interval[]): number {
  let total = 0;
  let covered = -Infinity;
  for (const { start, end } of [...intervals].sort((a, b) => a.start - b.start)) {
    if (end <= covered) continue;
    total += Math.max(0, end - Math.max(start, covered));
    covered = Math.max(covered, end);
  }
  return total;
}

/** When an answered attempt was in flight, from request to last byte; `null` for any other. */
export function callInterval(call: CallSpan): Interval | null {
  if (!call.answered || call.started_ms === null) return null;
  return { start: call.started_ms, end: call.ended_ms };
}

/** The {@linkcode callInterval}s of `calls`. */
export function callIntervals(calls: readonly CallSpan[]): Interval[] {
  return calls.map(callInterval).filter((interval) => interval !== null);
}
