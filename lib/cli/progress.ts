/**
 * What is told on stderr while a bench runs: a bar on a terminal, a line for each row elsewhere.
 * @module
 */
import process from "node:process";
import type { BenchProgress } from "../bench/mod.ts";
import type { Bar } from "../deps/cli_progress.ts";
import type { Row } from "../records/row_types.ts";
import { note, printable } from "./terminal.ts";

/** Tells how a bench goes. */
export interface ProgressView {
  readonly onProgress: (progress: BenchProgress) => void;
  /** Takes the bar away. */
  stop(): void;
}

/** A view of a bench; `quiet` shows nothing. */
export async function benchProgress(options: { readonly quiet: boolean }): Promise<ProgressView> {
  if (options.quiet) return { onProgress: () => {}, stop: () => {} };
  return process.stderr.isTTY ? await barView() : lineView();
}

function lineView(): ProgressView {
  let total = 0;
  let done = 0;
  return {
    onProgress(progress) {
      if (progress.type === "message") void note(printable(progress.text));
      else if (progress.type === "start") {
        ({ total, kept: done } = progress);
        void note(startLine(progress));
      } else if (progress.type === "row") {
        done++;
        void note(`[${done}/${total}] ${rowLine(progress.row)}`);
      }
    },
    stop: () => {},
  };
}

async function barView(): Promise<ProgressView> {
  const { SingleBar } = await import("../deps/cli_progress.ts");
  let bar: Bar | undefined;
  let done = 0;
  let calls = 0;
  let last = "";
  const show = () => bar?.update(done, { calls: String(calls), last });
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    onProgress(progress) {
      switch (progress.type) {
        case "message":
          if (bar) last = oneLine(progress.text);
          else void note(printable(progress.text));
          break;
        case "start":
          done = progress.kept;
          void note(startLine(progress));
          bar = new SingleBar({
            format: "{bar} {value}/{total}, {calls} calls in flight, {eta_formatted} left. {last}",
            barsize: 24,
            hideCursor: true,
            clearOnComplete: true,
            stream: process.stderr,
          });
          bar.start(progress.total, done, { calls: "0", last });
          break;
        case "event":
          if (progress.event.type === "call-start") calls++;
          else if (progress.event.type === "call-end") calls = Math.max(0, calls - 1);
          else return;
          break;
        case "row":
          done++;
          last = rowLine(progress.row);
          break;
        case "task-start":
          return;
      }
      show();
    },
    stop,
  };
}

function startLine({ total, kept, out }: BenchProgress & { readonly type: "start" }): string {
  const there = kept > 0 ? `, ${kept} of them there already` : "";
  return `${total} runs${there}; rows go to ${oneLine(out)}`;
}

/** One row in a few words. */
function rowLine(row: Row): string {
  const verdict = row.status !== "ok"
    ? `${row.status}${row.errors[0] ? `: ${row.errors[0]}` : ""}`
    : row.correct === null
    ? "done"
    : row.correct
    ? "correct"
    : "wrong";
  const seconds = (row.latency_ms / 1000).toFixed(1);
  return oneLine(`${row.task_id} ${row.mode}: ${verdict}, ${seconds} s`);
}

function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, " ");
}
