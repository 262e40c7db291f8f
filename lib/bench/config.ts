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
  /** What speaks to the model. Default: `vllm` with `baseUrls`, else `llama` (embedded). */
  readonly backend?: "llama" | "vllm" | "chat" | "simulated" | "scripted";
  /**
   * A server's model, a GGUF file or `hf:OWNER/REPO:FILE`; for `scripted`, its script. Default: the
   * server's only model, or the built-in one.
   */
  readonly model?: string;
  /** Servers of one model, such as `http://127.0.0.1:8000/v1`: a pool. Default: none. */
  readonly baseUrls?: readonly string[];
  /** Name of the environment variable that holds the key. Default `OPENAI_API_KEY`. */
  readonly apiKeyEnv?: string;
  /**
   * Adapters of the embedded model: `none`, a path (for planner, worker and continuation), or role
   * → path. Default `none`.
   */
  readonly lora?: "none" | string | Readonly<Record<string, string>>;
  /** Whether the embedded model may use a GPU. Default `off`. */
  readonly gpu?: "off" | "auto";
  /**
   * Names of modes (`rrm strategies`). Default `direct` and `streaming_parallel`; with `strategy`,
   * that alone.
   */
  readonly modes?: readonly string[];
  /** Passed to the modes that take options. Default: none. */
  readonly modeOptions?: Readonly<Record<string, unknown>>;
  /** A file whose default export is a strategy: adds a mode named after the file. Default: none. */
  readonly strategy?: string;
  /**
   * Name of a style (`rrm prompts`). Default `semantic-fastsplit-noformula`; small models and
   * planner adapters have their own.
   */
  readonly promptStyle?: string;
  /**
   * How children's conclusions become their parent's. Default `continue`; `reduce` for the embedded
   * and the simulated model.
   */
  readonly recombiner?: Recombiner;
  /** Deepest level of a node; the root is 0. Default 1. */
  readonly maxDepth?: number;
  /** Most calls in flight over one task. Default 4. */
  readonly maxConcurrency?: number;
  /** Most children in one plan. Default 12. */
  readonly maxSiblingWidth?: number;
  /** Most plan-and-await rounds of a node. Default 3. */
  readonly maxRounds?: number;
  /** Tasks that run side by side. Default 1. */
  readonly taskConcurrency?: number;
  /** Most tokens of a reply, thinking included. Default 7000. */
  readonly maxOutputTokens?: number;
  /** Most tokens of a direct reply. Default: as `maxOutputTokens`. */
  readonly directMaxOutputTokens?: number;
  /** Most tokens of a plan. Default 1536. */
  readonly plannerMaxOutputTokens?: number;
  /** Most tokens of a worker's reply. Default: as `maxOutputTokens`. */
  readonly workerMaxOutputTokens?: number;
  /** Most tokens of a continuation. Default 3000. */
  readonly recombinerMaxOutputTokens?: number;
  /** Thinking of every role without a setting of its own. Default: the server's own. */
  readonly vllmThinking?: Thinking;
  /** Thinking of planners. Default: as `vllmThinking`. */
  readonly vllmGraphThinking?: Thinking;
  /** Thinking of workers. Default: as `vllmThinking`. */
  readonly vllmAtomicThinking?: Thinking;
  /** Thinking of continuations. Default: as `vllmThinking`. */
  readonly vllmContinuationThinking?: Thinking;
  /** Sampling temperature, 0 to 2. Default: the server's own. */
  readonly temperature?: number;
  /** Nucleus of sampling, above 0 and at most 1. Default: the server's own. */
  readonly topP?: number;
  /** Seed of sampling; repeat r gets `seed + r`. Default: none. */
  readonly seed?: number;
  /** How often each task runs under each mode. Default 1. */
  readonly repeats?: number;
  /**
   * What holds planners to the event format. Default `auto`: a grammar for the embedded model,
   * nothing for servers.
   */
  readonly constrain?: "auto" | "off" | "grammar" | "json-schema";
  /** Only the first so many tasks of those that `ids` leaves. Default: all. */
  readonly limit?: number;
  /** Only these tasks, in the order of the files. Default: all. */
  readonly ids?: readonly string[];
  /** Every `count`-th task from the `index`-th on, counted from 1. Default: all. */
  readonly shard?: { readonly index: number; readonly count: number };
  /** Most calls of the whole bench, failed ones included. Default: no limit. */
  readonly maxCalls?: number;
  /** Most prompt and completion tokens of the whole bench. Default: no limit. */
  readonly maxTotalTokens?: number;
  /** Most dollars of the whole bench; needs `prices`. Default: no limit. */
  readonly maxUsd?: number;
  /** JSON file: model → dollars per million prompt and completion tokens. Default: no costs. */
  readonly prices?: string;
  /** Most calls of one task. Default: no limit. */
  readonly taskMaxCalls?: number;
  /** Most prompt and completion tokens of one task. Default: no limit. */
  readonly taskMaxTokens?: number;
  /** Longest time of one task, in seconds. Default: no limit. */
  readonly taskTimeout?: number;
  /** Longest wait for a reply to begin, in seconds. Default 600. */
  readonly firstTokenTimeout?: number;
  /** Longest silence within a reply, in seconds. Default 120. */
  readonly stallTimeout?: number;
  /** Longest time of one attempt, in seconds. Default: no limit. */
  readonly callTimeout?: number;
  /** JSONL of `id` and `task` that fills each `task_ref`. Default: none. */
  readonly statements?: string;
  /** Asks vLLM servers for token counts on every chunk. Default `on`. */
  readonly continuousUsage?: "on" | "off";
  /** How much of each text the rows keep; `preview` is its first 200 characters. Default `full`. */
  readonly traceText?: "full" | "preview" | "none";
  /** File of the rows, resumed if it exists. Default `traces/<UTC time>.jsonl`. */
  readonly out?: string;
  /** Lets `out` hold several configurations of one mode. Default `false`: that is an error. */
  readonly append?: boolean;
  /** Begins `out` anew instead of resuming it. Default `false`. */
  readonly overwrite?: boolean;
}
