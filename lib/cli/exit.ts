/**
 * Exit codes, and how errors are told.
 * @module
 */
import { InputError, RrmError } from "../errors.ts";
import { printable } from "./terminal.ts";

/** What the exit codes of `rrm` mean. */
export const exitCodes = {
  done: 0,
  /** A fault of ours. */
  fault: 1,
  /** Bad usage or bad input: nothing was run. */
  usage: 2,
  /** Done, but some rows ended in error. */
  rowErrors: 3,
  /** Interrupted; everything finished so far is on disk. */
  interrupted: 130,
} as const;

/** A verb was interrupted before it had anything to show. */
export class Interrupted extends Error {
  override name = "Interrupted";
}

/** The exit code of an error, and what to say on stderr. */
export function describeError(error: unknown): { readonly code: number; readonly text: string } {
  if (error instanceof Interrupted) return { code: exitCodes.interrupted, text: "Interrupted." };
  if (RrmError.isInstance(error)) {
    const code = isInput(error) ? exitCodes.usage : exitCodes.fault;
    const hint = error.hint ? `\n${printable(error.hint)}` : "";
    return { code, text: `Error: ${printable(error.message)}${hint}` };
  }
  const stack = error instanceof Error ? error.stack ?? error.message : String(error);
  return {
    code: exitCodes.fault,
    text: `${printable(stack)}\nThis is a fault of rrm, not of what you typed. ` +
      "Please report it with the lines above.",
  };
}

/** Also across duplicate installs of this toolkit, by name. */
function isInput(error: RrmError): boolean {
  return error instanceof InputError || error.name === "InputError";
}
