/**
 * The failure of one attempt, with all that a retry needs to know.
 * @module
 */
import { RrmError, type RrmErrorOptions } from "../errors.ts";

/** Options of {@linkcode CallError}. */
export interface CallErrorOptions extends RrmErrorOptions {
  /** Whether another attempt may succeed. */
  readonly retryable: boolean;
  /** HTTP status, where there is one. */
  readonly status?: number | undefined;
  /** The server's `Retry-After`, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** A smaller `maxTokens` that the server says would fit: try once more with it, at once. */
  readonly maxTokens?: number | undefined;
}

/**
 * One attempt failed. `code` is one of `connection`, `timeout`, `http`, `cut` (stream ended before
 * its finish), `malformed`, `stream-error` (an error object inside a 200 stream), `abort` (finish
 * reason), `context` (does not fit the window), `engine`.
 */
export class CallError extends RrmError {
  /** Whether another attempt may succeed. */
  readonly retryable: boolean;
  /** HTTP status; absent where the failure was none of HTTP's. */
  readonly status: number | undefined;
  /** The server's `Retry-After`, in milliseconds; absent where it named none. */
  readonly retryAfterMs: number | undefined;
  /** A smaller `maxTokens` that the server says would fit; absent unless it said so. */
  readonly maxTokens: number | undefined;

  /** `code` is one of those above; `message` says what failed, with the server and the value. */
  constructor(code: string, message: string, options: CallErrorOptions) {
    super(code, message, options);
    this.name = "CallError";
    this.retryable = options.retryable;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.maxTokens = options.maxTokens;
  }
}
