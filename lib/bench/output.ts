/**
 * Where a bench writes: the rows, and beside them the live trace.
 * @module
 */
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { openForResume, openRowWriter } from "../records/mod.ts";
import type { Row } from "../records/row_types.ts";
import type { TraceEvent } from "../trace/events.ts";
import type { BenchOptions } from "./config.ts";
import type { Job } from "./row.ts";

/** A live event: a trace event on the bench's clock, and where it belongs. */
export type LiveEvent = TraceEvent & {
  readonly run_id: string;
  readonly row_id: string;
  readonly task: string;
  readonly mode: string;
};

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

/**
 * Opens `--out`, readied for going on.
 *
 * @throws {InputError} where it cannot be written, or holds rows of other settings.
 */
export async function openOutput(
  options: BenchOptions,
  jobs: readonly Job[],
  { say, signal }: {
    readonly say: (text: string) => void;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Output> {
  const path = options.out ?? defaultPath(new Date());
  const eventsPath = path.replace(/\.jsonl$/, "") + ".events.jsonl";
  if (options.overwrite) {
    await rm(path, { force: true });
    await rm(eventsPath, { force: true });
  }
  const arms = new Map(
    jobs.map((
      { mode, configHash, config },
    ) => [configHash + mode.name, { mode: mode.name, config_hash: configHash, config }]),
  );
  const { done, again, warnings } = await openForResume(path, {
    arms: [...arms.values()],
    tasks: new Set(jobs.map((job) => job.task.id)),
    append: options.append,
    signal,
  });
  for (const warning of warnings) say(warning);
  if (again > 0) say(`${again} rows that ended without success run again`);
  const rows = await openRowWriter(path, { signal });
  const events = createWriteStream(eventsPath, { flags: "a" });
  // The live trace is a convenience: a bench does not end because it cannot be written.
  let lost: Error | undefined;
  events.on("error", (error) => {
    if (!lost) say(`The live trace ${eventsPath} cannot be written: ${error.message}`);
    lost = error;
  });
  return {
    path,
    kept: jobs.filter((job) => done.has(job.rowId)).length,
    has: (rowId) => done.has(rowId),
    async write(row) {
      await rows.write(row);
      // A slow disk must not let the trace pile up in memory.
      if (events.writableNeedDrain && !lost) {
        await new Promise<void>((resolve) => {
          events.once("drain", resolve);
          events.once("error", () => resolve());
          events.once("close", resolve);
        });
      }
    },
    event(event) {
      if (!lost) events.write(JSON.stringify(event) + "\n");
    },
    async [Symbol.asyncDispose]() {
      if (!lost) await new Promise<void>((resolve) => events.end(resolve));
      await rows[Symbol.asyncDispose]();
    },
  };
}

/** `traces/2026-11-21T13-51-07.jsonl` */
function defaultPath(now: Date): string {
  return `traces/${now.toISOString().slice(0, 19).replaceAll(":", "-")}.jsonl`;
}
