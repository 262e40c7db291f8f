/**
 * Runs language models as recursive reasoning graphs, and measures it.
 *
 * @example Solve a task directly and as a graph, and compare
 * ```ts
 * import { analyse, collect, formatReport, readRows, runBench } from "@rrm/rrm";
 *
 * const result = await runBench({
 *   tasks: ["benchmarks/first_run.jsonl"],
 *   backend: "simulated", // leave it out for the embedded model; name baseUrls for a server
 *   modes: ["direct", "streaming_parallel"],
 *   limit: 2,
 *   out: "traces/example.jsonl",
 *   overwrite: true,
 * });
 * const items = await Array.fromAsync(readRows(result.out));
 * const rows = items.flatMap((item) => "row" in item ? [item.row] : []);
 * const report = analyse(await collect(rows), { directVsOther: true });
 * console.log(formatReport(report, { format: "text" }));
 * ```
 * @module
 */
export * from "./lib/errors.ts";
export * from "./lib/clock.ts";
export { VERSION } from "./lib/version.ts";
export * from "./lib/protocol/mod.ts";
export {
  blame,
  type CriticalPath,
  criticalPath,
  type EventCounts,
  type FoldOptions,
  foldTrace,
  measureOverlap,
  type Overlap,
  type Piece,
  type PieceKind,
  type RowMeasures,
  type TraceText,
  type UsageSums,
} from "./lib/trace/mod.ts";
export type * from "./lib/trace/events.ts";
export type * from "./lib/trace/spans.ts";
export {
  type AnswerSheet,
  type AnswerType,
  dedupeRows,
  type DirectPair,
  type Grade,
  gradeText,
  type GraphStatus,
  type LabelledRow,
  readRows,
  readTasks,
  type ReadTasksOptions,
  type ReplicaShare,
  type Row,
  type RowFileProblem,
  type RowItem,
  type Task,
  type Trust,
  type TrustLabel,
  trustLabel,
} from "./lib/records/mod.ts";
export * from "./lib/model/types.ts";
export * from "./lib/model/call_error.ts";
export * from "./lib/model/chat/mod.ts";
export { poolOf, type PoolOptions } from "./lib/model/pool.ts";
export { transcriptBackend } from "./lib/model/transcript.ts";
export * from "./lib/kernel/mod.ts";
export * from "./lib/prompts/mod.ts";
export * from "./lib/strategies/mod.ts";
export * from "./lib/bench/mod.ts";
export * from "./lib/analysis/mod.ts";
export * from "./lib/report/mod.ts";
