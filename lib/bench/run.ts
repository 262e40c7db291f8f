/**
 * Runs tasks under modes and writes a row for each, as it ends.
 * @module
 */
import { randomUUID } from "node:crypto";
import { type Clock, realClock } from "../clock.ts";
import { createBudget, runTree } from "../kernel/mod.ts";
import { InputError } from "../errors.ts";
import type { Budget } from "../kernel/types.ts";
import type { Backend } from "../model/types.ts";
import { readTasks } from "../records/mod.ts";
import type { Row } from "../records/row_types.ts";
import type { TraceEvent } from "../trace/events.ts";
import type { BenchOptions } from "./config.ts";
import { connectBackend } from "./connect.ts";
import { taskText } from "./context.ts";
import { listJobs } from "./jobs.ts";
import { chooseModes } from "./modes.ts";
import { openOutput, type Output } from "./output.ts";
import { type Price, readPrice } from "./prices.ts";
import { type Job, makeRow, type RunFacts } from "./row.ts";
import { decideSettings, DEFAULTS } from "./settings.ts";

/** What a bench tells while it runs. */
export type BenchProgress =
  | { readonly type: "message"; readonly text: string }
  /** `kept` rows were there already; `total` counts them too. */
  | { readonly type: "start"; readonly total: number; readonly kept: number; readonly out: string }
  | { readonly type: "task-start"; readonly task: string; readonly mode: string }
  | {
    readonly type: "event";
    readonly task: string;
    readonly mode: string;
    readonly event: TraceEvent;
  }
  | { readonly type: "row"; readonly row: Row };

/** Options of {@linkcode runBench} beside the bench's own. */
export interface RunBenchOptions {
  /** Ends the bench cleanly: running tasks are cancelled and write no row. */
  readonly signal?: AbortSignal;
  /** Told of each step as it happens. Must not throw. */
  readonly onProgress?: (progress: BenchProgress) => void;
  /** Times tasks and budgets. Default: real time. */
  readonly clock?: Clock;
  /** A model of the caller's own, instead of the one that the options name. It is not closed. */
  readonly backend?: Backend;
}

/** How a bench ended. */
export interface BenchResult {
  /** Where the rows are. */
  readonly out: string;
  /** `run_id` of the rows that this run wrote. */
  readonly runId: string;
  /** Rows of these tasks and modes in the file, those kept from before included. */
  readonly rows: number;
  /** Rows of this run by status. */
  readonly statuses: Readonly<Record<Row["status"], number>>;
  /** Runs without a row: not begun when a budget ended or the signal came, or interrupted. */
  readonly missing: number;
  /** Whether the caller's signal ended it. */
  readonly interrupted: boolean;
}

/**
 * Runs a bench: every task under every mode, resuming what the output file holds.
 *
 * @throws {InputError} for anything wrong with tasks, options, the model or the output file; no
 * model has been called and nothing has been written then.
 *
 * @example
 * ```ts
 * import { runBench } from "@rrm/rrm";
 * const result = await runBench({
 *   tasks: ["benchmarks/first_run.jsonl"],
 *   backend: "simulated",
 *   limit: 1,
 *   out: "traces/one_task.jsonl",
 *   overwrite: true,
 * });
 * console.log(result.rows, "rows in", result.out);
 * ```
 */
export async function runBench(
  options: BenchOptions,
  run: RunBenchOptions = {},
): Promise<BenchResult> {
  const { signal, onProgress = () => {}, clock = realClock() } = run;
  const say = (text: string) => onProgress({ type: "message", text });
  if (options.maxUsd !== undefined && options.prices === undefined) {
    throw new InputError("prices", "A limit in dollars needs prices: give --prices FILE");
  }
  const modes = await chooseModes(options);
  const tasks = await readTasks(options.tasks, {
    statements: options.statements,
    limit: options.limit,
    ids: options.ids,
    shard: options.shard,
    needsOracle: modes.some((mode) => mode.needsOracle),
    signal,
  });
  signal?.throwIfAborted();
  const connection = { signal, onMessage: say };
  const backend = run.backend ?? await connectBackend(options, connection);
  try {
    const { info } = backend;
    const settings = decideSettings(options, info);
    const price = options.prices ? await readPrice(options.prices, info.model) : undefined;
    const jobs = listJobs(tasks, modes, options.repeats ?? DEFAULTS.repeats, { settings, info });
    await using output = await openOutput(options, jobs, { say, signal });
    const runId = randomUUID();
    const traceText = options.traceText ?? "full";
    const facts: RunFacts = { runId, info, settings, price, traceText };
    onProgress({ type: "start", total: jobs.length, kept: output.kept, out: output.path });
    return await runJobs(facts, output, {
      jobs: jobs.filter((job) => !output.has(job.rowId)),
      options,
      backend,
      price,
      clock,
      signal,
      onProgress,
    });
  } finally {
    if (!run.backend) await backend[Symbol.asyncDispose]();
  }
}

interface Work {
  readonly jobs: readonly Job[];
  readonly options: BenchOptions;
  readonly backend: Backend;
  readonly price: Price | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (progress: BenchProgress) => void;
}

async function runJobs(facts: RunFacts, output: Output, work: Work): Promise<BenchResult> {
  const { jobs, options, price, clock, signal, onProgress } = work;
  const statuses = { ok: 0, error: 0, cancelled: 0, budget: 0 };
  const zero = clock.now();
  const budget = createBudget({
    calls: options.maxCalls,
    tokens: options.maxTotalTokens,
    usd: options.maxUsd,
  });
  const queue = jobs.values();
  let failure: { readonly error: unknown } | undefined;

  async function worker(): Promise<void> {
    for (const job of queue) {
      if (signal?.aborted || budget.exhausted || failure) return;
      onProgress({ type: "task-start", task: job.task.id, mode: job.mode.name });
      const row = await runJob(facts, work, { job, budget, zero, output });
      if (!row) return;
      await output.write(row);
      statuses[row.status]++;
      onProgress({ type: "row", row });
    }
  }

  const width = Math.min(options.taskConcurrency ?? DEFAULTS.taskConcurrency, jobs.length);
  await Promise.all(Array.from({ length: width }, () =>
    worker().catch((error) => {
      // The file cannot be written: let the others end, then say so.
      failure ??= { error };
    })));
  if (failure) throw failure.error;
  if (budget.exhausted) {
    const { calls, tokens, usd } = budget.spent;
    const dollars = price ? `, $${usd.toFixed(4)}` : "";
    const spent = `${calls} calls, ${tokens} tokens${dollars}`;
    onProgress({ type: "message", text: `The bench's budget ends it: spent ${spent}` });
  }
  const written = Object.values(statuses).reduce((sum, n) => sum + n, 0);
  return {
    out: output.path,
    runId: facts.runId,
    rows: output.kept + written,
    statuses,
    missing: jobs.length - written,
    interrupted: signal?.aborted ?? false,
  };
}

/** Runs one job; nothing is returned for one that was interrupted or that came to no call. */
async function runJob(
  facts: RunFacts,
  { options, backend, price, clock, signal, onProgress }: Work,
  { job, budget, zero, output }: {
    readonly job: Job;
    readonly budget: Budget;
    readonly zero: number;
    readonly output: Output;
  },
): Promise<Row | null> {
  const { settings } = facts;
  const { task, mode, repeat } = job;
  const startedAt = new Date().toISOString();
  const benchOffsetMs = clock.now() - zero;
  const seed = settings.seed === null ? undefined : settings.seed + repeat;
  const roles = Object.fromEntries(
    Object.entries(settings.roles).map(([name, role]) => [name, { ...role, seed: seed ?? null }]),
  );
  const strategy = mode.build({
    prompts: settings.prompts,
    recombiner: settings.recombiner,
    maxSiblingWidth: settings.maxSiblingWidth,
    maxRounds: settings.maxRounds,
    constraint: settings.constraint,
    oracle: task.oracle_graph,
    modeOptions: settings.modeOptions,
  });
  const result = await runTree({
    task: taskText(task),
    strategy,
    backend,
    clock,
    roles,
    maxConcurrency: mode.maxConcurrency ?? settings.maxConcurrency,
    maxDepth: settings.maxDepth,
    timeouts: settings.timeouts,
    budget: createBudget({ calls: options.taskMaxCalls, tokens: options.taskMaxTokens }, budget),
    timeoutMs: options.taskTimeout === undefined ? null : options.taskTimeout * 1000,
    ...(price && { price }),
    ...(seed !== undefined && { seed }),
    ...(signal && { signal }),
    onEvent(event) {
      const live = onBenchClock(event, benchOffsetMs);
      output.event({
        run_id: facts.runId,
        row_id: job.rowId,
        task_id: task.id,
        mode: mode.name,
        ...live,
      });
      onProgress({ type: "event", task: task.id, mode: mode.name, event: live });
    },
  });
  if (signal?.aborted && result.status === "cancelled") return null;
  // What the bench's budget left no call for was not begun.
  const begun = result.events.some(({ type }) => type === "call-start");
  if (result.status === "budget" && budget.exhausted && !begun) return null;
  return makeRow(facts, job, result, { startedAt, benchOffsetMs });
}

function onBenchClock(event: TraceEvent, offset: number): TraceEvent {
  const at_ms = event.at_ms + offset;
  if (event.type !== "node-create" || !event.announced_by) return { ...event, at_ms };
  const { id, at_ms: announced } = event.announced_by;
  return { ...event, at_ms, announced_by: { id, at_ms: announced + offset } };
}
