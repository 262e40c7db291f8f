/**
 * A model that says what it is told, at given times: for tests of strategies and for dry runs.
 * @module
 */
import { type Clock, realClock } from "../clock.ts";
import { CallError } from "./call_error.ts";
import {
  askScript,
  planReply,
  type ReplySpeed,
  type Script,
  type ScriptedCall,
  type ScriptedError,
  scriptedPromptTokens,
} from "./scripted_reply.ts";
import { transcriptBackend } from "./transcript.ts";
import type { AttemptRequest, Backend, Completer, Message, ModelEvent, Timing } from "./types.ts";

export { loadScript } from "./scripted_file.ts";

/** Options of {@linkcode scriptedBackend}. */
export interface ScriptedOptions extends ReplySpeed {
  /** Times replies. Default: real time; a virtual clock makes hours pass at once. */
  readonly clock?: Clock;
  /** Name of the model. Default `"scripted"`. */
  readonly model?: string;
  /** What rows name the backend. Default `"scripted"`. */
  readonly kind?: string;
  /** Base URL that attempts are said to go to. Default `"scripted:"`. */
  readonly replica?: string;
  /** Longest prompt and reply together, in tokens. Default: unknown. */
  readonly contextWindow?: number;
  /** Default `"simulated"`. */
  readonly timing?: Timing;
}

/**
 * A backend that replies from a script: a function of the call, or a list used up in order.
 * Prompt and completion tokens are counted by `scriptedTokens`; `maxTokens` cuts a reply.
 *
 * @example
 * ```ts
 * import { scriptedBackend } from "@rrm/rrm/testing";
 * await using backend = scriptedBackend(({ prompt }) => `You said: ${prompt}`);
 * ```
 */
export function scriptedBackend(script: Script, options: ScriptedOptions = {}): Backend {
  return transcriptBackend(scriptedCompleter(script, options));
}

/** The stateless model under {@linkcode scriptedBackend}, e.g. as a replica of a pool. */
export function scriptedCompleter(script: Script, options: ScriptedOptions = {}): Completer {
  const { clock = realClock(), model = "scripted", replica = "scripted:" } = options;
  let calls = 0;

  async function* complete(
    messages: readonly Message[],
    request: AttemptRequest,
  ): AsyncGenerator<ModelEvent> {
    const { signal } = request;
    const call = scriptedCall(messages, request, calls++);
    signal.throwIfAborted();
    yield { type: "sent", replica, model, lora: null };
    const reply = await askScript(script, call);
    signal.throwIfAborted();
    if (!reply) {
      throw new CallError("engine", `The script has no reply for call ${call.index + 1}.`, {
        retryable: false,
        hint: "Add replies to the list, or give a function.",
      });
    }
    const plan = planReply(call, reply, options);
    const start = clock.now();
    const reach = async (atMs: number) => {
      const wait = start + atMs - clock.now();
      if (wait > 0) await clock.sleep(wait, { signal });
      signal.throwIfAborted();
    };
    await reach(plan.answerMs);
    if (plan.error && plan.pieces.length === 0) throw callError(plan.error);
    yield { type: "answered" };
    let completionTokens = 0;
    for (const piece of plan.pieces) {
      await reach(piece.atMs);
      completionTokens += piece.tokens;
      yield { type: "delta", [piece.field]: piece.text, completionTokens };
    }
    if (plan.error) throw callError(plan.error);
    const { finishReason, usage } = plan;
    yield { type: "finish", finishReason, usage, usageSource: "engine" };
  }

  return {
    info: {
      kind: options.kind ?? "scripted",
      model,
      baseUrls: options.replica ? [options.replica] : [],
      timing: options.timing ?? "simulated",
      contextWindow: options.contextWindow ?? null,
      constraints: [],
      lora: {},
    },
    complete,
    countTokens: (messages) => Promise.resolve(scriptedPromptTokens(messages)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** What a script is asked for an attempt. */
export function scriptedCall(
  messages: readonly Message[],
  request: AttemptRequest,
  index: number,
): ScriptedCall {
  const prompt = messages.findLast((message) => message.role === "user")?.content ?? "";
  return { messages, role: request.role, turn: request.turn, prompt, index, request };
}

function callError(error: ScriptedError): CallError {
  return new CallError(error.code, error.message ?? `scripted failure (${error.code})`, {
    retryable: error.retryable ?? true,
    status: error.status,
    retryAfterMs: error.retryAfterMs,
  });
}
