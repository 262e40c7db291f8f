/**
 * All that a bench is told, with names as on the command line.
 * @module
 */
import type { Thinking } from "../model/types.ts";
import type { Recombiner } from "../strategies/types.ts";

/** Options of a bench; each field is the flag of its name (see `rrm bench --help`). */
export interface BenchOptions {
  /** Task files, JSONL. */
  readonly tasks: readonly string[];
  readonly backend?: "llama" | "vllm" | "chat" | "simulated" | "scripted";
  readonly model?: string;
  readonly baseUrls?: readonly string[];
  readonly apiKeyEnv?: string;
  /** `none`, a path, or role → path. */
  readonly lora?: "none" | string | Readonly<Record<string, string>>;
  readonly gpu?: "off" | "auto";
  readonly modes?: readonly string[];
  readonly modeOptions?: Readonly<Record<string, unknown>>;
  /** A file whose default export is a strategy: adds a mode named after the file. */
  readonly strategy?: string;
  readonly promptStyle?: string;
  readonly recombiner?: Recombiner;
  readonly maxDepth?: number;
  readonly maxConcurrency?: number;
  readonly maxSiblingWidth?: number;
  readonly maxRounds?: number;
  readonly taskConcurrency?: number;
  readonly maxOutputTokens?: number;
  readonly directMaxOutputTokens?: number;
  readonly plannerMaxOutputTokens?: number;
  readonly workerMaxOutputTokens?: number;
  readonly recombinerMaxOutputTokens?: number;
  readonly vllmThinking?: Thinking;
  readonly vllmGraphThinking?: Thinking;
  readonly vllmAtomicThinking?: Thinking;
  readonly vllmContinuationThinking?: Thinking;
  readonly temperature?: number;
  readonly topP?: number;
  readonly seed?: number;
  readonly repeats?: number;
  readonly constrain?: "auto" | "off" | "grammar" | "json-schema";
  readonly limit?: number;
  readonly ids?: readonly string[];
  readonly shard?: { readonly index: number; readonly count: number };
  readonly maxCalls?: number;
  readonly maxTotalTokens?: number;
  readonly maxUsd?: number;
  /** JSON file: model → dollars per million prompt and completion tokens. */
  readonly prices?: string;
  readonly taskMaxCalls?: number;
  readonly taskMaxTokens?: number;
  /** Seconds. */
  readonly taskTimeout?: number;
  /** Seconds. */
  readonly firstTokenTimeout?: number;
  /** Seconds. */
  readonly stallTimeout?: number;
  /** Seconds. */
  readonly callTimeout?: number;
  readonly statements?: string;
  readonly continuousUsage?: "on" | "off";
  readonly traceText?: "full" | "preview" | "none";
  readonly out?: string;
  readonly append?: boolean;
  readonly overwrite?: boolean;
}
