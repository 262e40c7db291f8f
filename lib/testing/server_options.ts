/**
 * What a test server is told, and what it tells.
 * @module
 */
import type { ScriptedCall } from "../model/scripted_reply.ts";
import type { ReplySpeed, Script } from "../model/scripted_reply.ts";

/** How the deltas of a stream look: servers differ, and one server's versions too. */
export interface DeltaShape {
  /** The field that thinking comes in. */
  readonly reasoningField: "reasoning" | "reasoning_content" | "both";
  /** An opening chunk with the role and no text. */
  readonly roleChunk: boolean;
  /** Tokens that share a delta. */
  readonly tokensPerDelta: number;
  /** An empty delta after each. */
  readonly emptyDeltas: boolean;
  /** The chunk with the finish reason carries the last text. */
  readonly textInFinish: boolean;
  /** `completion_tokens_details` and the like. */
  readonly usageDetails: "full" | "null" | "absent";
}

/** Shapes by name: `current` is vLLM 0.32's. */
export const deltaShapes: Readonly<Record<"current" | "transition" | "older", DeltaShape>> = {
  current: {
    reasoningField: "reasoning",
    roleChunk: true,
    tokensPerDelta: 1,
    emptyDeltas: false,
    textInFinish: false,
    usageDetails: "full",
  },
  transition: {
    reasoningField: "both",
    roleChunk: true,
    tokensPerDelta: 1,
    emptyDeltas: true,
    textInFinish: true,
    usageDetails: "null",
  },
  older: {
    reasoningField: "reasoning_content",
    roleChunk: true,
    tokensPerDelta: 1,
    emptyDeltas: false,
    textInFinish: false,
    usageDetails: "absent",
  },
};

/** Something that goes wrong with one request. Chunks are counted from 0, the role chunk included. */
export type Fault =
  /** Refused with an HTTP status. */
  | {
    readonly kind: "status";
    readonly status: number;
    /** `Retry-After`, as sent: seconds or a date. */
    readonly retryAfter?: string;
    /** Default: the shape that vLLM uses. */
    readonly body?: string | Readonly<Record<string, unknown>>;
  }
  /** No byte is ever sent. */
  | { readonly kind: "hang" }
  /** The connection is closed in the middle of a stream, before a chunk or after so many bytes. */
  | { readonly kind: "cut"; readonly beforeChunk?: number; readonly afterBytes?: number }
  /** Nothing more comes, and the connection stays open. */
  | { readonly kind: "stall"; readonly beforeChunk: number }
  /** A chunk that is no JSON. */
  | { readonly kind: "malformed"; readonly beforeChunk: number }
  /** An error object inside the stream, then `[DONE]`. */
  | {
    readonly kind: "stream-error";
    readonly beforeChunk: number;
    /** Default: `{message, type, param, code: 500}`. */
    readonly error?: string | Readonly<Record<string, unknown>>;
  }
  /** The reply ends with `finish_reason: "abort"`, as of a server that is shut down. */
  | { readonly kind: "abort"; readonly beforeChunk: number };

/** A request as it arrived. */
export interface ReceivedRequest {
  /** Without the query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Parsed JSON; `undefined` without a body. */
  readonly body: unknown;
}

/** Options of `startTestServer`. */
export interface TestServerOptions extends ReplySpeed {
  /** What the model says. Default: a fixed sentence. */
  readonly script?: Script;
  /** Default 0: any free one. */
  readonly port?: number;
  /** Default `"scripted"`. */
  readonly model?: string;
  /** Default `"vllm"`: clients then use what only vLLM understands. */
  readonly ownedBy?: string;
  /** Longest prompt and reply together, in tokens. Default 32768. */
  readonly maxModelLen?: number;
  /** The key that requests must carry. Default: none. */
  readonly apiKey?: string;
  /** Default: `deltaShapes.current`. */
  readonly shape?: DeltaShape;
  /** What goes wrong with a call; `null` for nothing. */
  readonly fault?: (call: ScriptedCall) => Fault | null;
  /** Hides that no real model replies. Only for tests of what treats real ones differently. */
  readonly claimReal?: boolean;
  /** Told of every request, before it is answered. */
  readonly onRequest?: (request: ReceivedRequest) => void;
}

/** Counts of a test server. */
export interface TestServerStats {
  /** Chat completions asked for. */
  readonly requests: number;
  /** Requests being answered now. */
  readonly inFlight: number;
  /** The most that were answered at once. */
  readonly maxInFlight: number;
  /** Replies sent whole. */
  readonly completed: number;
  /** Connections that the client closed before its reply was whole. */
  readonly aborted: number;
  /** Prompt tokens of accepted requests, as `scriptedPromptTokens` counts them. */
  readonly promptTokens: number;
  /** Tokens sent. */
  readonly completionTokens: number;
}

/** A running test server. */
export interface TestServer extends AsyncDisposable {
  /** What a client is given, e.g. `http://127.0.0.1:40123/v1`. */
  readonly baseUrl: string;
  /** The port that it listens on. */
  readonly port: number;
  /** A snapshot of the counts. */
  stats(): TestServerStats;
  /** Closes it, and every connection. */
  close(): Promise<void>;
}
