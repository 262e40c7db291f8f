/**
 * A backend whose model lives in a process of its own and keeps each session's state across calls.
 * @module
 */
import { InputError } from "../../errors.ts";
import type { ProcessOptions } from "../../runtime/process.ts";
import { CallError } from "../call_error.ts";
import type { Backend, BackendInfo, Message, Session } from "../types.ts";
import { type RunningEngine, startEngine } from "./running.ts";
import { engineSession } from "./session.ts";

/** Options of {@linkcode engineBackend}. */
export interface EngineBackendOptions extends ProcessOptions {
  /** How rows name the backend. Default `engine`. */
  readonly kind?: string;
  /** How rows name this process among replicas. Default: the kind. */
  readonly replica?: string;
  /** How long loading the model may take, in milliseconds. Default 300,000. */
  readonly startTimeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** What an engine has done so far. */
export interface EngineStats {
  /** Process id of the present engine. */
  readonly pid: number | undefined;
  /** Engines started, the first included. */
  readonly starts: number;
  /** Tokens of sessions' pasts that were evaluated again because their state had been evicted. */
  readonly reprefilledTokens: number;
}

/** A backend behind an engine process. */
export interface EngineBackend extends Backend {
  stats(): EngineStats;
}

/**
 * Starts an engine process and opens conversations on it. A crash fails the calls in flight
 * (`CallError` `engine`, retryable); the next call starts the process again, and sessions go on
 * from their transcripts.
 * @throws {InputError} `engine` when the engine does not start.
 */
export async function engineBackend(options: EngineBackendOptions): Promise<EngineBackend> {
  const kind = options.kind ?? "engine";
  const startTimeoutMs = options.startTimeoutMs ?? 300_000;
  let live = await startEngine({ ...options, startTimeoutMs });
  let engine = Promise.resolve(live);
  let starting = false;
  let starts = 1;
  let reprefilledTokens = 0;
  let ids = 0;
  let closed = false;

  /** The live engine, started again where it had ended. */
  async function running(): Promise<RunningEngine> {
    if (closed) throw new CallError("engine", "The engine is closed.", { retryable: false });
    if (!live.alive && !starting) {
      starting = true;
      engine = restart().finally(() => starting = false);
    }
    return await engine;
  }

  async function restart(): Promise<RunningEngine> {
    try {
      await live.stop();
      live = await startEngine({ ...options, startTimeoutMs, signal: undefined });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new CallError("engine", error.message, { retryable: true, cause: error });
    }
    starts++;
    return live;
  }

  const info: BackendInfo = {
    kind,
    model: live.hello.model,
    baseUrls: [],
    timing: "api",
    contextWindow: live.hello.context_window,
    constraints: live.hello.constraints,
    lora: live.hello.lora,
  };
  const host = {
    info,
    replica: options.replica ?? kind,
    running,
    nextId: () => ++ids,
    reprefilled: (tokens: number) => void (reprefilledTokens += tokens),
  };

  return {
    info,
    open: (): Session => engineSession(host, []),
    stats: () => ({ pid: live.pid, starts, reprefilledTokens }),
    async countTokens(messages: readonly Message[], signal: AbortSignal): Promise<number> {
      signal.throwIfAborted();
      const engine = await running();
      const id = host.nextId();
      using inbox = engine.listen(id);
      engine.send({ type: "count", id, messages });
      const reply = await inbox.next();
      signal.throwIfAborted();
      if (reply.type === "counted") return reply.tokens;
      const message = reply.type === "error" ? reply.message : `unexpected ${reply.type}`;
      throw new CallError("engine", message, { retryable: true });
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      await engine.catch(() => {});
      await live.stop();
    },
  };
}
