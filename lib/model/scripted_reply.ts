/**
 * What a scripted model says, and when: replies as plain data, and their plan in time.
 * Used by the scripted backend (on a clock) and by the test server (on a socket).
 * @module
 */
import type { AttemptRequest, Message, Usage } from "./types.ts";

/** What a script is asked. */
export interface ScriptedCall {
  /** The whole conversation, the turn included. */
  readonly messages: readonly Message[];
  /** Role of the call (`planner`, `worker`, …); `"unknown"` where only HTTP is seen. */
  readonly role: string;
  /** The messages that this call adds. */
  readonly turn: readonly Message[];
  /** The last user message. */
  readonly prompt: string;
  /** 0 for the first call. */
  readonly index: number;
  /** The attempt; from the test server it holds what could be read from the body. */
  readonly request: AttemptRequest;
}

/** A failure that a script asks for. */
export interface ScriptedError {
  /** As in `CallError`: `connection`, `timeout`, `http`, `cut`, … */
  readonly code: string;
  /** Default: says that a script asked for it. */
  readonly message?: string;
  /** Default `true`. */
  readonly retryable?: boolean;
  /** HTTP status. */
  readonly status?: number;
  /** Milliseconds. */
  readonly retryAfterMs?: number;
}

/** A reply in full. Whatever is absent is filled in. */
export interface ScriptedReply {
  /** What is said. Default: nothing. */
  readonly text?: string;
  /** Said before the text. */
  readonly reasoning?: string;
  /** The text in given pieces, instead of `text`; otherwise one token a piece. */
  readonly chunks?: readonly string[];
  /** Milliseconds before each piece (reasoning first), or before every piece. */
  readonly delaysMs?: readonly number[] | number;
  /** Milliseconds before the first piece. */
  readonly prefillMs?: number;
  /** Speed of the pieces where `delaysMs` is absent; default: all at once. */
  readonly tokensPerSecond?: number;
  /** Default `stop`, or `length` where the request's `maxTokens` cut the reply. */
  readonly finishReason?: string;
  /** Fails after whatever text there is; without text before the reply begins. */
  readonly error?: ScriptedError;
  /** Overrides the counts. */
  readonly usage?: Partial<Usage>;
}

/** Replies by function, or one after the other. */
export type Script =
  | ((call: ScriptedCall) => string | ScriptedReply | Promise<string | ScriptedReply>)
  | readonly (string | ScriptedReply)[];

/** Speed of replies that do not say their own. */
export interface ReplySpeed {
  /** Milliseconds before the first piece. Default 0. */
  readonly prefillMs?: number;
  /** Default: all at once. */
  readonly tokensPerSecond?: number;
}

/** One piece of a planned reply. */
export interface PlannedPiece {
  /** When it comes, in milliseconds after the request. */
  readonly atMs: number;
  readonly text: string;
  readonly field: "text" | "reasoning";
  /** Tokens of this piece. */
  readonly tokens: number;
}

/** A reply laid out in time. */
export interface PlannedReply {
  /** When the reply begins, in milliseconds after the request. */
  readonly answerMs: number;
  readonly pieces: readonly PlannedPiece[];
  readonly finishReason: string;
  readonly usage: Usage;
  readonly error: ScriptedError | null;
}

/** Cuts a text into the tokens of scripted models: a word or a part of one, with its leading blank. */
export function scriptedTokens(text: string): string[] {
  return text.match(/\s?[\p{L}\p{N}]{1,6}|\s?[^\s\p{L}\p{N}]{1,3}|\s/gu) ?? [];
}

/** Prompt tokens of a conversation as scripted models count them: four a message, and the text. */
export function scriptedPromptTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + 4 + scriptedTokens(message.content).length, 0);
}

/** Asks a script for its next reply; `undefined` when a list is used up. */
export async function askScript(
  script: Script,
  call: ScriptedCall,
): Promise<ScriptedReply | undefined> {
  const reply = typeof script === "function" ? await script(call) : script[call.index];
  return typeof reply === "string" ? { text: reply } : reply;
}

/** Lays a reply out in time, cut at the request's `maxTokens`. */
export function planReply(
  call: ScriptedCall,
  reply: ScriptedReply,
  speed: ReplySpeed,
): PlannedReply {
  const answerMs = reply.prefillMs ?? speed.prefillMs ?? 0;
  const perSecond = reply.tokensPerSecond ?? speed.tokensPerSecond ?? Infinity;
  const said: readonly { field: PlannedPiece["field"]; text: string }[] = [
    ...scriptedTokens(reply.reasoning ?? "").map((text) => ({ field: "reasoning" as const, text })),
    ...(reply.chunks ?? scriptedTokens(reply.text ?? "")).map((text) => ({
      field: "text" as const,
      text,
    })),
  ];
  const pieces: PlannedPiece[] = [];
  let left = call.request.maxTokens;
  let atMs = answerMs;
  let reasoningTokens = 0;
  let cut = false;
  for (const [i, { field, text }] of said.entries()) {
    const tokens = scriptedTokens(text);
    if (tokens.length > left) cut = true;
    const kept = Math.min(tokens.length, left);
    if (cut && kept === 0) break;
    atMs += delayOf(reply.delaysMs, i) ?? (kept * 1000) / perSecond;
    pieces.push({ atMs, field, tokens: kept, text: cut ? tokens.slice(0, kept).join("") : text });
    if (field === "reasoning") reasoningTokens += kept;
    left -= kept;
    if (cut) break;
  }
  const prompt = scriptedPromptTokens(call.messages);
  const completion = call.request.maxTokens - left;
  return {
    answerMs,
    pieces,
    finishReason: cut ? "length" : reply.finishReason ?? "stop",
    usage: {
      prompt_tokens: prompt,
      completion_tokens: completion,
      reasoning_tokens: reasoningTokens,
      cached_tokens: null,
      total_tokens: prompt + completion,
      ...reply.usage,
    },
    error: reply.error ?? null,
  };
}

function delayOf(delays: ScriptedReply["delaysMs"], index: number): number | undefined {
  return typeof delays === "object" ? delays[index] ?? 0 : delays;
}
