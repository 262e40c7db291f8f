/**
 * `rrm bench`: tasks under modes, a row for each.
 * @module
 */
import type { BenchResult } from "../../bench/mod.ts";
import { benchFlags } from "../bench_flags.ts";
import { exitCodes } from "../exit.ts";
import { jsonFlag, quietFlag } from "../flags.ts";
import { interruptible } from "../interrupt.ts";
import { note, print, printable } from "../terminal.ts";
import type { Verb } from "../verb.ts";

/** Runs a bench. */
export const bench: Verb = {
  name: "bench",
  args: "[tasks...]",
  summary: "run task files under one or more modes",
  flags: [...benchFlags, jsonFlag, quietFlag],
  footer: "Rows appear in --out as tasks end; the same command again runs only what is missing.",
  async run(tasks, flags) {
    const { readBenchOptions } = await import("../bench_options.ts");
    const options = await readBenchOptions(tasks, flags);
    const quiet = flags.quiet === true;
    const { runBench } = await import("../../bench/mod.ts");
    const { benchProgress } = await import("../progress.ts");
    const view = await benchProgress({ quiet });
    const result = await interruptible(async (signal) => {
      try {
        return await runBench(options, { signal, onProgress: view.onProgress });
      } finally {
        view.stop();
      }
    });
    if (!quiet) await note(summaryOf(result));
    await print(flags.json === true ? JSON.stringify(result, null, 2) : printable(result.out));
    return exitCodeOf(result);
  },
};

/** The exit code of a bench that ended. */
export function exitCodeOf(result: BenchResult): number {
  if (result.interrupted) return exitCodes.interrupted;
  return result.statuses.error > 0 ? exitCodes.rowErrors : exitCodes.done;
}

function summaryOf(result: BenchResult): string {
  const ended = Object.entries(result.statuses).filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status}`).join(", ");
  const missing = result.missing > 0
    ? ` ${result.missing} not run: the same command goes on with them.`
    : "";
  return `${result.rows} ${result.rows === 1 ? "row" : "rows"} (this run: ${
    ended || "none"
  }).${missing}`;
}
