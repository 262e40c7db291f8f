/**
 * The spans of a run: what the events fold into, and what rows carry. Texts are named by hash.
 * @module
 */
import type { LineKind, NodeStatus, TraceUsage } from "./events.ts";

/**
 * What a node turned out to be: `direct` (the direct prompt), `worker`, `emitted` (a plan of its
 * own), `atomic` (a plan that answered at once), `fallback` (no usable plan, answered directly),
 * `oracle` (a given plan), `other`.
 */
export type NodeKind = "direct" | "worker" | "emitted" | "atomic" | "fallback" | "oracle" | "other";

/** One plan-and-await round of a node. */
export interface Round {
  /** Paths announced in this round. */
  readonly children: readonly string[];
  /** Paths whose conclusions the node resumed with. */
  readonly joined: readonly string[];
  /** Text hash. */
  readonly rule: string | null;
  readonly awaited_ms: number;
  readonly resumed_ms: number | null;
}

/** One node. */
export interface NodeSpan {
  readonly path: string;
  readonly parent: string | null;
  /** Text hash. */
  readonly task: string;
  readonly depth: number;
  /** Paths; dropped dependencies are not among them. */
  readonly depends_on: readonly string[];
  readonly announced_by: { readonly id: string; readonly at_ms: number } | null;
  readonly kind: NodeKind;
  readonly status: NodeStatus;
  readonly created_ms: number;
  readonly ready_ms: number | null;
  readonly started_ms: number | null;
  readonly ended_ms: number;
  readonly rounds: readonly Round[];
  readonly concluded_by: string | null;
  readonly truncated: boolean;
  readonly reason: string | null;
  /** Text hash. */
  readonly conclusion: string | null;
}

/** One event of a call's text. */
export interface CallLine {
  readonly at_ms: number;
  readonly at_token: number;
  readonly kind: LineKind;
  readonly event: string | null;
  readonly id: string | null;
  readonly repairs: readonly string[];
  readonly reason: string | null;
}

/** One attempt of a model call. */
export interface CallSpan {
  readonly id: string;
  readonly node: string;
  readonly role: string;
  readonly attempt: number;
  /** The server began to reply with success. */
  readonly answered: boolean;
  readonly used: boolean;
  readonly replica: string | null;
  readonly model: string | null;
  readonly lora: string | null;
  readonly queued_ms: number;
  readonly started_ms: number | null;
  readonly first_token_ms: number | null;
  readonly ended_ms: number;
  readonly finish_reason: string | null;
  readonly error: string | null;
  readonly usage: TraceUsage | null;
  readonly usage_source: "api" | "engine" | "estimated";
  readonly thinking: "on" | "off" | number | null;
  readonly max_tokens: number;
  readonly prompt_hash: string;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  /** Text hashes; `null` where there was none. */
  readonly output: string | null;
  readonly reasoning: string | null;
  readonly events: readonly CallLine[];
}

/** One effect: a REPL cell, a checker, a retrieval. */
export interface EffectSpan {
  readonly id: string;
  readonly node: string;
  readonly kind: string;
  readonly queued_ms: number;
  readonly started_ms: number | null;
  readonly ended_ms: number;
  /** When it waited for nodes. */
  readonly waits: readonly {
    readonly nodes: readonly string[];
    readonly from_ms: number;
    readonly to_ms: number;
  }[];
  /** Text hashes. */
  readonly input: string | null;
  readonly output: string | null;
  readonly error: string | null;
}

/** All spans of one task's run. */
export interface Spans {
  readonly nodes: readonly NodeSpan[];
  readonly calls: readonly CallSpan[];
  readonly effects: readonly EffectSpan[];
}

/** Spans with the texts that they name. */
export interface FoldedTrace extends Spans {
  readonly texts: Readonly<Record<string, string>>;
  /** Numbers that strategies noted, summed by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Reasons of dropped dependencies, counted. */
  readonly drops: Readonly<Record<string, number>>;
}

/** Times and shape of a run, computed from its spans alone (definitions: docs/records.md). */
export interface Measures {
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
  readonly max_depth: number;
  readonly max_sibling_width: number;
  readonly node_count: number;
  readonly child_count: number;
}

/** What became of the root's plan. */
export type GraphStatus = "none" | "emitted" | "atomic" | "fallback" | "oracle";

/** Work of one replica within one run. */
export interface ReplicaShare {
  readonly replica: string;
  /** Answered attempts. */
  readonly calls: number;
  /** Measure of its call intervals. */
  readonly busy_ms: number;
  readonly queue_ms: number;
  readonly tokens: number;
}

/** Where the latency went; the pieces sum to it. */
export interface Blame {
  readonly queue: number;
  readonly prefill: number;
  readonly decode: number;
  readonly announce: number;
  readonly effect: number;
  readonly retry: number;
  readonly runtime: number;
}
