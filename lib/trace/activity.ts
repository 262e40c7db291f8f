/**
 * What a node did itself: its calls and effects, in one list.
 * @module
 */
import type { CallSpan, EffectSpan, NodeSpan, Spans } from "./spans.ts";

/** A call or an effect of a node. */
export type Activity =
  | { readonly type: "call"; readonly span: CallSpan }
  | { readonly type: "effect"; readonly span: EffectSpan };

/** What a stretch of the critical path, or of a run, was spent on. */
export type PieceKind =
  | "queue"
  | "prefill"
  | "decode"
  | "announce"
  | "effect"
  | "retry"
  | "runtime";

/** A stretch of a run, in milliseconds since the task's start. */
export interface Piece {
  /** What it was spent on. */
  readonly kind: PieceKind;
  /** The node's path. */
  readonly node: string;
  /** The call or effect; `null` for `runtime`. */
  readonly id: string | null;
  /** Its start. */
  readonly from_ms: number;
  /** Its end. */
  readonly to_ms: number;
}

/** Spans that can be looked up by name. */
export interface SpanIndex {
  readonly root: NodeSpan | null;
  readonly nodes: ReadonlyMap<string, NodeSpan>;
  readonly activities: ReadonlyMap<string, Activity>;
  /** By node, in the order in which they were queued. */
  readonly byNode: ReadonlyMap<string, readonly Activity[]>;
}

/** Indexes spans by node and by id. */
export function indexSpans(spans: Spans): SpanIndex {
  const list: Activity[] = [
    ...spans.calls.map((span) => ({ type: "call" as const, span })),
    ...spans.effects.map((span) => ({ type: "effect" as const, span })),
  ];
  list.sort((a, b) => a.span.queued_ms - b.span.queued_ms);
  return {
    root: spans.nodes.find((node) => node.parent === null) ?? null,
    nodes: new Map(spans.nodes.map((node) => [node.path, node])),
    activities: new Map(list.map((activity) => [activity.span.id, activity])),
    byNode: Map.groupBy(list, (activity) => activity.span.node),
  };
}

/** Whether it counts as progress: any effect, and a call whose text was used. */
export function isUseful(activity: Activity): boolean {
  return activity.type === "effect" || activity.span.used;
}

/** When it began to run; what never ran began at its end. */
export function startOf({ span }: Activity): number {
  return span.started_ms ?? span.ended_ms;
}

/** A call's time from its start to `to_ms`: reading the prompt, then writing. */
export function callPieces(call: CallSpan, to_ms: number, writing: "decode" | "announce"): Piece[] {
  const { node, id } = call;
  const from_ms = call.started_ms ?? call.ended_ms;
  const first = Math.min(to_ms, Math.max(from_ms, call.first_token_ms ?? call.ended_ms));
  const pieces: Piece[] = [
    { kind: "prefill", node, id, from_ms, to_ms: first },
    { kind: writing, node, id, from_ms: first, to_ms },
  ];
  return pieces.filter((piece) => piece.to_ms > piece.from_ms);
}
