/**
 * Where a bench writes: the rows, and beside them the live trace.
 * @module
 */
import { stat, truncate } from "node:fs/promises";
import { InputError } from "../errors.ts";
import { openForResume, openRowWriter, readRows } from "../records/mod.ts";
import type { Row } from "../records/row_types.ts";
import type { BenchOptions } from "./config.ts";
import { type LiveEvent, openLiveTrace } from "./live_trace.ts";
import type { Job } from "./row.ts";

/** An open output. */
export interface Output extends AsyncDisposable {
  readonly path: string;
  /** Rows of these jobs that were there already. */
  readonly kept: number;
  has(rowId: string): boolean;
  /** Resolves when the row is on disk. */
  write(row: Row): Promise<void>;
  /** Appends to the live trace; nobody waits for it. */
  event(event: LiveEvent): void;
}

/** Options of {@linkcode openOutput}. */
export interface OutputOptions {
  /** Told of warnings. */
  readonly say: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens `--out`, readied for going on.
 *
 * @throws {InputError} where it cannot be written, or holds rows of other settings or no rows.
 */
export async function openOutput(
  options: BenchOptions,
  jobs: readonly Job[],
  { say, signal }: OutputOptions,
): Promise<Output> {
  const { out: path = defaultPath(new Date()), overwrite: anew = false } = options;
  const done = anew ? await replaceable(path) : await resumable(path, options, jobs, say, signal);
  const rows = await openRowWriter(path, { signal });
  if (anew) await truncate(path);
  const live = await openLiveTrace(path.replace(/\.jsonl$/, "") + ".events.jsonl", {
    anew,
    traceText: options.traceText ?? "full",
    say,
  });
  return {
    path,
    kept: jobs.filter((job) => done.has(job.rowId)).length,
    has: (rowId) => done.has(rowId),
    async write(row) {
      await rows.write(row);
      // A slow disk must not let the trace pile up in memory.
      await live.caughtUp();
    },
    event: live.event,
    async [Symbol.asyncDispose]() {
      await live[Symbol.asyncDispose]();
      await rows[Symbol.asyncDispose]();
    },
  };
}

async function resumable(
  path: string,
  { append }: BenchOptions,
  jobs: readonly Job[],
  say: (text: string) => void,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const arms = new Map(jobs.map(({ mode, configHash, config }) => [
    configHash + mode.name,
    { mode: mode.name, config_hash: configHash, config },
  ]));
  const { done, again, warnings } = await openForResume(path, {
    arms: [...arms.values()],
    tasks: new Set(jobs.map((job) => job.task.id)),
    rows: new Set(jobs.map((job) => job.rowId)),
    append,
    signal,
  });
  for (const warning of warnings) say(warning);
  if (again > 0) say(`Rows that ended without success run again: ${again}`);
  return done;
}

/** `--overwrite` replaces rows; it does not delete what a slip of the hand named. */
async function replaceable(path: string): Promise<ReadonlySet<string>> {
  if (await stat(path).then(() => true, () => false)) {
    for await (const item of readRows(path)) {
      if (!("problem" in item) || item.problem.kind !== "foreign") break;
      const { line, reason } = item.problem;
      throw new InputError("out-file", `${path} holds no rows: line ${line}: ${reason}`, {
        hint: "--overwrite replaces row files only. Name another file with --out.",
      });
    }
  }
  return new Set();
}

/** `traces/2026-11-21T13-51-07-042.jsonl` */
function defaultPath(now: Date): string {
  return `traces/${now.toISOString().slice(0, 23).replace(/[:.]/g, "-")}.jsonl`;
}
