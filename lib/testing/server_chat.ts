/**
 * One chat completion of the test server.
 * @module
 */
import type { ServerResponse } from "node:http";
import { z } from "../deps/zod.ts";
import { realClock } from "../clock.ts";
import { scriptedCall } from "../model/scripted.ts";
import { askScript, planReply, scriptedPromptTokens } from "../model/scripted_reply.ts";
import type { ScriptedCall } from "../model/scripted_reply.ts";
import type { AttemptRequest } from "../model/types.ts";
import { type Frame, replyFrames, wholeReply, withFault } from "./server_frames.ts";
import { type Counts, refuse, reply } from "./server_http.ts";
import type { Fault, TestServerOptions } from "./server_options.ts";

const messageSchema = z.object({
  role: z.enum(["system", "user", "assistant"]),
  content: z.string(),
});

const bodySchema = z.object({
  model: z.string(),
  messages: z.array(messageSchema).min(1),
  max_tokens: z.number().int().positive().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  seed: z.number().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({
    include_usage: z.boolean().nullish(),
    continuous_usage_stats: z.boolean().nullish(),
  }).nullish(),
  chat_template_kwargs: z.object({ enable_thinking: z.boolean().nullish() }).nullish(),
  thinking_token_budget: z.number().nullish(),
});

type Body = z.infer<typeof bodySchema>;

/** Options with their defaults filled in. */
export type Settings =
  & TestServerOptions
  & Required<Pick<TestServerOptions, "script" | "model" | "maxModelLen" | "shape">>;

/** Answers a request to `/v1/chat/completions`, in its own time. */
export async function answerChat(
  input: unknown,
  response: ServerResponse,
  settings: Settings,
  counts: Counts,
): Promise<void> {
  const started = performance.now();
  const index = counts.requests++;
  const parsed = bodySchema.safeParse(input);
  if (!parsed.success) return refuse(response, 400, "Bad Request", z.prettifyError(parsed.error));
  const body = parsed.data;
  if (body.model !== settings.model) {
    const message = `The model \`${body.model}\` does not exist. Valid aliases: ${settings.model}.`;
    return refuse(response, 404, "NotFoundError", message, "model");
  }
  const prompt = scriptedPromptTokens(body.messages);
  const asked = body.max_tokens ?? Math.max(1, settings.maxModelLen - prompt);
  if (prompt + asked > settings.maxModelLen) {
    const message = overflowMessage(prompt, asked, settings.maxModelLen);
    return refuse(response, 400, "BadRequestError", message, "input_tokens");
  }
  counts.promptTokens += prompt;
  counts.maxInFlight = Math.max(counts.maxInFlight, ++counts.inFlight);
  const gone = new AbortController();
  const leave = () => gone.abort();
  response.on("close", leave);
  const time = schedule(started, gone.signal);
  try {
    await answer(body, callOf(body, asked, index, gone.signal), response, settings, counts, time);
  } catch (error) {
    if (!gone.signal.aborted) throw error;
    counts.aborted++;
  } finally {
    response.off("close", leave);
    counts.inFlight--;
  }
}

async function answer(
  body: Body,
  call: ScriptedCall,
  response: ServerResponse,
  settings: Settings,
  counts: Counts,
  time: Schedule,
): Promise<void> {
  const fault = settings.fault?.(call) ?? null;
  if (fault?.kind === "status") return refuseAs(response, fault);
  if (fault?.kind === "hang") await time.forever();
  const scripted = await askScript(settings.script, call) ?? { error: { code: "engine" } };
  const plan = planReply(call, scripted, settings);
  const head = { id: `chatcmpl-${call.index}`, created: 0, model: settings.model };
  if (plan.error && plan.pieces.length === 0) {
    await time.reach(plan.answerMs);
    const { status = 500, message = "scripted failure" } = plan.error;
    return refuse(response, status, "InternalServerError", message);
  }
  if (!body.stream) {
    await time.reach(plan.pieces.at(-1)?.atMs ?? plan.answerMs);
    reply(response, 200, wholeReply(head, plan, settings.shape));
    counts.completionTokens += plan.usage.completion_tokens ?? 0;
    counts.completed++;
    return;
  }
  const frames = replyFrames(head, plan, settings.shape, {
    final: body.stream_options?.include_usage ?? false,
    continuous: body.stream_options?.continuous_usage_stats ?? false,
  });
  await play(fault ? withFault(frames, head, fault) : frames, response, counts, time);
  if (!fault && !plan.error) counts.completed++;
}

async function play(
  frames: readonly Frame[],
  response: ServerResponse,
  counts: Counts,
  time: Schedule,
): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  response.flushHeaders();
  for (const frame of frames) {
    await time.reach(frame.atMs);
    if (frame.send.length > 0) response.write(frame.send);
    counts.completionTokens += frame.tokens;
    if (frame.then === "stall") await time.forever();
    if (frame.then === "destroy") {
      await time.flush();
      response.destroy();
      return;
    }
  }
  response.end();
}

/** Points in time of one reply; every wait ends with the client. */
interface Schedule {
  /** Waits until `atMs` after the request. Lateness does not add up. */
  reach(atMs: number): Promise<void>;
  forever(): Promise<never>;
  /** Lets what was written leave the process. */
  flush(): Promise<void>;
}

function schedule(started: number, signal: AbortSignal): Schedule {
  const clock = realClock();
  return {
    async reach(atMs) {
      const wait = started + atMs - performance.now();
      if (wait > 0) await clock.sleep(wait, { signal });
      signal.throwIfAborted();
    },
    forever: () =>
      new Promise((_, reject) => {
        if (signal.aborted) reject(signal.reason);
        else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      }),
    flush: () => clock.sleep(5, { signal }),
  };
}

function refuseAs(response: ServerResponse, fault: Extract<Fault, { kind: "status" }>): void {
  const { status, retryAfter } = fault;
  const message = "This failure was asked for by a test.";
  const standard = { error: { message, type: "TestFault", param: null, code: status } };
  const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  reply(response, status, fault.body ?? standard, headers);
}

function overflowMessage(prompt: number, asked: number, window: number): string {
  if (asked > window) {
    return `max_tokens=${asked} cannot be greater than max_model_len=${window}. Please request ` +
      `fewer output tokens. (parameter=max_tokens, value=${asked})`;
  }
  // As vLLM does: it stops counting the prompt as soon as it is clear that it cannot fit.
  const least = Math.min(prompt, window - asked + 1);
  return `This model's maximum context length is ${window} tokens. However, you requested ${asked} ` +
    `output tokens and your prompt contains at least ${least} input tokens, for a total of at ` +
    `least ${
      least + asked
    } tokens. Please reduce the length of the input prompt or the number of ` +
    `requested output tokens. (parameter=input_tokens, value=${least})`;
}

function callOf(body: Body, maxTokens: number, index: number, signal: AbortSignal): ScriptedCall {
  const { messages } = body;
  const thinking = body.chat_template_kwargs?.enable_thinking;
  const request: AttemptRequest = {
    call: `chatcmpl-${index}`,
    role: "unknown",
    turn: messages.slice(-1),
    maxTokens,
    thinking: body.thinking_token_budget ??
      (thinking === true ? "on" : thinking === false ? "off" : null),
    temperature: body.temperature ?? null,
    topP: body.top_p ?? null,
    seed: body.seed ?? null,
    constraint: null,
    stop: [],
    avoid: [],
    signal,
  };
  return scriptedCall(messages, request, index);
}
