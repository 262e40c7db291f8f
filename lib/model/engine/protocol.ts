/**
 * What a backend and an engine process say to each other: one JSON object a line, over stdio.
 * docs/design/engine.md describes it for those who write an engine.
 * @module
 */
import { z } from "../../deps/zod.ts";
import type { Constraint, Message, Thinking } from "../types.ts";

/** Version of the protocol, told in `hello`. */
export const engineProtocol = 1;

/** Sampling and limits, as an engine reads them. */
export interface EngineSettings {
  readonly role: string;
  readonly max_tokens: number;
  readonly temperature: number | null;
  readonly top_p: number | null;
  readonly seed: number | null;
  readonly stop: readonly string[];
  readonly thinking: Thinking;
  readonly constraint: Constraint | null;
}

/** A line to the engine. */
export type EngineRequest =
  | { readonly type: "open"; readonly session: string; readonly messages: readonly Message[] }
  | {
    readonly type: "generate";
    readonly id: number;
    readonly session: string;
    readonly turn: readonly Message[];
    readonly settings: EngineSettings;
  }
  | { readonly type: "cancel"; readonly id: number }
  | {
    readonly type: "adopt";
    readonly session: string;
    readonly turn: readonly Message[];
    readonly reply: string;
  }
  | { readonly type: "fork"; readonly session: string; readonly from: string }
  | { readonly type: "close"; readonly session: string }
  | { readonly type: "count"; readonly id: number; readonly messages: readonly Message[] };

/** The engine's first line: the model is loaded. */
export interface EngineHello {
  readonly type: "hello";
  readonly protocol: number;
  readonly model: string;
  readonly context_window: number | null;
  /** Generations that run at once; more wait inside the engine until `started`. */
  readonly slots: number;
  readonly constraints: readonly Constraint["kind"][];
  readonly lora: Readonly<Record<string, string>>;
}

/** Token counts of one generation, all exact. */
export interface EngineUsage {
  /** The whole prompt, reused part included. */
  readonly prompt_tokens: number;
  /** Tokens the model made, the end token included. */
  readonly completion_tokens: number;
  /** Of the prompt: tokens whose state was at hand. */
  readonly cached_tokens: number;
  /** Of the session's past: tokens evaluated again because their state had been evicted. */
  readonly reprefilled_tokens: number;
}

/** A line from the engine that answers a request. */
export type EngineReply =
  | { readonly type: "started"; readonly id: number; readonly lora: string | null }
  | {
    readonly type: "delta";
    readonly id: number;
    readonly text: string;
    readonly completion_tokens: number;
  }
  | {
    readonly type: "finish";
    readonly id: number;
    readonly reason: "stop" | "length";
    readonly usage: EngineUsage;
  }
  | { readonly type: "counted"; readonly id: number; readonly tokens: number }
  | EngineFailure;

/** A request failed; with `id: null` the engine itself did, and ends. */
export interface EngineFailure {
  readonly type: "error";
  readonly id: number | null;
  /** `cancelled`, `context` (the prompt does not fit), `input` (a retry will not help) or `engine`. */
  readonly code: string;
  readonly message: string;
}

const count = z.number().int().nonnegative();
const id = z.number().int();

const helloSchema = z.object({
  type: z.literal("hello"),
  protocol: z.number().int(),
  model: z.string(),
  context_window: count.nullable(),
  slots: count,
  constraints: z.array(z.enum(["grammar", "json-schema"])),
  lora: z.record(z.string(), z.string()),
});

const lineSchema = z.discriminatedUnion("type", [
  helloSchema,
  z.object({ type: z.literal("started"), id, lora: z.string().nullable() }),
  z.object({ type: z.literal("delta"), id, text: z.string(), completion_tokens: count }),
  z.object({
    type: z.literal("finish"),
    id,
    reason: z.enum(["stop", "length"]),
    usage: z.object({
      prompt_tokens: count,
      completion_tokens: count,
      cached_tokens: count,
      reprefilled_tokens: count,
    }),
  }),
  z.object({ type: z.literal("counted"), id, tokens: count }),
  z.object({
    type: z.literal("error"),
    id: id.nullable(),
    code: z.string(),
    message: z.string(),
  }),
]);

/**
 * Reads one line of an engine. Lines that are no JSON object (a native library's print) give `null`.
 * @throws {z.ZodError} for an object that is not of the protocol.
 */
export function readEngineLine(line: string): EngineHello | EngineReply | null {
  if (!line.startsWith("{")) return null;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  return lineSchema.parse(value);
}
