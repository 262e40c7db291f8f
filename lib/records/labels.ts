/**
 * Trust labels: what a row may be used to claim. A label, never a filter.
 * @module
 */
import type { Row, TrustLabel } from "./row_types.ts";

/** How the paired direct row did; `unknown` when a row is looked at alone. */
export type DirectPair = "correct" | "wrong" | "none" | "unknown";

/** A label with all that speaks against a headline. */
export interface Trust {
  /** `headline` or `headline_candidate`, else the first of `trust_reasons`. */
  readonly trust_label: TrustLabel;
  /** Names of labels, in their order: every condition that failed. */
  readonly trust_reasons: readonly TrustLabel[];
}

/** What a label depends on. */
export type LabelledRow = Pick<
  Row,
  | "status"
  | "mode"
  | "timing"
  | "graph_status"
  | "correct"
  | "truncated"
  | "degraded"
  | "overlap_ms"
  | "nodes"
>;

/** All that can speak against a headline, in the order in which it names the row. */
const reasons: readonly (readonly [TrustLabel, (row: LabelledRow, pair: DirectPair) => boolean])[] =
  [
    ["error", (row) => row.status === "error"],
    ["incomplete", (row) => row.status === "budget" || row.status === "cancelled"],
    ["direct", (row) => row.mode === "direct"],
    ["other_mode", (row) => row.mode !== "direct" && row.graph_status === "none"],
    ["simulated_timing", (row) => row.timing === "simulated"],
    ["replayed_timing", (row) => row.timing === "replayed"],
    ["oracle_graph", (row) => row.graph_status === "oracle"],
    ["fallback", fellBack],
    ["direct_style_control", (row) => row.graph_status === "atomic"],
    ["ungraded", (row) => row.correct === null],
    ["truncated", (row) => row.truncated],
    ["degraded", (row) => row.degraded],
    ["wrong_answer", (row) => row.correct === false],
    ["no_overlap", (row) => !(row.overlap_ms > 0)],
    ["no_direct_pair", (_row, pair) => pair === "none"],
    ["direct_wrong", (_row, pair) => pair === "wrong"],
  ];

/** Named where they hold, but a headline does not need them to be absent. */
const notes: ReadonlySet<TrustLabel> = new Set(["truncated", "degraded"]);

/**
 * Labels a row. A headline needs a graph that the model emitted, no fallback at any node, a right
 * answer, a right paired direct row, overlap of a parent's call with a descendant's, and the wall
 * time of a real model. Alone (`pair` left out) a row is at best a `headline_candidate`.
 */
export function trustLabel(row: LabelledRow, pair: DirectPair = "unknown"): Trust {
  const failed = reasons.filter(([, holds]) => holds(row, pair)).map(([label]) => label);
  const headline = failed.every((label) => notes.has(label));
  const best = pair === "correct" ? "headline" : "headline_candidate";
  return { trust_label: headline ? best : failed[0]!, trust_reasons: failed };
}

function fellBack(row: LabelledRow): boolean {
  return row.graph_status === "fallback" || row.nodes.some(({ kind }) => kind === "fallback");
}
