/**
 * Bodies in and out of the test server.
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TestServerStats } from "./server_options.ts";

/** The server's counts while it counts. */
export type Counts = { -readonly [K in keyof TestServerStats]: TestServerStats[K] };

/** Reads a body as JSON; what is wrong with it is returned, not thrown. */
export async function readJson(
  request: IncomingMessage,
): Promise<{ value: unknown; error?: string }> {
  let text = "";
  request.setEncoding("utf8");
  for await (const chunk of request) text += chunk;
  if (text === "") return { value: undefined };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { value: undefined, error: `1 validation error: JSON decode error: ${error}` };
  }
}

/** Answers at once, with JSON or with nothing. */
export function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(text);
}

/** Answers with a failure, worded as vLLM does. */
export function refuse(
  response: ServerResponse,
  status: number,
  type: string,
  message: string,
  param: string | null = null,
): void {
  reply(response, status, { error: { message, type, param, code: status } });
}
