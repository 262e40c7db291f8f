/**
 * The figures of a run, from its spans alone: bench writes them, analysis computes them again.
 * @module
 */
import { blame } from "./blame.ts";
import { criticalPath } from "./critical_path.ts";
import { callIntervals, measureUnion } from "./intervals.ts";
import { measureOverlap } from "./overlap.ts";
import { preview } from "./texts.ts";
import type {
  CallSpan,
  FoldedTrace,
  GraphStatus,
  Measures,
  NodeSpan,
  ReplicaShare,
  Spans,
} from "./spans.ts";
import {
  countBy,
  type EventCounts,
  eventCounts,
  queueTime,
  replicaShares,
  usageOf,
  type UsageSums,
} from "./usage.ts";

/** All fields of a row that follow from its spans. */
export interface RowMeasures extends Measures, UsageSums, EventCounts {
  /** What became of the root's plan. */
  readonly graph_status: GraphStatus;
  /** The root's concluding call ended by `length`. */
  readonly truncated: boolean;
  /** A child failed, a plan was cut, or a call elsewhere was truncated. */
  readonly degraded: boolean;
  /** Answered attempts. */
  readonly model_calls: number;
  /** All attempts. */
  readonly attempts: number;
  /** Answered attempts by role. */
  readonly calls_by_role: Readonly<Record<string, number>>;
  /** Answered attempts by finish reason, or by the code of their error. */
  readonly finish_reasons: Readonly<Record<string, number>>;
  /** What each replica did. */
  readonly replicas: readonly ReplicaShare[];
  /** Of the root's first call. */
  readonly prompt_hash: string | null;
}

/** Every field of a row that follows from its spans and the dropped dependencies. */
export function rowMeasures(spans: Spans, drops: Readonly<Record<string, number>>): RowMeasures {
  const root = rootOf(spans);
  const answered = spans.calls.filter((call) => call.answered);
  return {
    ...measure(spans),
    graph_status: graphStatus(root),
    truncated: root?.truncated ?? false,
    degraded: isDegraded(spans, root),
    ...eventCounts(spans.calls, drops),
    model_calls: answered.length,
    attempts: spans.calls.length,
    calls_by_role: countBy(answered.map((call) => call.role)),
    finish_reasons: countBy(answered.map(endOf)),
    ...usageOf(spans.calls),
    replicas: replicaShares(spans.calls),
    prompt_hash: firstRootCall(spans)?.prompt_hash ?? null,
  };
}

/** Times and shape of a run. Without a root all times are zero. */
export function measure(spans: Spans): Measures {
  const { nodes, calls } = spans;
  const root = rootOf(spans);
  const latency_ms = root?.ended_ms ?? 0;
  const intervals = callIntervals(calls);
  const work_ms = intervals.reduce((total, { start, end }) => total + end - start, 0);
  const busy_ms = measureUnion(intervals);
  const overlap = measureOverlap(spans);
  const firstChildCall = earliest(
    calls.filter((call) => call.node !== root?.path && call.started_ms !== null),
    (call) => call.started_ms!,
  );
  return {
    latency_ms,
    time_to_first_token_ms: firstToken(spans, root),
    time_to_first_child_ms: firstChildCall?.started_ms ?? null,
    first_child_lead_ms: firstChildCall ? leadOf(spans, firstChildCall) : null,
    queue_ms: queueTime(calls),
    work_ms,
    critical_path_ms: criticalPath(spans).length_ms,
    parallelism: busy_ms > 0 ? work_ms / busy_ms : null,
    ...overlap,
    overlap_fraction: latency_ms > 0 ? overlap.overlap_ms / latency_ms : 0,
    blame: blame(spans),
    max_depth: nodes.reduce((deepest, node) => Math.max(deepest, node.depth), 0),
    max_sibling_width: widestPlan(nodes),
    node_count: nodes.length,
    child_count: nodes.filter((node) => node.parent !== null).length,
  };
}

/** The start of what the root was asked first; `null` where its text was not kept. */
export function promptPreview(trace: FoldedTrace): string | null {
  const asked = firstRootCall(trace)?.messages.findLast((message) => message.role === "user");
  const text = asked && trace.texts[asked.text];
  return text === undefined ? null : preview(text);
}

function rootOf({ nodes }: Spans): NodeSpan | null {
  return nodes.find((node) => node.parent === null) ?? null;
}

function firstRootCall(spans: Spans): CallSpan | null {
  const root = rootOf(spans);
  return spans.calls.find((call) => call.node === root?.path) ?? null;
}

function firstToken({ calls }: Spans, root: NodeSpan | null): number | null {
  const begun = calls.filter((call) => call.node === root?.path && call.first_token_ms !== null);
  return earliest(begun, (call) => call.first_token_ms!)?.first_token_ms ?? null;
}

/** How long before the end of the call that announced its node a call began. */
function leadOf({ nodes, calls, effects }: Spans, first: CallSpan): number | null {
  const by = nodes.find((node) => node.path === first.node)?.announced_by?.id;
  const effect = effects.find((candidate) => candidate.id === by);
  const announcer = effect
    ? calls.findLast((call) => call.node === effect.node && call.ended_ms <= effect.queued_ms)
    : calls.find((call) => call.id === by);
  return announcer ? announcer.ended_ms - first.started_ms! : null;
}

/** The most children of one node in one plan. */
function widestPlan(nodes: readonly NodeSpan[]): number {
  const announced = Map.groupBy(nodes, (node) => node.parent);
  let widest = 0;
  for (const { path, rounds } of nodes) {
    const joined = rounds.map((round) => round.children.length);
    const rest = (announced.get(path)?.length ?? 0) - joined.reduce((sum, n) => sum + n, 0);
    for (const width of [...joined, rest]) widest = Math.max(widest, width);
  }
  return widest;
}

function graphStatus(root: NodeSpan | null): GraphStatus {
  switch (root?.kind) {
    case "emitted":
    case "atomic":
    case "fallback":
    case "oracle":
      return root.kind;
    default:
      return "none";
  }
}

function isDegraded({ nodes, calls }: Spans, root: NodeSpan | null): boolean {
  const used = calls.filter((call) => call.used);
  const concluding = root?.truncated ? used.findLast((call) => call.node === root.path) : undefined;
  return nodes.some((node) =>
    node !== root && (node.status === "failed" || node.status === "budget")
  ) ||
    used.some((call) =>
      call.error !== null || (call.finish_reason === "length" && call !== concluding)
    );
}

function endOf({ finish_reason, error }: CallSpan): string {
  return finish_reason ?? error?.split(":")[0] ?? "unknown";
}

function earliest<T>(items: readonly T[], time: (item: T) => number): T | null {
  return items.reduce<T | null>(
    (best, item) => best === null || time(item) < time(best) ? item : best,
    null,
  );
}
