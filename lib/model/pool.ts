/**
 * Several replicas of one model as one model.
 * @module
 */
import { type Clock, realClock } from "../clock.ts";
import { InputError } from "../errors.ts";
import { leastOutstanding, type ReplicaLoad } from "./pool_policy.ts";
import type { AttemptRequest, BackendInfo, Completer, Message, ModelEvent } from "./types.ts";

/** Options of {@linkcode poolOf}. */
export interface PoolOptions {
  /** Tells how long a replica has been idle. Default: real time. */
  readonly clock?: Clock;
  /** Calls that one replica may hold; more wait, first come, first served. Default: no cap. */
  readonly maxPerReplica?: number | undefined;
}

interface Waiting {
  readonly avoid: readonly string[];
  readonly grant: (index: number) => void;
}

/**
 * Makes one model of its replicas. Each attempt goes to the replica with the fewest calls in
 * flight, ties to the one that has been idle longest; replicas in `request.avoid` only when there
 * is no other. Closing the pool closes the replicas.
 *
 * @throws {InputError} `pool` where the replicas do not serve one model.
 */
export function poolOf(replicas: readonly Completer[], options: PoolOptions = {}): Completer {
  const info = pooledInfo(replicas);
  const { clock = realClock(), maxPerReplica = Infinity } = options;
  const loads: { -readonly [K in keyof ReplicaLoad]: ReplicaLoad[K] }[] = replicas.map(
    (replica, index) => ({ name: nameOf(replica, index), outstanding: 0, idleSinceMs: 0 }),
  );
  const queue: Waiting[] = [];

  function take(avoid: readonly string[]): number | null {
    const index = leastOutstanding(loads, avoid, maxPerReplica);
    if (index !== null) loads[index]!.outstanding++;
    return index;
  }

  function release(index: number): void {
    loads[index]!.outstanding--;
    loads[index]!.idleSinceMs = clock.now();
    for (const [place, waiting] of queue.entries()) {
      const granted = take(waiting.avoid);
      if (granted === null) continue;
      queue.splice(place, 1);
      waiting.grant(granted);
      return;
    }
  }

  function acquire({ avoid, signal }: AttemptRequest): Promise<number> {
    signal.throwIfAborted();
    const index = take(avoid);
    if (index !== null) return Promise.resolve(index);
    return new Promise((resolve, reject) => {
      const leave = () => {
        queue.splice(queue.indexOf(waiting), 1);
        reject(signal.reason);
      };
      const waiting: Waiting = {
        avoid,
        grant(granted) {
          signal.removeEventListener("abort", leave);
          resolve(granted);
        },
      };
      queue.push(waiting);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  async function* complete(
    messages: readonly Message[],
    request: AttemptRequest,
  ): AsyncGenerator<ModelEvent> {
    const index = await acquire(request);
    try {
      yield* replicas[index]!.complete(messages, request);
    } finally {
      release(index);
    }
  }

  const counter = replicas.find((replica) => replica.countTokens);
  return {
    info,
    complete,
    ...(counter && {
      countTokens: (messages: readonly Message[], signal: AbortSignal) =>
        counter.countTokens!(messages, signal),
    }),
    async [Symbol.asyncDispose]() {
      await Promise.all(replicas.map((replica) => replica[Symbol.asyncDispose]()));
    },
  };
}

function nameOf(replica: Completer, index: number): string {
  return replica.info.baseUrls[0] ?? `replica ${index + 1}`;
}

function pooledInfo(replicas: readonly Completer[]): BackendInfo {
  const infos = replicas.map((replica) => replica.info);
  const first = infos[0];
  if (!first) throw new InputError("pool", "A pool needs at least one replica.");
  const other = infos.find((info) => info.model !== first.model);
  if (other) {
    throw new InputError(
      "pool",
      `Replicas must serve one model: ${first.baseUrls} serves "${first.model}", ` +
        `${other.baseUrls} serves "${other.model}".`,
      { hint: "Name the model with --model, or leave one of the --base-urls out." },
    );
  }
  const windows = infos.map((info) => info.contextWindow).filter((window) => window !== null);
  return {
    ...first,
    baseUrls: infos.flatMap((info) => info.baseUrls),
    // One simulated replica makes all times simulated.
    timing: infos.find((info) => info.timing !== "api")?.timing ?? "api",
    contextWindow: windows.length > 0 ? Math.min(...windows) : null,
    constraints: first.constraints.filter((kind) =>
      infos.every((info) => info.constraints.includes(kind))
    ),
  };
}
