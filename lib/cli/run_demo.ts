/**
 * The demo, step by step; says at each what it does and what is real.
 * @module
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BenchOptions, type BenchResult, connectBackend, runBench } from "../bench/mod.ts";
import { InputError, messageOf, RrmError } from "../errors.ts";
import type { Backend, BackendInfo } from "../model/types.ts";
import { readBenchOptions } from "./bench_options.ts";
import { exitCodes } from "./exit.ts";
import { benchProgress } from "./progress.ts";
import { note, print, printable } from "./terminal.ts";
import { exitCodeOf } from "./verbs/bench.ts";
import { writeResult } from "./write_result.ts";

/** What the demo runs unless told otherwise; the oracle shows what a good plan would buy. */
const modes = ["direct", "direct_reduce", "streaming_parallel", "oracle_parallel"];
const limit = "8";

/** A model this small goes on for as long as it may: what it says after these is repetition. */
const smallModelLimits = {
  maxOutputTokens: "128",
  plannerMaxOutputTokens: "400",
  recombinerMaxOutputTokens: "128",
  maxRounds: "1",
  maxSiblingWidth: "8",
};

/** Runs the demo; returns the exit code. */
export async function runDemo(
  tasks: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<number> {
  const quiet = flags.quiet === true;
  const say = (text: string) => quiet ? Promise.resolve() : note(printable(text));
  const own = tasks.length > 0 || flags.config !== undefined;
  const options: BenchOptions = await readBenchOptions(own ? tasks : [bundledTasks()], {
    ...(!own && { modes: modes.join(","), limit }),
    ...((flags.backend ?? (flags.baseUrls ? "vllm" : "llama")) === "llama" && smallModelLimits),
    out: defaultOut(new Date()),
    ...flags,
  });

  await say("1/4 The model.");
  await using backend = await connect(options, signal, say);
  await say(`    ${modelLine(backend.info)}`);

  await say(`2/4 ${taskLine(options, own, backend.info)}`);
  const result = await run(options, backend, { signal, quiet });
  if (result.interrupted) return exitCodes.interrupted;

  await say("3/4 The comparison.\n");
  await print(await comparison(result.out));

  const page = join(dirname(result.out), "index.html");
  await say("\n4/4 The page: both arms side by side, opens by double click, fetches nothing.");
  await writePage(result.out, page, backend.info);
  await print(printable(page));
  await say(`The rows behind it: ${result.out}`);
  await say(`Task by task: deno task analyze ${result.out} --direct-vs-rrm`);
  return exitCodeOf(result);
}

function bundledTasks(): string {
  const url = new URL("../../benchmarks/first_run.jsonl", import.meta.url);
  if (url.protocol === "file:") return fileURLToPath(url);
  throw new InputError(
    "usage",
    "The bundled tasks lie in the checkout, and this runs from a URL.",
    {
      hint: "Name a task file: deno task demo TASKS.jsonl",
    },
  );
}

function defaultOut(now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "_");
  return join("traces", `demo_${stamp}`, "rows.jsonl");
}

async function connect(
  options: BenchOptions,
  signal: AbortSignal,
  say: (text: string) => Promise<void>,
): Promise<Backend> {
  try {
    return await connectBackend(options, { signal, onMessage: (text) => void say(`    ${text}`) });
  } catch (error) {
    const embedded = (options.backend ?? "llama") === "llama" && !options.baseUrls;
    if (!embedded || signal.aborted || !RrmError.isInstance(error)) throw error;
    throw new InputError("model", `The embedded model cannot be had: ${messageOf(error)}`, {
      cause: error,
      hint: `${error.hint ? `${error.hint}\n` : ""}${otherWays}`,
    });
  }
}

const otherWays = `Other ways:
  deno task doctor                                       what is missing here, and how to get it
  deno task demo --model PATH.gguf                       a model file that you have
  deno task demo --base-urls http://127.0.0.1:8000/v1    a server that you run
  deno task demo --backend simulated                     no model at all: answers and times are
                                                         made up, and the rows say "simulated"`;

function modelLine(info: BackendInfo): string {
  if (info.timing === "simulated") {
    return "A SIMULATED model: its answers and times are made up, and rows and page say so.";
  }
  const where = info.baseUrls.length > 0
    ? info.baseUrls.join(", ")
    : "in a process on this machine";
  const adapters = Object.entries(info.lora).map(([role, path]) => `${role}: ${path}`).join(", ");
  return `Real: ${info.model}, ${where}${adapters ? `, with adapters (${adapters})` : ""}.`;
}

function taskLine(options: BenchOptions, own: boolean, info: BackendInfo): string {
  const what = own
    ? options.tasks.join(", ")
    : `${
      options.limit ?? "all"
    } bundled tasks with exact answers (lists to count, add up, compare)`;
  const how = options.modes?.join(", ") ?? "direct, streaming_parallel";
  const real = info.timing === "api" ? " Answers and times are the model's own." : "";
  const oracle = options.modes?.includes("oracle_parallel")
    ? " Only the oracle is given its plan: it shows what recursion buys when the plan is good."
    : "";
  return `${what}, each in these modes: ${how}.${real}${oracle}`;
}

async function run(
  options: BenchOptions,
  backend: Backend,
  { signal, quiet }: { readonly signal: AbortSignal; readonly quiet: boolean },
): Promise<BenchResult> {
  const view = await benchProgress({ quiet });
  try {
    return await runBench(options, { signal, backend, onProgress: view.onProgress });
  } finally {
    view.stop();
  }
}

/** The tables that tell most; `rrm analyze` shows all. */
async function comparison(rows: string): Promise<string> {
  const { formatReport } = await import("../analysis/mod.ts");
  const { reportOf } = await import("./report.ts");
  const report = await reportOf([rows], { quiet: true, directVsOther: true });
  return formatReport(report, { format: "text", detail: "brief" });
}

async function writePage(rows: string, page: string, info: BackendInfo): Promise<void> {
  const { renderDemo } = await import("../report/mod.ts");
  const { readRowFiles } = await import("./row_files.ts");
  const title = `${info.model}: direct and recursive, side by side`;
  const html = renderDemo({ rows: await readRowFiles([rows], { quiet: true }), title });
  await writeResult("--out", page, html);
}
