/**
 * The server that `deno task test:servers` hands to these tests, and what it tells about itself.
 * @module
 */
import process from "node:process";
import { type ChatOptions, connectChat } from "../../lib/model/chat/mod.ts";
import type { AttemptRequest, Completer } from "../../lib/model/types.ts";
import { attempt, hear, type Heard } from "../model/scripted_kit.ts";

const { RRM_TEST_VLLM_URL, RRM_TEST_VLLM_PID, RRM_TEST_VLLM_MISSING } = process.env;

/** Where the server is; empty without one. */
export const baseUrl: string = RRM_TEST_VLLM_URL ?? "";

/** Why the tests are skipped, or `false`. */
export const skip: string | false = baseUrl !== "" ? false : RRM_TEST_VLLM_MISSING ??
  "run them by `deno task test:servers`, or name a vLLM with RRM_TEST_VLLM_URL=http://…/v1";

/** Process group of the server; `null` where it is not one of ours and may not be ended. */
export const pid: number | null = RRM_TEST_VLLM_PID ? Number(RRM_TEST_VLLM_PID) : null;

/** Connects to the server. */
export function connect(options: Partial<ChatOptions> = {}): Promise<Completer> {
  return connectChat({ baseUrl, ...options });
}

/** Hides how long the window is, as some routers do. */
export const withoutWindow: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (!String(input).endsWith("/models")) return response;
  return new Response((await response.text()).replace(/"max_model_len":\d+,?/g, ""));
};

/** Asks once, with little to say and always the same. */
export function ask(
  model: Completer,
  prompt: string,
  more: Partial<AttemptRequest> = {},
): Promise<Heard> {
  const request = attempt(prompt, { maxTokens: 200, temperature: 0, thinking: "off", ...more });
  return hear(model.complete(request.turn, request));
}

/** The sum of one of the server's counters or gauges. */
export async function metric(name: string): Promise<number> {
  const response = await fetch(baseUrl.replace(/\/v1$/, "/metrics"));
  let sum = 0;
  for (const line of (await response.text()).split("\n")) {
    if (line.startsWith(`${name}{`)) sum += Number(line.slice(line.lastIndexOf(" ")));
  }
  return sum;
}

/** Waits until something holds, at most so long; returns how long it took, in milliseconds. */
export async function until(holds: () => Promise<boolean>, withinMs: number): Promise<number> {
  const started = performance.now();
  while (!(await holds())) {
    const waited = Math.round(performance.now() - started);
    if (waited > withinMs) throw new Error(`It did not come to hold within ${waited} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return performance.now() - started;
}
