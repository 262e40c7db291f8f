/**
 * The flags of `rrm bench`: names, defaults and what they are for. Values are checked in
 * `bench_options.ts`.
 * @module
 */
import type { Flag } from "./flags.ts";

const group = (heading: string, flags: readonly Omit<Flag, "group">[]): Flag[] =>
  flags.map((flag) => ({ ...flag, group: heading }));

/** All flags of a bench. */
export const benchFlags: readonly Flag[] = [
  ...group("Model:", [
    {
      flags: "--backend <name>",
      help: "llama, vllm, chat, simulated, scripted",
      fallback: "llama; vllm with --base-urls",
    },
    {
      flags: "--model <name>",
      help: "a server's model, PATH.gguf or hf:OWNER/REPO:FILE",
      fallback: "the embedded one; else the server's only one",
    },
    { flags: "--base-urls <a,b>", help: "OpenAI-compatible servers, replicas of one model" },
    {
      flags: "--api-key-env <name>",
      help: "variable that holds the key",
      fallback: "OPENAI_API_KEY",
    },
    { flags: "--sub-model <name>", help: "model of sub-calls" },
    { flags: "--sub-base-urls <a,b>", help: "servers of sub-calls" },
    { flags: "--lora <adapter>", help: "none, PATH, or ROLE=PATH,…", fallback: "the shipped one" },
    { flags: "--gpu <use>", help: "off, auto", fallback: "off" },
  ]),
  ...group("How to think:", [
    { flags: "--modes <a,b>", help: "see rrm strategies", fallback: "direct,streaming_parallel" },
    { flags: "--mode-options <json|file>", help: "options of a mode" },
    { flags: "--strategy <file>", help: "an own mode, named after its file" },
    {
      flags: "--prompt-style <name>",
      help: "see rrm prompts",
      fallback: "semantic-fastsplit-noformula; small models: their own",
    },
    {
      flags: "--recombiner <name>",
      help: "continue, fresh, vote, last, reduce",
      fallback: "continue; reduce for the embedded model",
    },
    { flags: "--max-depth <n>", help: "levels below the root", fallback: "1" },
    {
      flags: "--max-concurrency <n>",
      help: "calls in flight over one task",
      fallback: "4",
    },
    { flags: "--max-sibling-width <n>", help: "children of one plan", fallback: "12" },
    { flags: "--max-rounds <n>", help: "plan-and-await rounds of a node", fallback: "3" },
    {
      flags: "--constrain <how>",
      help: "auto, off, grammar, json-schema",
      fallback: "auto",
    },
  ]),
  ...group("Sampling and limits, in tokens:", [
    { flags: "--max-output-tokens <n>", help: "of a reply", fallback: "7000" },
    {
      flags: "--direct-max-output-tokens <n>",
      help: "of a direct reply",
      fallback: "as --max-output-tokens",
    },
    { flags: "--planner-max-output-tokens <n>", help: "of a plan", fallback: "1536" },
    {
      flags: "--worker-max-output-tokens <n>",
      help: "of a worker's reply",
      fallback: "as --max-output-tokens",
    },
    { flags: "--recombiner-max-output-tokens <n>", help: "of a continuation", fallback: "3000" },
    {
      flags: "--vllm-thinking <how>",
      help: "on, off, or a budget in tokens",
      fallback: "the server's own",
    },
    {
      flags: "--vllm-graph-thinking <how>",
      help: "of planners",
      fallback: "as --vllm-thinking",
    },
    {
      flags: "--vllm-atomic-thinking <how>",
      help: "of workers",
      fallback: "as --vllm-thinking",
    },
    {
      flags: "--vllm-continuation-thinking <how>",
      help: "of continuations",
      fallback: "as --vllm-thinking",
    },
    { flags: "--temperature <x>", help: "0 to 2", fallback: "the server's own" },
    { flags: "--top-p <x>", help: "above 0, at most 1", fallback: "the server's own" },
    { flags: "--seed <n>", help: "makes a run repeat", fallback: "none" },
  ]),
  ...group("Which tasks, how often:", [
    { flags: "--limit <n>", help: "the first n tasks", fallback: "all" },
    { flags: "--ids <a,b>", help: "these tasks", fallback: "all" },
    { flags: "--shard <i/n>", help: "the i-th of n parts", fallback: "all" },
    { flags: "--repeats <n>", help: "each task so many times", fallback: "1" },
    { flags: "--task-concurrency <n>", help: "tasks side by side", fallback: "1" },
    { flags: "--statements <file>", help: "JSONL of id and task: fills task_ref" },
  ]),
  ...group("Budgets and time, in seconds:", [
    { flags: "--max-calls <n>", help: "calls of the whole bench", fallback: "none" },
    { flags: "--max-total-tokens <n>", help: "tokens of the whole bench", fallback: "none" },
    {
      flags: "--max-usd <x>",
      help: "dollars of the whole bench; needs --prices",
      fallback: "none",
    },
    { flags: "--prices <file>", help: "JSON: dollars per million tokens by model" },
    { flags: "--task-max-calls <n>", help: "calls of each task", fallback: "none" },
    { flags: "--task-max-tokens <n>", help: "tokens of each task", fallback: "none" },
    { flags: "--task-timeout <s>", help: "of each task", fallback: "none" },
    { flags: "--first-token-timeout <s>", help: "until a reply begins", fallback: "600" },
    { flags: "--stall-timeout <s>", help: "between bytes of a reply", fallback: "120" },
    { flags: "--call-timeout <s>", help: "of a whole call", fallback: "none" },
  ]),
  ...group("Servers:", [
    { flags: "--router <name>", help: "least-work", fallback: "least-work" },
    { flags: "--hedge <how>", help: "off", fallback: "off" },
    {
      flags: "--continuous-usage <on|off>",
      help: "token counts on every chunk, where offered",
      fallback: "on",
    },
    { flags: "--record <dir>", help: "keeps every reply" },
    { flags: "--replay <dir>", help: "answers from kept replies" },
  ]),
  ...group("Output:", [
    { flags: "--out <file>", help: "rows; resumed if it exists", fallback: "traces/TIME.jsonl" },
    { flags: "--overwrite", help: "begin --out anew" },
    { flags: "--append", help: "allow several configurations of a mode in --out" },
    { flags: "--trace-text <how>", help: "full, preview, none", fallback: "full" },
    {
      flags: "--config <file>",
      help: "JSON of flags by name; flags given here win; paths count from the current folder",
    },
  ]),
];
