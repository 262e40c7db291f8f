/**
 * What a model looks like to the kernel: a backend opens sessions, a session streams replies.
 * @module
 */

/** One message of a conversation. */
export interface Message {
  /** Who speaks: the instructions, the one who asks, or the model. */
  readonly role: "system" | "user" | "assistant";
  /** What is said, without any template around it. */
  readonly content: string;
}

/** `"on"`, `"off"`, or a budget in tokens. `null` leaves it to the server. */
export type Thinking = "on" | "off" | number | null;

/** Restricts what the model may write. Backends that cannot do it ignore it and say so in `info`. */
export type Constraint =
  | { readonly kind: "grammar"; readonly grammar: string }
  | { readonly kind: "json-schema"; readonly schema: Readonly<Record<string, unknown>> };

/** Token counts of one call; what is unknown is `null`. */
export interface Usage {
  /** Tokens read, those from a cache included. */
  readonly prompt_tokens: number | null;
  /** Tokens written, thinking included. */
  readonly completion_tokens: number | null;
  /** The part of `completion_tokens` that was thinking. */
  readonly reasoning_tokens: number | null;
  /** The part of `prompt_tokens` that a prefix cache held. */
  readonly cached_tokens: number | null;
  /** Prompt and completion tokens together. */
  readonly total_tokens: number | null;
}

/** Where token counts come from. */
export type UsageSource = "api" | "engine" | "estimated";

/** `api`: wall time of a real model; never mixed with the others in one statistic. */
export type Timing = "api" | "simulated" | "replayed";

/** Sampling and limits of one attempt. */
export interface CallSettings {
  /** Role of the call (`direct`, `planner`, `worker`, `continuation`, …): picks the adapter. */
  readonly role: string;
  /** Most tokens of the reply, thinking included. */
  readonly maxTokens: number;
  /** Whether, or for how many tokens, the model thinks before it replies. */
  readonly thinking: Thinking;
  /** Sampling temperature; `null` leaves it to the server. */
  readonly temperature: number | null;
  /** Nucleus of sampling, above 0 and at most 1; `null` leaves it to the server. */
  readonly topP: number | null;
  /** Seed of sampling; `null` leaves it to the server. */
  readonly seed: number | null;
  /** What the reply must look like; `null` is free text. */
  readonly constraint: Constraint | null;
  /** Texts that end the reply. */
  readonly stop: readonly string[];
}

/** One attempt to get a reply. */
export interface AttemptRequest extends CallSettings {
  /** Id of the attempt in the trace. */
  readonly call: string;
  /** Messages to append to the conversation before the reply. */
  readonly turn: readonly Message[];
  /** Replicas that failed this call before: another one is tried first. */
  readonly avoid: readonly string[];
  /** Ends the attempt: its stream then throws. */
  readonly signal: AbortSignal;
}

/** What an attempt yields, in this order; it ends with `finish` or throws a `CallError`. */
export type ModelEvent =
  /** The request is on the wire (the queue before it is over). */
  | {
    readonly type: "sent";
    readonly replica: string;
    readonly model: string;
    readonly lora: string | null;
  }
  /** The server began to reply with success. */
  | { readonly type: "answered" }
  | {
    readonly type: "delta";
    readonly text?: string;
    readonly reasoning?: string;
    /** Completion tokens so far, thinking included, where the server tells. */
    readonly completionTokens?: number;
    /** Prompt tokens where the server tells them early. */
    readonly promptTokens?: number;
  }
  | {
    readonly type: "finish";
    /** `stop`, `length`, … as the server names it. */
    readonly finishReason: string;
    readonly usage: Usage;
    readonly usageSource: UsageSource;
  };

/**
 * One conversation of a node with a model: it survives an `await`.
 * A failed attempt leaves the conversation as it was before the turn.
 */
export interface Session extends AsyncDisposable {
  /** The conversation so far. */
  readonly messages: readonly Message[];
  /** Streams a reply to `turn`. When it ends with `finish`, turn and reply join the conversation. */
  generate(request: AttemptRequest): AsyncIterable<ModelEvent>;
  /** Takes a turn and a reply that was cut into the conversation. */
  adopt(turn: readonly Message[], reply: string): void;
  /** A second conversation that shares this one's past. */
  fork(): Session;
  /** Frees what the conversation holds (a KV sequence); later calls on it fail. */
  close(): Promise<void>;
}

/** What is known about the model behind a backend. */
export interface BackendInfo {
  /** `llama`, `chat`, `scripted`, … */
  readonly kind: string;
  /** The model as rows name it: a server's id for it, or the name of its weights. */
  readonly model: string;
  /** Servers behind it, one a replica; empty for a model of this process or computer. */
  readonly baseUrls: readonly string[];
  /** What the clock measures with it. */
  readonly timing: Timing;
  /** Longest prompt and reply together, in tokens, if known. */
  readonly contextWindow: number | null;
  /** Which constraints it honours. */
  readonly constraints: readonly Constraint["kind"][];
  /** Adapter by role, named as rows name it. */
  readonly lora: Readonly<Record<string, string>>;
}

/** Opens conversations on one model. */
export interface Backend extends AsyncDisposable {
  /** Known from the start: nothing is called for it. */
  readonly info: BackendInfo;
  /** Begins an empty conversation. The kernel closes it with its node. */
  open(): Session;
  /** Exact prompt tokens, where a tokenizer is at hand. */
  countTokens?(messages: readonly Message[], signal: AbortSignal): Promise<number>;
}

/**
 * A model that keeps no state between calls: every request carries the whole conversation.
 * `transcriptBackend` turns one into a {@linkcode Backend}; a pool is one made of several.
 */
export interface Completer extends AsyncDisposable {
  /** Known from the start: nothing is called for it. */
  readonly info: BackendInfo;
  /** Streams a reply to `messages`, which hold the request's `turn` already. */
  complete(messages: readonly Message[], request: AttemptRequest): AsyncIterable<ModelEvent>;
  /** Exact prompt tokens, where a tokenizer is at hand. */
  countTokens?(messages: readonly Message[], signal: AbortSignal): Promise<number>;
}
