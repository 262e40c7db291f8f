/**
 * From flags and configuration file to the options of a bench.
 * @module
 */
import { readFile } from "node:fs/promises";
import type { BenchOptions } from "../bench/config.ts";
import { z } from "../deps/zod.ts";
import { didYouMean } from "../did_you_mean.ts";
import { InputError, messageOf } from "../errors.ts";
import { flagName, keyName } from "./flags.ts";
import * as value from "./values.ts";

const later = z.unknown().refine(() => false, { error: "is not in this version" });

const schema = z.object({
  backend: value.choice(["llama", "vllm", "chat", "simulated", "scripted"], [
    "responses",
    "hf-kv",
    "replay",
  ]),
  model: value.text,
  baseUrls: value.list,
  apiKeyEnv: value.text,
  subModel: later,
  subBaseUrls: later,
  lora: value.lora,
  gpu: value.choice(["off", "auto"]),
  modes: value.list,
  modeOptions: value.object,
  strategy: value.text,
  promptStyle: value.text,
  recombiner: value.choice(["continue", "fresh", "vote", "last", "reduce"]),
  maxDepth: value.whole(0),
  maxConcurrency: value.whole(1),
  maxSiblingWidth: value.whole(1),
  maxRounds: value.whole(1),
  constrain: value.choice(["auto", "off", "grammar", "json-schema"]),
  maxOutputTokens: value.whole(1),
  directMaxOutputTokens: value.whole(1),
  plannerMaxOutputTokens: value.whole(1),
  workerMaxOutputTokens: value.whole(1),
  recombinerMaxOutputTokens: value.whole(1),
  vllmThinking: value.thinking,
  vllmGraphThinking: value.thinking,
  vllmAtomicThinking: value.thinking,
  vllmContinuationThinking: value.thinking,
  temperature: value.between(0, 2, true),
  topP: value.between(0, 1, false),
  seed: value.whole(0),
  limit: value.whole(1),
  ids: value.list,
  shard: value.shard,
  repeats: value.whole(1),
  taskConcurrency: value.whole(1),
  statements: value.text,
  maxCalls: value.whole(1),
  maxTotalTokens: value.whole(1),
  maxUsd: value.positive,
  prices: value.text,
  taskMaxCalls: value.whole(1),
  taskMaxTokens: value.whole(1),
  taskTimeout: value.positive,
  firstTokenTimeout: value.positive,
  stallTimeout: value.positive,
  callTimeout: value.positive,
  router: value.choice(["least-work"], ["round-robin", "random", "least-calls", "prefix"]),
  hedge: value.choice(["off"], ["auto"]),
  continuousUsage: value.choice(["on", "off"]),
  record: later,
  replay: later,
  out: value.text,
  overwrite: value.flag,
  append: value.flag,
  traceText: value.choice(["full", "preview", "none"]),
}).partial();

/** Names of all settings, as they stand in code. */
export const benchKeys: readonly string[] = Object.keys(schema.shape);

/** Flags as commander leaves them. */
export type RawFlags = Readonly<Record<string, unknown>>;

/**
 * Reads the options of a bench. A configuration file (`config`) comes first, flags win.
 *
 * @throws {InputError} naming every flag that is wrong.
 */
export async function readBenchOptions(
  tasks: readonly string[],
  flags: RawFlags,
): Promise<BenchOptions> {
  const { config, json: _json, quiet: _quiet, ...given } = flags;
  const fromFile = typeof config === "string" ? await readConfig(config) : {};
  const { tasks: fileTasks, ...rest } = { ...fromFile, ...given } as Record<string, unknown>;
  if (typeof rest.modeOptions === "string") {
    rest.modeOptions = await readModeOptions(rest.modeOptions);
  }
  const parsed = schema.safeParse(rest);
  if (!parsed.success) throw wrongFlags(parsed.error, rest);
  const { router: _router, hedge: _hedge, ...options } = parsed.data;
  const paths = tasks.length > 0 ? tasks : readTaskPaths(fileTasks);
  checkTogether(options);
  return { ...withoutUndefined(options), tasks: paths } as BenchOptions;
}

function withoutUndefined(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, one]) => one !== undefined));
}

function readTaskPaths(paths: unknown): string[] {
  const parsed = value.list.safeParse(paths);
  if (parsed.success) return parsed.data;
  throw new InputError("usage", "No task file was named.", {
    hint: "For example: rrm bench benchmarks/first_run.jsonl",
  });
}

function checkTogether(options: { readonly maxUsd?: unknown; readonly prices?: unknown }): void {
  if (options.maxUsd === undefined || options.prices !== undefined) return;
  throw new InputError("usage", "--max-usd needs --prices FILE", {
    hint: 'The file says what tokens cost: {"MODEL": {"prompt": 0.15, "completion": 0.6}}, ' +
      "dollars per million.",
  });
}

function wrongFlags(error: z.ZodError, given: Readonly<Record<string, unknown>>): InputError {
  const lines = error.issues.map(({ path, message }) => {
    const key = String(path[0]);
    const shown = typeof given[key] === "string" ? given[key] : JSON.stringify(given[key]);
    return `${flagName(key)} ${shown}: ${message}`;
  });
  return new InputError("usage", lines.join("\n"), { hint: "rrm bench --help lists all flags." });
}

async function readJson(what: string, path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new InputError("usage", `${what} ${path}: ${messageOf(error)}`);
  }
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
  const parsed = value.object.safeParse(await readJson("--config", path));
  if (!parsed.success) throw new InputError("usage", `--config ${path}: must be a JSON object`);
  const known = [...benchKeys, "tasks"];
  const config: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(parsed.data)) {
    const key = keyName(name);
    if (!known.includes(key)) {
      const near = didYouMean(key, known);
      throw new InputError("usage", `--config ${path}: unknown setting "${name}"`, {
        hint: near ? `Did you mean "${flagName(near).slice(2)}"?` : "Settings are named as flags.",
      });
    }
    config[key] = one;
  }
  return config;
}

async function readModeOptions(given: string): Promise<unknown> {
  if (!given.trimStart().startsWith("{")) return await readJson("--mode-options", given);
  try {
    return JSON.parse(given);
  } catch (error) {
    throw new InputError("usage", `--mode-options: ${messageOf(error)}`, {
      hint: `Quote it for the shell: --mode-options '{"name": 1}'`,
    });
  }
}
