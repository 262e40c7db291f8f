/**
 * The shapes in which servers say what went wrong.
 * @module
 */

/** What an error body says. */
export interface ErrorBody {
  readonly message: string;
  /** The HTTP status that the body itself names (`code: 503`). */
  readonly status: number | undefined;
  /** A name such as `context_length_exceeded`. */
  readonly code: string | undefined;
}

/**
 * Reads a parsed body: `{error: {message, code}}` (OpenAI, vLLM), `{message, code}` (older vLLM),
 * `{error: "…"}` (vLLM's key check), `{detail: "…"}` or `{detail: [{msg}]}` (FastAPI), plain text.
 */
export function readErrorBody(body: unknown): ErrorBody {
  if (typeof body === "string") {
    return { message: shorten(body), status: undefined, code: undefined };
  }
  if (!isRecord(body)) return { message: shorten(body), status: undefined, code: undefined };
  if (body["error"] !== undefined && body["error"] !== null) return readErrorBody(body["error"]);
  if (Array.isArray(body["detail"])) {
    const parts = body["detail"].map((item) => isRecord(item) ? item["msg"] ?? item : item);
    return readErrorBody(parts.map((part) => shorten(part)).join("; "));
  }
  if (body["detail"] !== undefined) return readErrorBody(body["detail"]);
  const code = body["code"];
  const status = Number(code);
  return {
    message: shorten(body["message"] ?? body),
    status: status >= 400 && status < 600 ? status : undefined,
    code: typeof code === "string" ? code : undefined,
  };
}

/** {@linkcode readErrorBody} of a body's text, JSON or not. */
export function readErrorText(text: string): ErrorBody {
  try {
    return readErrorBody(JSON.parse(text));
  } catch {
    return readErrorBody(text.trim() || "(empty body)");
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shorten(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? String(value);
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
