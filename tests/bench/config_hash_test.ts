/** What makes an arm: which settings change a mode's hash, and which do not. */
import type { BenchOptions } from "../../lib/bench/mod.ts";
import { configOf, decideSettings } from "../../lib/bench/settings.ts";
import type { BackendInfo } from "../../lib/model/types.ts";
import { findMode, modes } from "../../lib/strategies/mod.ts";
import type { Mode } from "../../lib/strategies/types.ts";
import { assert, test } from "../kit.ts";

const server: BackendInfo = {
  kind: "vllm",
  model: "tiny",
  baseUrls: ["http://127.0.0.1:1/v1"],
  timing: "api",
  contextWindow: 4096,
  constraints: ["grammar", "json-schema"],
  lora: {},
};

const own: Mode = {
  name: "own",
  description: "Uses everything.",
  uses: [...new Set(modes.flatMap((mode) => mode.uses)), "mode_options"],
  sourceHash: "one",
  build: () => () => Promise.resolve(""),
};

type Settings = Omit<BenchOptions, "tasks">;

function hashOf(mode: Mode, options: Settings = {}, info: BackendInfo = server): string {
  const settings = decideSettings({ ...options, tasks: [] }, info);
  return configOf(mode, settings, info).configHash;
}

const modeNames = modes.map((mode) => mode.name);

/** The modes whose hash the settings change. */
function touched(options: Settings, info: BackendInfo = server): string[] {
  return [...modes, own].filter((mode) => hashOf(mode) !== hashOf(mode, options, info))
    .map((mode) => mode.name);
}

const graphs = ["streaming_parallel", "planned_parallel", "sequential", "oracle_parallel", "own"];
const all = ["direct", "direct_reduce", ...graphs];
const planners = graphs.filter((name) => name !== "oracle_parallel");

test("config_hash: where and how much do not change an arm", () => {
  const settings: Settings = {
    baseUrls: ["http://127.0.0.1:2/v1", "http://127.0.0.1:3/v1"],
    apiKeyEnv: "OTHER_KEY",
    out: "elsewhere.jsonl",
    limit: 3,
    ids: ["a"],
    shard: { index: 1, count: 2 },
    repeats: 5,
    taskConcurrency: 9,
    maxCalls: 10,
    maxTotalTokens: 1000,
    maxUsd: 1,
    prices: "prices.json",
    taskMaxCalls: 3,
    taskMaxTokens: 300,
    taskTimeout: 3,
    firstTokenTimeout: 3,
    stallTimeout: 3,
    callTimeout: 3,
    statements: "statements.jsonl",
    continuousUsage: "off",
    traceText: "none",
    append: true,
    overwrite: true,
  };
  for (const [name, value] of Object.entries(settings)) {
    assert.deepEqual(touched({ [name]: value }), [], name);
  }
  const elsewhere = { ...server, baseUrls: ["http://127.0.0.1:2/v1"], contextWindow: 99 };
  assert.deepEqual(touched({}, elsewhere), []);
});

test("config_hash: what changes prompts, sampling or scheduling changes the modes that use it", () => {
  assert.deepEqual(modeNames.toSorted(), all.filter((name) => name !== "own").toSorted());
  const expected: readonly (readonly [Settings, readonly string[]])[] = [
    [{ promptStyle: "small-fewshot" }, all],
    [{ promptStyle: "cases" }, graphs],
    [{ recombiner: "fresh" }, graphs],
    [{ recombiner: "last" }, graphs],
    [{ maxDepth: 2 }, graphs],
    [{ maxSiblingWidth: 2 }, graphs],
    [{ maxRounds: 2 }, graphs],
    [{ maxConcurrency: 2 }, graphs.filter((name) => name !== "sequential")],
    [{ maxOutputTokens: 9 }, all],
    [{ directMaxOutputTokens: 9 }, all],
    [{ plannerMaxOutputTokens: 9 }, graphs],
    [{ workerMaxOutputTokens: 9 }, graphs],
    [{ recombinerMaxOutputTokens: 9 }, graphs],
    [{ vllmThinking: "off" }, all],
    [{ vllmGraphThinking: "off" }, graphs],
    [{ vllmAtomicThinking: 200 }, graphs],
    [{ vllmContinuationThinking: "on" }, graphs],
    [{ temperature: 0.5 }, all],
    [{ topP: 0.5 }, all],
    [{ seed: 1 }, all],
    [{ constrain: "grammar" }, planners],
    [{ constrain: "json-schema" }, planners],
    [{ modeOptions: { n: 3 } }, ["own"]],
  ];
  for (const [settings, names] of expected) {
    assert.deepEqual(touched(settings).toSorted(), names.toSorted(), JSON.stringify(settings));
  }
});

test("config_hash: the model, its kind and its adapters by role", () => {
  assert.deepEqual(touched({}, { ...server, model: "other" }).toSorted(), all.toSorted());
  assert.deepEqual(touched({}, { ...server, kind: "chat" }).toSorted(), all.toSorted());
  const withPlanner = { ...server, lora: { planner: "planner-r8" } };
  const style = { promptStyle: "plain" };
  const differ = [...modes, own].filter((mode) =>
    hashOf(mode, style) !== hashOf(mode, style, withPlanner)
  ).map((mode) => mode.name);
  assert.deepEqual(differ.toSorted(), graphs.toSorted(), "direct has no planner");
});

test("config_hash: an own strategy's file counts for its own mode only", () => {
  assert.notEqual(hashOf(own), hashOf({ ...own, sourceHash: "two" }));
  const settings = decideSettings({ tasks: [], strategy: "own.ts" }, server);
  const { config } = configOf(findMode("direct"), settings, server);
  assert.equal("strategy" in config, false);
});

test("config_hash: it does not depend on the order of mode options", () => {
  const hash = hashOf(own, { modeOptions: { a: 1, b: { c: 2, d: 3 } } });
  assert.equal(hash, hashOf(own, { modeOptions: { b: { d: 3, c: 2 }, a: 1 } }));
});
