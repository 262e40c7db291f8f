/**
 * A row: one task under one mode, self-contained. Persisted as it is typed (snake_case).
 * @module
 */
import type { RowMeasures } from "../trace/measures.ts";
import type { CallSpan, EffectSpan, NodeSpan } from "../trace/spans.ts";

export type { GraphStatus, ReplicaShare } from "../trace/spans.ts";

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

/**
 * One task under one mode. Absent is `null`; a number is never invented. Times, shape, tokens and
 * replicas are those of {@linkcode RowMeasures}: they follow from the spans.
 */
export interface Row extends RowMeasures {
  /** Version of this shape; readers refuse any other. */
  readonly schema: "rrm.row/1";
  // identity
  /** The bench process that wrote the row; a resume makes a new one. */
  readonly run_id: string;
  /** Hash of the task's content, mode, repeat and `config_hash`: what a resume goes by. */
  readonly row_id: string;
  /** The task's `id` in its file. */
  readonly task_id: string;
  /** Name of the mode, such as `direct` or `streaming_parallel`. */
  readonly mode: string;
  /** Options given to the mode; empty without any. */
  readonly mode_options: Readonly<Record<string, unknown>>;
  /** Which repeat of the task, from 0. */
  readonly repeat: number;
  /** Seed of this repeat's sampling; `null` where none was set. */
  readonly seed: number | null;
  /** Kind of backend: `llama`, `vllm`, `chat`, `simulated`, `scripted`, … */
  readonly backend: string;
  /** The model's name, as its backend tells it. */
  readonly model: string;
  /** Servers that the run could use; empty for a model without a server. */
  readonly base_urls: readonly string[];
  /** Name of the prompt style. */
  readonly prompt_style: string;
  /** How children's conclusions became their parent's. */
  readonly recombiner: string;
  /** Hash of `config`; with `mode` it names the row's arm. */
  readonly config_hash: string;
  /** The settings behind `config_hash`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** UTC, ISO 8601. */
  readonly started_at: string;
  /** From the run's start to the task's, which is zero for all other times of the row. */
  readonly bench_offset_ms: number;
  /** Version of this toolkit that wrote the row. */
  readonly tool_version: string;
  // outcome
  /** How the task ended. `error`: the root failed. `budget`: stopped by a budget or the task's timeout. */
  readonly status: "ok" | "error" | "cancelled" | "budget";
  /** The answer found, normalised for show; `null` if none was found. */
  readonly answer: string | null;
  /** Which grading rule found it, such as `boxed`; `null` if none did. */
  readonly answer_rule: string | null;
  /** The answer in the task file, as it stands there; `null` where it has none. */
  readonly expected: unknown;
  /** `null` where nothing is expected, or the task was cancelled or out of budget. */
  readonly correct: boolean | null;
  /** 0–1 for tasks with graded scores, else `null`. */
  readonly score: number | null;
  /** Failed nodes, each as `path: reason`. */
  readonly errors: readonly string[];
  /** Numbers that the strategy noted, by name. */
  readonly metrics: Readonly<Record<string, number>>;
  // time
  /** What the times are: wall time of a real model (`api`), or not. Never mix them. */
  readonly timing: "api" | "simulated" | "replayed";
  // model
  /** Dollars of the answered attempts; `null` where no prices were given. */
  readonly cost_usd: number | null;
  // prompt
  /** First 200 characters of what the root was asked; `null` where texts were not kept. */
  readonly prompt_preview: string | null;
  // trust
  /** As far as this row tells alone: `analyze` pairs it with its direct row. */
  readonly trust_label: TrustLabel;
  /** Every condition of a headline that failed, as labels. */
  readonly trust_reasons: readonly string[];
  // texts
  /** Every text once, by hash; cut or empty as `--trace-text` says. */
  readonly texts: Readonly<Record<string, string>>;
  /**
   * The task's context, named but not copied (length in characters, path of its file if it had
   * one); `null` without one.
   */
  readonly context:
    | { readonly hash: string; readonly length: number; readonly path: string | null }
    | null;
  // spans
  /** Nodes in the order announced; their texts are hashes into `texts`. */
  readonly nodes: readonly NodeSpan[];
  /** Attempts in the order queued; their texts are hashes into `texts`. */
  readonly calls: readonly CallSpan[];
  /** Cells, checkers and retrievals in the order queued. */
  readonly effects: readonly EffectSpan[];
}
