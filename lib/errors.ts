/**
 * The errors this toolkit throws on purpose.
 * @module
 */

const marker: symbol = Symbol.for("rrm.error");

/** Options of {@linkcode RrmError}. */
export interface RrmErrorOptions extends ErrorOptions {
  /** What to do next, one sentence. Shown under the message. */
  readonly hint?: string;
}

/** Base of all errors thrown on purpose: a stable `code`, a message with the value, a hint. */
export class RrmError extends Error {
  /** Stable, machine-readable name of the failure, e.g. `"task-file"`. */
  readonly code: string;
  /** What to do next, if there is something to do. */
  readonly hint: string | undefined;

  /** `code` is stable, for programs; `message` says what failed, with the value and the place. */
  constructor(code: string, message: string, options: RrmErrorOptions = {}) {
    super(message, options);
    this.name = "RrmError";
    this.code = code;
    this.hint = options.hint;
    Object.defineProperty(this, marker, { value: true });
  }

  /** True for errors of this toolkit, also across duplicate installs. */
  static isInstance(error: unknown): error is RrmError {
    return typeof error === "object" && error !== null && marker in error;
  }
}

/** Bad usage or bad input: nothing was run and nothing was written. Exit code 2. */
export class InputError extends RrmError {
  /** `code` names the flag, field or file at fault; `message` says what is wrong with it. */
  constructor(code: string, message: string, options: RrmErrorOptions = {}) {
    super(code, message, options);
    this.name = "InputError";
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
