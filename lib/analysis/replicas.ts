/**
 * How the replicas of a run were used.
 * @module
 */
import type { Row } from "../records/row_types.ts";
import { measureUnion } from "../trace/mod.ts";
import type { RowFacts } from "./facts.ts";

/** One replica over one bench run. */
export interface ReplicaUse {
  /** The bench run. */
  readonly run_id: string;
  /** Kind of time. */
  readonly timing: Row["timing"];
  /** Its base URL. */
  readonly replica: string;
  /** From the start of the run's first row to the end of its last. */
  readonly wall_ms: number;
  /** Answered attempts. */
  readonly calls: number;
  /** Measure of the replica's busy intervals. */
  readonly busy_ms: number;
  /** `busy_ms / wall_ms`. */
  readonly utilisation: number | null;
  /** Mean number of its calls in flight over the wall time. */
  readonly calls_in_flight: number | null;
  /** Time that its calls waited before they were sent, summed. */
  readonly queue_ms: number;
  /** Prompt and completion tokens. */
  readonly tokens: number;
}

/** Use of every replica, per run, over the run's wall time. Rows must be facts of whole runs. */
export function replicaUse(rows: readonly RowFacts[]): ReplicaUse[] {
  const runs = Map.groupBy(rows, (row) => JSON.stringify([row.run_id, row.timing]));
  return [...runs.values()].flatMap(useOfRun);
}

function useOfRun(rows: readonly RowFacts[]): ReplicaUse[] {
  const { run_id, timing } = rows[0]!;
  const from = rows.reduce((least, row) => Math.min(least, row.bench_offset_ms), Infinity);
  const to = rows.reduce(
    (most, row) => Math.max(most, row.bench_offset_ms + row.latency_ms),
    -Infinity,
  );
  const wall_ms = to - from;
  const calls = Map.groupBy(rows.flatMap((row) => row.in_flight), (call) => call.replica);
  const shares = Map.groupBy(rows.flatMap((row) => row.replicas), (share) => share.replica);
  return [...shares].sort(([a], [b]) => a < b ? -1 : 1).map(([replica, own]) => {
    const intervals = calls.get(replica) ?? [];
    const busy_ms = measureUnion(intervals);
    const work = intervals.reduce((total, { start, end }) => total + end - start, 0);
    return {
      run_id,
      timing,
      replica,
      wall_ms,
      calls: intervals.length,
      busy_ms,
      utilisation: wall_ms > 0 ? busy_ms / wall_ms : null,
      calls_in_flight: wall_ms > 0 ? work / wall_ms : null,
      queue_ms: own.reduce((total, share) => total + share.queue_ms, 0),
      tokens: own.reduce((total, share) => total + share.tokens, 0),
    };
  });
}
