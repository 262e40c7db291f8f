/**
 * One life of an engine process: from its `hello` to its end.
 * @module
 */
import { InputError, messageOf } from "../../errors.ts";
import { type LineProcess, type ProcessOptions, startLines } from "../../runtime/process.ts";
import {
  type EngineHello,
  engineProtocol,
  type EngineReply,
  type EngineRequest,
  readEngineLine,
} from "./protocol.ts";

/** Replies to one request, in order. */
export interface Inbox extends Disposable {
  next(): Promise<EngineReply>;
  /** Puts a reply in by hand. */
  put(reply: EngineReply): void;
}

/** An engine that said hello. */
export interface RunningEngine {
  readonly hello: EngineHello;
  readonly pid: number | undefined;
  /** False once the process has ended or talks nonsense. */
  readonly alive: boolean;
  send(request: EngineRequest): void;
  /** Listens for the replies to request `id`. A crash is an `error` reply. */
  listen(id: number): Inbox;
  stop(): Promise<void>;
}

/** Options of {@linkcode startEngine}. */
export interface StartEngineOptions extends ProcessOptions {
  /** How long loading may take, in milliseconds. */
  readonly startTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts an engine and waits until its model is loaded.
 * @throws {InputError} `engine` when it ends, fails or stays silent before its `hello`.
 */
export async function startEngine(options: StartEngineOptions): Promise<RunningEngine> {
  options.signal?.throwIfAborted();
  const inboxes = new Map<number, Inbox>();
  let failure: string | undefined;
  let greet!: (hello: EngineHello) => void;
  const greeted = new Promise<EngineHello>((resolve) => greet = resolve);

  function fail(reason: string): void {
    failure ??= reason;
    for (const [id, inbox] of inboxes) {
      inbox.put({ type: "error", id, code: "engine", message: failure });
    }
  }

  function onLine(line: string): void {
    try {
      const message = readEngineLine(line);
      if (message === null) return;
      if (message.type === "hello") greet(message);
      else if (message.type === "error" && message.id === null) fail(message.message);
      else inboxes.get(message.id!)?.put(message);
    } catch (error) {
      fail(
        `The engine broke the protocol with ${JSON.stringify(line.slice(0, 200))}: ${
          messageOf(error)
        }`,
      );
      child.kill();
    }
  }

  const child: LineProcess = startLines({ ...options, onLine });
  const over = child.exit.then(({ code, signal, error }) => {
    const why = error ? error.message : signal ? `signal ${signal}` : `exit status ${code}`;
    const tail = child.stderr().trim();
    fail(`The engine process ended (${why})${tail ? `:\n${tail}` : "."}`);
  });

  const hello = await firstOf(greeted, over, options);
  if (hello === null || hello.protocol !== engineProtocol) {
    const reason = failure ??
      (hello === null
        ? `The engine did not load its model within ${options.startTimeoutMs / 1000} s.`
        : `The engine speaks protocol ${hello.protocol}, this is ${engineProtocol}.`);
    await child.stop(0);
    options.signal?.throwIfAborted();
    throw new InputError("engine", `The engine did not start: ${reason}`, {
      hint: "Check the model file and the engine with `rrm doctor`.",
    });
  }

  return {
    hello,
    pid: child.pid,
    get alive() {
      return failure === undefined;
    },
    send: (request) => child.send(JSON.stringify(request)),
    listen(id) {
      const inbox = createInbox(() => inboxes.delete(id));
      inboxes.set(id, inbox);
      if (failure !== undefined) inbox.put({ type: "error", id, code: "engine", message: failure });
      return inbox;
    },
    async stop() {
      await child.stop();
      await over;
    },
  };
}

/** The greeting; `null` when the process ended first, the time is up, or the signal fired. */
async function firstOf(
  greeted: Promise<EngineHello>,
  over: Promise<void>,
  { startTimeoutMs, signal }: StartEngineOptions,
): Promise<EngineHello | null> {
  return await new Promise((resolve) => {
    const end = (hello: EngineHello | null) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
      resolve(hello);
    };
    const giveUp = () => end(null);
    const timer = setTimeout(giveUp, startTimeoutMs);
    signal?.addEventListener("abort", giveUp, { once: true });
    greeted.then(end);
    over.then(giveUp);
  });
}

function createInbox(dispose: () => void): Inbox {
  const replies: EngineReply[] = [];
  let wake: (() => void) | undefined;
  return {
    put(reply) {
      replies.push(reply);
      wake?.();
    },
    async next() {
      while (replies.length === 0) await new Promise<void>((resolve) => wake = resolve);
      return replies.shift()!;
    },
    [Symbol.dispose]: dispose,
  };
}
