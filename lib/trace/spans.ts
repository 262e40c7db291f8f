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
  /** When the node began to wait. */
  readonly awaited_ms: number;
  /** When it went on; `null` if it never did. */
  readonly resumed_ms: number | null;
}

/** One node. */
export interface NodeSpan {
  /** Such as `root.case_a`. */
  readonly path: string;
  /** Path of the parent; `null` for the root. */
  readonly parent: string | null;
  /** Text hash. */
  readonly task: string;
  /** 0 for the root. */
  readonly depth: number;
  /** Paths; dropped dependencies are not among them. */
  readonly depends_on: readonly string[];
  /** The call or effect whose output announced it, and when; `null` if none did. */
  readonly announced_by: { readonly id: string; readonly at_ms: number } | null;
  /** What it turned out to be. */
  readonly kind: NodeKind;
  /** How it ended. */
  readonly status: NodeStatus;
  /** When it was announced. */
  readonly created_ms: number;
  /** When its dependencies were concluded. */
  readonly ready_ms: number | null;
  /** When its strategy began. */
  readonly started_ms: number | null;
  /** When nothing of it ran any more. */
  readonly ended_ms: number;
  /** Its joins, in order. */
  readonly rounds: readonly Round[];
  /** What made the conclusion: `direct`, `worker`, a recombiner, `reduce:sum`, … */
  readonly concluded_by: string | null;
  /** The concluding call ended by `length`. */
  readonly truncated: boolean;
  /** Why it did not end `ok`. */
  readonly reason: string | null;
  /** Text hash. */
  readonly conclusion: string | null;
}

/** One event of a call's text. */
export interface CallLine {
  /** When the line was complete. */
  readonly at_ms: number;
  /** Completion tokens by then. */
  readonly at_token: number;
  /** How far it was understood. */
  readonly kind: LineKind;
  /** `child`, `await`, `atomic`, `done`, where known. */
  readonly event: string | null;
  /** Id of the child, where known. */
  readonly id: string | null;
  /** Names of the repairs. */
  readonly repairs: readonly string[];
  /** Why it was ignored or rejected. */
  readonly reason: string | null;
}

/** One attempt of a model call. */
export interface CallSpan {
  /** Id of the attempt. */
  readonly id: string;
  /** Path of its node. */
  readonly node: string;
  /** `planner`, `worker`, `direct`, … */
  readonly role: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** The server began to reply with success. */
  readonly answered: boolean;
  /** Whether its text went into the node's conversation. */
  readonly used: boolean;
  /** Base URL of the server. */
  readonly replica: string | null;
  /** The model that answered. */
  readonly model: string | null;
  /** The adapter. */
  readonly lora: string | null;
  /** When it was ready to go. */
  readonly queued_ms: number;
  /** When it was sent; `null` if it never was. */
  readonly started_ms: number | null;
  /** When the first token came. */
  readonly first_token_ms: number | null;
  /** Its last byte, or its error. */
  readonly ended_ms: number;
  /** As the server names it. */
  readonly finish_reason: string | null;
  /** `code: message` of a failed attempt. */
  readonly error: string | null;
  /** Its tokens, where known. */
  readonly usage: TraceUsage | null;
  /** Who counted them. */
  readonly usage_source: "api" | "engine" | "estimated";
  /** As asked for. */
  readonly thinking: "on" | "off" | number | null;
  /** Most tokens of the reply, as asked for. */
  readonly max_tokens: number;
  /** Hash of `messages`. */
  readonly prompt_hash: string;
  /** The whole conversation that was sent, texts by hash. */
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  /** Text hashes; `null` where there was none. */
  readonly output: string | null;
  /** Text hash; `null` where there was none. */
  readonly reasoning: string | null;
  /** What the lines of its text turned out to be. */
  readonly events: readonly CallLine[];
}

/** One effect: a REPL cell, a checker, a retrieval. */
export interface EffectSpan {
  /** Id of the effect. */
  readonly id: string;
  /** Path of its node. */
  readonly node: string;
  /** `cell`, `checker`, … */
  readonly kind: string;
  /** When it was asked for. */
  readonly queued_ms: number;
  /** When it began. */
  readonly started_ms: number | null;
  /** When it ended. */
  readonly ended_ms: number;
  /** When it waited for nodes. */
  readonly waits: readonly {
    readonly nodes: readonly string[];
    readonly from_ms: number;
    readonly to_ms: number;
  }[];
  /** Text hashes. */
  readonly input: string | null;
  /** Text hash. */
  readonly output: string | null;
  /** The message of a failure. */
  readonly error: string | null;
}

/** All spans of one task's run. */
export interface Spans {
  /** In the order in which they were announced. */
  readonly nodes: readonly NodeSpan[];
  /** In the order in which they were queued. */
  readonly calls: readonly CallSpan[];
  /** In the order in which they were queued. */
  readonly effects: readonly EffectSpan[];
}

/** Spans with the texts that they name. */
export interface FoldedTrace extends Spans {
  /** Texts by hash, as far as they are kept. */
  readonly texts: Readonly<Record<string, string>>;
  /** Numbers that strategies noted, summed by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Reasons of dropped dependencies, counted. */
  readonly drops: Readonly<Record<string, number>>;
}

/** Times and shape of a run, computed from its spans alone (definitions: docs/records.md). */
export interface Measures {
  /** End of the root. */
  readonly latency_ms: number;
  /** Of the root's first call. */
  readonly time_to_first_token_ms: number | null;
  /** Start of the first call in any child. */
  readonly time_to_first_child_ms: number | null;
  /** End of the call that announced that child, minus its start. */
  readonly first_child_lead_ms: number | null;
  /** Time between being ready and being sent, summed over attempts. */
  readonly queue_ms: number;
  /** Length of answered calls, summed. */
  readonly work_ms: number;
  /** The longest path through what depended on what. */
  readonly critical_path_ms: number;
  /** `work_ms` over the measure of all calls. */
  readonly parallelism: number | null;
  /** Time in which a node and a proper descendant were both in a call. */
  readonly overlap_ms: number;
  /** Time in which two nodes, neither above the other, were both in a call. */
  readonly sibling_overlap_ms: number;
  /** `overlap_ms / latency_ms`. */
  readonly overlap_fraction: number;
  /** Where the latency went. */
  readonly blame: Blame;
  /** Depth of the deepest node. */
  readonly max_depth: number;
  /** Most children of one node in one plan. */
  readonly max_sibling_width: number;
  /** All nodes. */
  readonly node_count: number;
  /** Nodes that have a parent. */
  readonly child_count: number;
}

/** What became of the root's plan. */
export type GraphStatus = "none" | "emitted" | "atomic" | "fallback" | "oracle";

/** Work of one replica within one run. */
export interface ReplicaShare {
  /** Its base URL. */
  readonly replica: string;
  /** Answered attempts. */
  readonly calls: number;
  /** Measure of its call intervals. */
  readonly busy_ms: number;
  /** Time that its calls waited before they were sent, summed. */
  readonly queue_ms: number;
  /** Prompt and completion tokens. */
  readonly tokens: number;
}

/** Where the latency went; the pieces sum to it. */
export interface Blame {
  /** Waiting for a slot. */
  readonly queue: number;
  /** Request to first token. */
  readonly prefill: number;
  /** First token to last byte. */
  readonly decode: number;
  /** First token to the line that announced a child. */
  readonly announce: number;
  /** Cells, checkers, retrievals. */
  readonly effect: number;
  /** Failed attempts and back-off. */
  readonly retry: number;
  /** The rest: this toolkit's own time. */
  readonly runtime: number;
}
