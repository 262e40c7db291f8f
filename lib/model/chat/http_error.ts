/**
 * A refused request, as a `CallError`.
 * @module
 */
import { CallError } from "../call_error.ts";
import { readErrorText } from "./error_body.ts";
import { nameOf, textOf } from "./http.ts";
import { type Overflow, readOverflow } from "./overflow.ts";

/** A refusal, and what it says about the window if it is about that. */
export interface Refusal {
  readonly error: CallError;
  readonly overflow: Overflow | null;
}

const retried: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/** Whether a request that met this status may succeed when it is sent again. */
export function isRetried(status: number): boolean {
  return retried.has(status) || status >= 500;
}

/** Reads the body of a response that is no success. */
export async function readRefusal(response: Response, signal: AbortSignal): Promise<Refusal> {
  const { status } = response;
  const { message, code } = readErrorText(await textOf(response, signal));
  const overflow = status === 400 || status === 413 || status === 422
    ? readOverflow(message, code)
    : null;
  const error = new CallError(
    overflow ? "context" : "http",
    `${nameOf(response)} answered ${status}: ${message}`,
    {
      status,
      retryable: isRetried(status),
      retryAfterMs: retryAfter(response.headers),
      ...hintFor(status),
    },
  );
  return { error, overflow };
}

function hintFor(status: number): { hint?: string } {
  if (status === 401 || status === 403) {
    return { hint: "Check the key: --api-key-env names the variable that holds it." };
  }
  if (status === 404) return { hint: "Check --base-urls (they end in /v1) and --model." };
  return {};
}

/** `Retry-After` in milliseconds: seconds, or a date on the server's own clock. */
export function retryAfter(headers: Headers): number | undefined {
  const millis = Number(headers.get("retry-after-ms") ?? NaN);
  if (millis >= 0) return millis;
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  const seconds = Number(value);
  if (seconds >= 0) return seconds * 1000;
  const until = Date.parse(value) - Date.parse(headers.get("date") ?? "");
  return until >= 0 ? until : undefined;
}
