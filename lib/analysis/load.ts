/**
 * How many calls were in flight: what an arm made, and what it met.
 * @module
 */
import type { InFlight, RowFacts } from "./facts.ts";

/** Mean numbers of calls in flight while the rows of an arm ran. */
export interface CallsInFlight {
  /** Of a row itself. */
  readonly own: number;
  /** Of all rows of its run together: the load that the arm met. */
  readonly all: number;
}

/**
 * Means over the wall time of `own` rows, each placed in its run by `bench_offset_ms`; `null` where
 * no time passed. `all` are the rows of every arm.
 */
export function callsInFlight(
  own: readonly RowFacts[],
  all: readonly RowFacts[],
): CallsInFlight | null {
  const runs = new Set(own.map(runOf));
  const byRun = Map.groupBy(all.filter((row) => runs.has(runOf(row))), runOf);
  const loads = new Map(
    [...byRun].map(([run, rows]) => [run, callTime(rows.flatMap((row) => row.in_flight))] as const),
  );
  const sums = { wall: 0, own: 0, all: 0 };
  for (const row of own) {
    const load = loads.get(runOf(row))!;
    const [from, to] = [row.bench_offset_ms, row.bench_offset_ms + row.latency_ms];
    sums.wall += to - from;
    sums.own += row.in_flight.reduce((total, { start, end }) => total + end - start, 0);
    sums.all += load(to) - load(from);
  }
  return sums.wall > 0 ? { own: sums.own / sums.wall, all: sums.all / sums.wall } : null;
}

/** Rows of one clock: of one run and one timing. */
function runOf({ run_id, timing }: RowFacts): string {
  return JSON.stringify([run_id, timing]);
}

/** Calls in flight, summed over the time up to a moment, as a function of that moment. */
function callTime(calls: readonly InFlight[]): (at: number) => number {
  const edges = calls
    .flatMap(({ start, end }) => [{ at: start, step: 1 }, { at: end, step: -1 }])
    .sort((a, b) => a.at - b.at);
  const points: { at: number; busy: number; sum: number }[] = [];
  let last = { at: -Infinity, busy: 0, sum: 0 };
  for (const { at, step } of edges) {
    const passed = last.busy === 0 ? 0 : last.busy * (at - last.at);
    last = { at, busy: last.busy + step, sum: last.sum + passed };
    points.push(last);
  }
  return (at) => {
    let low = 0;
    let high = points.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (points[middle]!.at <= at) low = middle + 1;
      else high = middle;
    }
    const before = points[low - 1];
    return before ? before.sum + before.busy * (at - before.at) : 0;
  };
}
