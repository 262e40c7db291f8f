/**
 * A row: one task under one mode, self-contained. Persisted as it is typed (snake_case).
 * @module
 */
import type { Blame, CallSpan, EffectSpan, NodeSpan } from "../trace/spans.ts";
import type { TraceUsage } from "../trace/events.ts";

/** How sure one can be of a row; the meanings are in docs/records.md. */
export type TrustLabel =
  | "headline"
  | "headline_candidate"
  | "error"
  | "incomplete"
  | "direct"
  | "other_mode"
  | "simulated_timing"
  | "replayed_timing"
  | "oracle_graph"
  | "fallback"
  | "direct_style_control"
  | "ungraded"
  | "truncated"
  | "degraded"
  | "wrong_answer"
  | "no_overlap"
  | "no_direct_pair"
  | "direct_wrong";

/** What became of the root's plan. */
export type GraphStatus = "none" | "emitted" | "atomic" | "fallback" | "oracle";

/** Work of one replica within one row. */
export interface ReplicaShare {
  readonly replica: string;
  readonly calls: number;
  /** Measure of its call intervals. */
  readonly busy_ms: number;
  readonly queue_ms: number;
  readonly tokens: number;
}

/** One task under one mode. Absent is `null`; a number is never invented. */
export interface Row {
  readonly schema: "rrm.row/1";
  // identity
  readonly run_id: string;
  readonly row_id: string;
  readonly task_id: string;
  readonly mode: string;
  readonly mode_options: Readonly<Record<string, unknown>>;
  readonly repeat: number;
  readonly seed: number | null;
  readonly backend: string;
  readonly model: string;
  readonly base_urls: readonly string[];
  readonly prompt_style: string;
  readonly recombiner: string;
  readonly config_hash: string;
  /** The settings behind `config_hash`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** UTC, ISO 8601. */
  readonly started_at: string;
  readonly bench_offset_ms: number;
  readonly tool_version: string;
  // outcome
  readonly status: "ok" | "error" | "cancelled" | "budget";
  readonly answer: string | null;
  readonly answer_rule: string | null;
  readonly expected: unknown;
  readonly correct: boolean | null;
  readonly score: number | null;
  readonly truncated: boolean;
  readonly degraded: boolean;
  readonly errors: readonly string[];
  readonly metrics: Readonly<Record<string, number>>;
  // time
  readonly timing: "api" | "simulated" | "replayed";
  readonly latency_ms: number;
  readonly time_to_first_token_ms: number | null;
  readonly time_to_first_child_ms: number | null;
  readonly first_child_lead_ms: number | null;
  readonly queue_ms: number;
  readonly work_ms: number;
  readonly critical_path_ms: number;
  readonly parallelism: number | null;
  readonly overlap_ms: number;
  readonly sibling_overlap_ms: number;
  readonly overlap_fraction: number;
  readonly blame: Blame;
  // graph
  readonly graph_status: GraphStatus;
  readonly max_depth: number;
  readonly max_sibling_width: number;
  readonly node_count: number;
  readonly child_count: number;
  readonly events: {
    readonly accepted: number;
    readonly repaired: number;
    readonly ignored: number;
    readonly rejected: number;
  };
  /** Repairs and reasons by name, counted. */
  readonly event_reasons: Readonly<Record<string, number>>;
  // model
  readonly model_calls: number;
  readonly attempts: number;
  readonly calls_by_role: Readonly<Record<string, number>>;
  readonly finish_reasons: Readonly<Record<string, number>>;
  readonly usage: TraceUsage;
  readonly usage_source: "api" | "engine" | "estimated" | "mixed" | null;
  readonly wasted_tokens: number;
  readonly cost_usd: number | null;
  // prompt
  readonly prompt_hash: string | null;
  readonly prompt_preview: string | null;
  // replicas
  readonly replicas: readonly ReplicaShare[];
  // trust
  readonly trust_label: TrustLabel;
  readonly trust_reasons: readonly string[];
  // texts
  readonly texts: Readonly<Record<string, string>>;
  readonly context:
    | { readonly hash: string; readonly length: number; readonly path: string | null }
    | null;
  // spans
  readonly nodes: readonly NodeSpan[];
  readonly calls: readonly CallSpan[];
  readonly effects: readonly EffectSpan[];
}
