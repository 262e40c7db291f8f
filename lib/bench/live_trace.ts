/**
 * The live trace: what happens in a bench, as it happens, in a file beside the rows.
 * @module
 */
import { createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { preview, type TraceText } from "../trace/mod.ts";
import type { TraceEvent } from "../trace/events.ts";

/** A trace event on the bench's clock, and where it belongs. */
export type LiveEvent = TraceEvent & {
  readonly run_id: string;
  readonly row_id: string;
  readonly task_id: string;
  readonly mode: string;
};

/** Options of {@linkcode openLiveTrace}. */
export interface LiveTraceOptions {
  /** Begins an empty file. */
  readonly anew: boolean;
  /** How much of each text is kept. */
  readonly traceText: TraceText;
  /** Told once if the file cannot be written. */
  readonly say: (text: string) => void;
}

/** An open live trace. */
export interface LiveTrace extends AsyncDisposable {
  /** Appends an event; nobody waits for it. */
  event(event: LiveEvent): void;
  /** Resolves when not too much waits to be written. */
  caughtUp(): Promise<void>;
}

/** Fields of events that hold texts of tasks, prompts and replies. */
const textFields: ReadonlySet<string> = new Set([
  "task",
  "content",
  "conclusion",
  "output",
  "reasoning",
  "input",
  "rule",
  "data",
]);

/**
 * Opens the live trace. It is a convenience: a bench does not end because it cannot be written.
 * Never throws.
 */
export async function openLiveTrace(
  path: string,
  { anew, traceText, say }: LiveTraceOptions,
): Promise<LiveTrace> {
  const torn = !anew && await endsInALine(path).catch(() => false);
  const file = createWriteStream(path, { flags: anew ? "w" : "a" });
  let lost = false;
  file.on("error", (error) => {
    if (!lost) say(`The live trace ${path} cannot be written: ${error.message}`);
    lost = true;
  });
  // A run that was killed may have left half a line: what follows must not join it.
  if (torn) file.write("\n");
  const keep = (key: string, value: unknown) =>
    typeof value === "string" && textFields.has(key)
      ? traceText === "none" ? "" : preview(value)
      : value;
  return {
    event(event) {
      if (lost) return;
      file.write(JSON.stringify(event, traceText === "full" ? undefined : keep) + "\n");
    },
    async caughtUp() {
      if (!file.writableNeedDrain || lost) return;
      await new Promise<void>((resolve) => {
        file.once("drain", resolve);
        file.once("error", () => resolve());
        file.once("close", resolve);
      });
    },
    async [Symbol.asyncDispose]() {
      if (!lost) await new Promise<void>((resolve) => file.end(() => resolve()));
    },
  };
}

/** Whether the last line of a file lacks its end. */
async function endsInALine(path: string): Promise<boolean> {
  await using file = await open(path, "r");
  const { size } = await file.stat();
  const last = new Uint8Array(1);
  if (size > 0) await file.read(last, 0, 1, size - 1);
  return size > 0 && last[0] !== 0x0a;
}
