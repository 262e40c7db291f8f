/**
 * Everything that happens in a run, as an append-only list. Events are persisted as they are.
 * @module
 */

/** Tokens of a call; what is unknown is `null`. */
export interface TraceUsage {
  /** Tokens read. */
  readonly prompt_tokens: number | null;
  /** Tokens written, thinking included. */
  readonly completion_tokens: number | null;
  /** Tokens of thinking. */
  readonly reasoning_tokens: number | null;
  /** Prompt tokens found in a cache. */
  readonly cached_tokens: number | null;
  /** Prompt and completion tokens. */
  readonly total_tokens: number | null;
}

/** A message as it was sent. */
export interface TraceMessage {
  /** Who speaks. */
  readonly role: "system" | "user" | "assistant";
  /** The text. */
  readonly content: string;
}

/** How a node ended. */
export type NodeStatus = "ok" | "failed" | "cancelled" | "budget";

/** How far a line of a plan was understood. */
export type LineKind = "event" | "repaired" | "ignored" | "rejected";

/** What happened, without its time. `node` is a path such as `root.case_a`. */
export type TraceEventBody =
  | {
    readonly type: "node-create";
    readonly node: string;
    readonly parent: string | null;
    readonly task: string;
    readonly depth: number;
    /** Paths of siblings. */
    readonly depends_on: readonly string[];
    /** The call or effect whose output announced the node. */
    readonly announced_by: { readonly id: string; readonly at_ms: number } | null;
  }
  | { readonly type: "node-ready"; readonly node: string }
  | { readonly type: "node-start"; readonly node: string }
  | {
    readonly type: "node-end";
    readonly node: string;
    readonly status: NodeStatus;
    readonly conclusion: string | null;
    /** `direct`, `worker`, `atomic`, a recombiner, `reduce:sum`, … */
    readonly concluded_by: string | null;
    /** The concluding call ended by `length`. */
    readonly truncated: boolean;
    readonly reason: string | null;
  }
  | {
    readonly type: "dependency-drop";
    readonly node: string;
    /** The name that was dropped. */
    readonly depends_on: string;
    readonly reason: "self" | "cycle" | "unknown";
  }
  | { readonly type: "plan-seal"; readonly node: string }
  | {
    readonly type: "join-start";
    readonly node: string;
    readonly children: readonly string[];
    readonly rule: string | null;
  }
  | { readonly type: "join-end"; readonly node: string; readonly children: readonly string[] }
  | {
    readonly type: "call-queue";
    readonly call: string;
    readonly node: string;
    readonly role: string;
    /** 1 for the first try. */
    readonly attempt: number;
    /** The whole conversation that is sent. */
    readonly messages: readonly TraceMessage[];
    readonly thinking: "on" | "off" | number | null;
    readonly max_tokens: number;
  }
  | {
    readonly type: "call-start";
    readonly call: string;
    readonly replica: string;
    readonly model: string;
    readonly lora: string | null;
  }
  | { readonly type: "call-answer"; readonly call: string }
  | { readonly type: "call-first-token"; readonly call: string }
  | {
    readonly type: "call-line";
    readonly call: string;
    readonly at_token: number;
    readonly kind: LineKind;
    /** `child`, `await`, `atomic`, `done`, where known. */
    readonly event: string | null;
    readonly id: string | null;
    readonly repairs: readonly string[];
    readonly reason: string | null;
  }
  | {
    readonly type: "call-end";
    readonly call: string;
    readonly finish_reason: string | null;
    /** `code: message` of a failed attempt. */
    readonly error: string | null;
    readonly usage: TraceUsage | null;
    readonly usage_source: "api" | "engine" | "estimated";
    readonly output: string;
    readonly reasoning: string;
    /** Whether the text went into the node's conversation. */
    readonly used: boolean;
  }
  | {
    readonly type: "effect-queue";
    readonly effect: string;
    readonly node: string;
    readonly kind: string;
    readonly input: string;
  }
  | { readonly type: "effect-start"; readonly effect: string }
  | {
    readonly type: "effect-end";
    readonly effect: string;
    readonly output: string | null;
    readonly error: string | null;
  }
  | {
    readonly type: "note";
    readonly node: string;
    /** The kernel's fold knows `kind` (a {@linkcode NodeKind}) and `metrics` (numbers by name). */
    readonly kind: string;
    readonly data: unknown;
  };

/** One thing that happened, in milliseconds since its task's start. */
export type TraceEvent = TraceEventBody & { readonly at_ms: number };
