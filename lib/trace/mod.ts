/**
 * Traces: what happened in a run, folded into spans and measured.
 * @module
 */
export * from "./events.ts";
export * from "./spans.ts";
export { type FoldOptions, foldTrace } from "./fold.ts";
export { preview, type TraceText } from "./texts.ts";
export { callInterval, callIntervals, type Interval, measureUnion } from "./intervals.ts";
export { measureOverlap, type Overlap } from "./overlap.ts";
export { type CriticalPath, criticalPath } from "./critical_path.ts";
export { blame, blamePieces } from "./blame.ts";
export type { Piece, PieceKind } from "./activity.ts";
export { measure, promptPreview, type RowMeasures, rowMeasures } from "./measures.ts";
export {
  dropsOf,
  type EventCounts,
  eventCounts,
  replicaShares,
  usageOf,
  type UsageSums,
} from "./usage.ts";
