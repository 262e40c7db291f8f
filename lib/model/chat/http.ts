/**
 * Requests to a model server: keys, addresses, bodies, and failures that are not answers.
 * @module
 */
import { messageOf } from "../../errors.ts";
import { CallError } from "../call_error.ts";

/** How a server is reached. */
export interface HttpOptions {
  /** Sent as a bearer token. */
  readonly apiKey?: string | undefined;
  /** Default: the runtime's own. */
  readonly fetch?: typeof fetch | undefined;
}

/** Sends a request; throws `CallError("connection")`, or the signal's reason once it is aborted. */
export async function send(
  url: string,
  body: unknown,
  signal: AbortSignal,
  options: HttpOptions,
): Promise<Response> {
  const init = {
    method: body === undefined ? "GET" : "POST",
    headers: {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(options.apiKey && { authorization: `Bearer ${options.apiKey}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal,
    // Bun gives up on silent requests after five minutes unless told not to.
    timeout: false,
  };
  try {
    return await (options.fetch ?? fetch)(url, init);
  } catch (cause) {
    signal.throwIfAborted();
    throw new CallError("connection", `${url} cannot be reached: ${reasonOf(cause)}`, {
      retryable: true,
      cause,
    });
  }
}

/** Why a `fetch` failed: Deno and Node say only "fetch failed", and the reason in the cause. */
function reasonOf(error: unknown): string {
  const cause = (error as { cause?: unknown } | undefined)?.cause;
  return messageOf(cause instanceof Error ? cause : error)
    .replace(/^error sending request for url \([^)]*\): /, "");
}

/** The text of a short response; failures as of {@linkcode send}. */
export async function textOf(response: Response, signal: AbortSignal): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    signal.throwIfAborted();
    throw brokenOff(response, cause);
  }
}

/** Who answered; a `fetch` of one's own may not say. */
export function nameOf(response: Response): string {
  return response.url || "The server";
}

function brokenOff(response: Response, cause: unknown): CallError {
  const message = `${nameOf(response)} broke off: ${reasonOf(cause)}`;
  return new CallError("cut", message, { retryable: true, cause });
}

/**
 * The bytes of a response. A reader that stops early closes the connection, unless the rest comes
 * at once: then it is read, so that the connection can serve the next request.
 */
export async function* bytesOf(
  response: Response,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  if (!response.body) return;
  const reader = response.body.getReader();
  let ended = false;
  try {
    while (true) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      ended = done;
      if (done) return;
      yield value;
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw brokenOff(response, cause);
  } finally {
    if (!ended) await finish(reader);
  }
}

async function finish(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<void>((resolve) => timer = setTimeout(resolve, 20));
  await Promise.race([readToEnd(reader), limit]);
  clearTimeout(timer);
  await reader.cancel().catch(() => {});
}

async function readToEnd(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // It broke off: nothing more to read either way.
  }
}
