/**
 * Prompts and windows: what fits, by estimate before a call and by the server's word after it.
 * @module
 */
import { Buffer } from "node:buffer";
import type { Message } from "../types.ts";

/** What a server said about a request that does not fit its window; `null` is unsaid. */
export interface Overflow {
  /** Tokens of prompt and reply together. */
  readonly window: number | null;
  /** Tokens of the prompt. */
  readonly prompt: number | null;
}

/**
 * Reads a refusal. vLLM and others say one of (numbers differ):
 * - maximum context length is 4096 tokens … requested 5000 tokens (3000 in the messages, 2000 in
 *   the completion);
 * - maximum context length is 4096 tokens … your request has 3000 input tokens;
 * - maximum context length is 4096 tokens … your prompt contains at least 3000 input tokens (it
 *   stopped counting there, so the prompt is not known);
 * - … your prompt contains 30108 characters (nor here);
 * - max_tokens=100000 cannot be greater than max_model_len=2048.
 *
 * @returns `null` where the message is about something else.
 */
export function readOverflow(message: string, code: string | undefined): Overflow | null {
  const about = /context (?:length|window|size)|max_model_len|maximum (?:model )?length/i;
  if (code !== "context_length_exceeded" && !about.test(message)) return null;
  return {
    window: firstNumber(message, [
      /context (?:length|window|size)[^\d.]*?(\d+)/i,
      /max_model_len\D{0,4}(\d+)/i,
    ]),
    prompt: firstNumber(message, [
      /(\d+) (?:tokens )?in (?:the|your) (?:messages|prompt)/i,
      /(?:has|contains|resulted in) (\d+) (?:input )?tokens/i,
    ]),
  };
}

/** A rough count of a conversation's tokens, rather too high for prose: three bytes are one. */
export function estimatePromptTokens(messages: readonly Message[]): number {
  let bytes = 0;
  for (const message of messages) bytes += Buffer.byteLength(message.content) + 24;
  return Math.ceil(bytes / 3);
}

/**
 * `maxTokens`, cut to what the window leaves after a prompt of about `promptTokens`. As the prompt
 * is an estimate, an eighth of the window always stays: the server knows better, and says so.
 */
export function clampToWindow(maxTokens: number, promptTokens: number, window: number): number {
  return Math.min(maxTokens, Math.max(window - promptTokens, Math.ceil(window / 8)));
}

/** The reply that would fit beside an exactly known prompt; `undefined` if none smaller would. */
export function fittingMaxTokens(
  asked: number,
  prompt: number,
  window: number,
): number | undefined {
  const room = window - prompt;
  return room >= 1 && room < asked ? room : undefined;
}

function firstNumber(text: string, patterns: readonly RegExp[]): number | null {
  for (const pattern of patterns) {
    const found = pattern.exec(text);
    if (found) return Number(found[1]);
  }
  return null;
}
