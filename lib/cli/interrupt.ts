/**
 * Ctrl-C: once asks to end cleanly, twice ends at once.
 * @module
 */
import process from "node:process";
import { exitCodes, Interrupted } from "./exit.ts";
import { note } from "./terminal.ts";

/** Runs `work` with a signal that Ctrl-C (or SIGTERM) aborts. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    void note("Interrupted: ending what runs. Once more to quit at once.");
    controller.abort(new Interrupted("interrupted"));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}
