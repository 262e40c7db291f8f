/**
 * One conversation on an engine. The transcript is kept here too: it outlives a crash.
 * @module
 */
import { CallError } from "../call_error.ts";
import { requireReady } from "../ready.ts";
import type { AttemptRequest, BackendInfo, Message, ModelEvent, Session } from "../types.ts";
import type { EngineFailure, EngineSettings, EngineUsage } from "./protocol.ts";
import type { RunningEngine } from "./running.ts";

/** How long an engine may take to confirm that a call is over. */
const cancelPatienceMs = 5000;

/** What sessions share. */
export interface EngineHost {
  readonly info: BackendInfo;
  readonly replica: string;
  running(): Promise<RunningEngine>;
  nextId(): number;
  reprefilled(tokens: number): void;
}

/** Where the engine keeps this conversation. */
interface Place {
  readonly engine: RunningEngine;
  readonly name: string;
}

/** Opens a conversation that begins with `past`; `origin` is where the engine holds that past. */
export function engineSession(host: EngineHost, past: readonly Message[], origin?: Place): Session {
  let messages = past;
  let place: Place | undefined;
  let busy = false;
  let closed = false;
  if (origin?.engine.alive) {
    place = { engine: origin.engine, name: `s${host.nextId()}` };
    origin.engine.send({ type: "fork", session: place.name, from: origin.name });
  }

  async function settle(): Promise<Place> {
    const engine = await host.running();
    if (place?.engine === engine) return place;
    const opened = { engine, name: `s${host.nextId()}` };
    engine.send({ type: "open", session: opened.name, messages });
    return place = opened;
  }

  /** Lets go of the engine's copy: the next call opens one from the transcript. */
  function leave(): void {
    if (place?.engine.alive) place.engine.send({ type: "close", session: place.name });
    place = undefined;
  }

  async function* generate(request: AttemptRequest): AsyncGenerator<ModelEvent> {
    requireReady({ closed, busy });
    busy = true;
    try {
      yield* attempt(request);
    } finally {
      busy = false;
    }
  }

  async function* attempt(request: AttemptRequest): AsyncGenerator<ModelEvent> {
    const { signal, turn } = request;
    signal.throwIfAborted();
    const { engine, name } = await settle();
    signal.throwIfAborted();
    const id = host.nextId();
    using inbox = engine.listen(id);
    let patience: ReturnType<typeof setTimeout> | undefined;
    const cancel = () => {
      engine.send({ type: "cancel", id });
      patience ??= setTimeout(() => {
        leave();
        inbox.put({ type: "error", id, code: "cancelled", message: "The engine did not react." });
      }, cancelPatienceMs);
    };
    signal.addEventListener("abort", cancel, { once: true });
    let text = "";
    let over = false;
    try {
      engine.send({ type: "generate", id, session: name, turn, settings: settingsOf(request) });
      while (true) {
        const reply = await inbox.next();
        over = reply.type === "finish" || reply.type === "error";
        if (signal.aborted) {
          // The reply was complete before the engine heard of the end: it is not wanted there.
          if (reply.type === "finish") leave();
          if (over) throw signal.reason;
        } else if (reply.type === "started") {
          const { info: { model }, replica } = host;
          yield { type: "sent", replica, model, lora: reply.lora };
          yield { type: "answered" };
        } else if (reply.type === "delta") {
          text += reply.text;
          yield { type: "delta", text: reply.text, completionTokens: reply.completion_tokens };
        } else if (reply.type === "finish") {
          host.reprefilled(reply.usage.reprefilled_tokens);
          add(turn, text);
          const usage = usageOf(reply.usage);
          yield { type: "finish", finishReason: reply.reason, usage, usageSource: "engine" };
          return;
        } else if (reply.type === "error") {
          throw callError(reply);
        }
      }
    } finally {
      if (!over) {
        cancel();
        while (!over) {
          const reply = await inbox.next();
          over = reply.type === "finish" || reply.type === "error";
          if (reply.type === "finish") leave();
        }
      }
      signal.removeEventListener("abort", cancel);
      clearTimeout(patience);
    }
  }

  function settingsOf(request: AttemptRequest): EngineSettings {
    const { constraint } = request;
    const kept = constraint && host.info.constraints.includes(constraint.kind) ? constraint : null;
    return {
      role: request.role,
      max_tokens: request.maxTokens,
      temperature: request.temperature,
      top_p: request.topP,
      seed: request.seed,
      stop: request.stop,
      thinking: request.thinking,
      constraint: kept,
    };
  }

  function add(turn: readonly Message[], reply: string): void {
    messages = [...messages, ...turn, { role: "assistant", content: reply }];
  }

  return {
    get messages() {
      return messages;
    },
    generate,
    adopt(turn, reply) {
      add(turn, reply);
      if (place?.engine.alive) {
        place.engine.send({ type: "adopt", session: place.name, turn, reply });
      }
    },
    fork: () => engineSession(host, messages, place),
    close() {
      closed = true;
      leave();
      return Promise.resolve();
    },
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}

function callError({ code, message }: EngineFailure): CallError {
  if (code === "context") return new CallError("context", message, { retryable: false });
  return new CallError("engine", message, { retryable: code !== "input" });
}

function usageOf({ prompt_tokens, completion_tokens, cached_tokens }: EngineUsage) {
  return {
    prompt_tokens,
    completion_tokens,
    reasoning_tokens: null,
    cached_tokens,
    total_tokens: prompt_tokens + completion_tokens,
  };
}
