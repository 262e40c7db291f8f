/**
 * Models behind an OpenAI-compatible server (vLLM first), by streamed chat completions.
 * @module
 */
import { z } from "../../deps/zod.ts";
import { CallError } from "../call_error.ts";
import type { AttemptRequest, BackendInfo, Completer, Message, ModelEvent } from "../types.ts";
import { readErrorText } from "./error_body.ts";
import { readRefusal } from "./http_error.ts";
import { bytesOf, type HttpOptions, nameOf, send, textOf } from "./http.ts";
import {
  clampToWindow,
  estimatePromptTokens,
  fittingMaxTokens,
  type Overflow,
} from "./overflow.ts";
import { chooseModel, probeServer } from "./probe.ts";
import { requestBody } from "./request.ts";
import { readReply, streamError } from "./stream.ts";

/** Options of {@linkcode connectChat}. */
export interface ChatOptions extends HttpOptions {
  /** Where the server's API begins, e.g. `http://127.0.0.1:8000/v1`. */
  readonly baseUrl: string;
  /** Default: the server's only model. */
  readonly model?: string | undefined;
  /** What rows name the backend. Default: `vllm` where the server is one, else `chat`. */
  readonly kind?: string | undefined;
  /** Ask vLLM for token counts on every chunk. Default `true`. */
  readonly continuousUsage?: boolean | undefined;
  /** Ends the connecting, not the connection. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Connects to a server: asks what it serves, then streams replies. Each attempt is one request;
 * nothing is retried here. An aborted attempt closes its connection, so that the server stops.
 *
 * @throws {InputError} as `probeServer`, or `unknown-model`.
 */
export async function connectChat(options: ChatOptions): Promise<Completer> {
  const server = await probeServer(options.baseUrl, options);
  const { id: model, max_model_len: window, simulated } = chooseModel(server, options.model);
  const { baseUrl, vllm } = server;
  const url = `${baseUrl}/chat/completions`;
  const traits = { model, vllm, continuousUsage: options.continuousUsage ?? true };

  async function* complete(
    messages: readonly Message[],
    request: AttemptRequest,
  ): AsyncGenerator<ModelEvent> {
    const { signal } = request;
    signal.throwIfAborted();
    yield { type: "sent", replica: baseUrl, model, lora: null };
    const maxTokens = window === null
      ? request.maxTokens
      : clampToWindow(request.maxTokens, estimatePromptTokens(messages), window);
    const body = requestBody(messages, request, maxTokens, traits);
    const response = await send(url, body, signal, options);
    if (!response.ok) {
      const { error, overflow } = await readRefusal(response, signal);
      throw overflow ? await withFittingLimit(error, overflow, maxTokens, messages, signal) : error;
    }
    await checkStream(response, signal);
    yield { type: "answered" };
    yield* readReply(bytesOf(response, signal));
  }

  async function withFittingLimit(
    error: CallError,
    overflow: Overflow,
    asked: number,
    messages: readonly Message[],
    signal: AbortSignal,
  ): Promise<CallError> {
    const limit = overflow.window ?? window;
    if (limit === null) return error;
    const prompt = overflow.prompt ??
      (counts ? await countTokens(messages, signal).catch(() => null) : null) ??
      Math.max(estimatePromptTokens(messages), limit - asked + 1);
    signal.throwIfAborted();
    return new CallError(error.code, error.message, {
      cause: error,
      retryable: false,
      status: error.status,
      maxTokens: fittingMaxTokens(asked, prompt, limit),
      hint: `The window holds ${limit} tokens, and the prompt has about ${prompt}.`,
    });
  }

  async function countTokens(messages: readonly Message[], signal: AbortSignal): Promise<number> {
    const at = `${baseUrl.replace(/\/v1$/, "")}/tokenize`;
    const response = await send(
      at,
      // The empty thought that templates write when nothing is thought is counted too: a budget
      // must never be overshot.
      {
        model,
        messages,
        add_generation_prompt: true,
        chat_template_kwargs: { enable_thinking: false },
      },
      signal,
      options,
    );
    if (!response.ok) throw (await readRefusal(response, signal)).error;
    return countSchema.parse(JSON.parse(await textOf(response, signal))).count;
  }

  // Routers in front of vLLM may not pass /tokenize on.
  const signal = options.signal ?? new AbortController().signal;
  const counts = vllm &&
    await countTokens([{ role: "user", content: "x" }], signal).then(() => true, () => false);
  signal.throwIfAborted();
  const info: BackendInfo = {
    kind: options.kind ?? (vllm ? "vllm" : "chat"),
    model,
    baseUrls: [baseUrl],
    timing: simulated ? "simulated" : "api",
    contextWindow: window,
    constraints: vllm ? ["grammar", "json-schema"] : [],
    lora: {},
  };
  return {
    info,
    complete,
    ...(counts && { countTokens }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

const countSchema = z.object({ count: z.number().int() });

async function checkStream(response: Response, signal: AbortSignal): Promise<void> {
  const type = response.headers.get("content-type") ?? "";
  if (type.includes("event-stream")) return;
  const body = (await textOf(response, signal)).slice(0, 2000);
  const failed = /^\s*\{\s*"error"/.test(body);
  if (failed) throw streamError(readErrorText(body), { begun: false });
  throw new CallError(
    "malformed",
    `${nameOf(response)} answered with "${type}" and not with an event stream: ${
      JSON.stringify(body.slice(0, 200))
    }`,
    { retryable: true },
  );
}
