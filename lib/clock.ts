/**
 * Time, injected: a real clock, and a virtual one that jumps when everything waits.
 * @module
 */

/** Options of {@linkcode Clock.sleep}. */
export interface SleepOptions {
  /** Ends the sleep early: the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A source of monotonic time. */
export interface Clock {
  /** Milliseconds since some fixed point; never runs backwards. */
  now(): number;
  /** Resolves after `ms` milliseconds of this clock's time. */
  sleep(ms: number, options?: SleepOptions): Promise<void>;
}

/** The computer's monotonic clock. */
export function realClock(): Clock {
  return {
    now: () => performance.now(),
    sleep(ms, { signal } = {}) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = () => {
          clearTimeout(timer);
          reject(signal!.reason);
        };
        const timer = setTimeout(() => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        }, ms);
        signal?.addEventListener("abort", onAbort, { once: true });
      });
    },
  };
}

interface Sleeper {
  readonly at: number;
  readonly order: number;
  wake: (() => void) | undefined;
}

/**
 * A discrete-event clock. Whenever all promises have settled and only sleepers are left, it jumps
 * to the earliest of them and wakes it; sleepers of one instant wake in the order they lay down.
 * Nothing real may be waited for meanwhile (no network, no timers): the clock would jump ahead.
 *
 * @example
 * ```ts
 * import { virtualClock } from "./clock.ts";
 * const clock = virtualClock();
 * await clock.sleep(3_600_000); // an hour, at once
 * if (clock.now() !== 3_600_000) throw new Error("the clock is off");
 * ```
 */
export function virtualClock(): Clock {
  const heap: Sleeper[] = [];
  let now = 0;
  let order = 0;
  let pumping = false;

  function pump(): void {
    let next = popEarliest(heap);
    while (next && !next.wake) next = popEarliest(heap);
    if (!next) {
      pumping = false;
      return;
    }
    now = next.at;
    next.wake!();
    // A macrotask: by then every promise that this one settles has run its course.
    setImmediate(pump);
  }

  return {
    now: () => now,
    sleep(ms, { signal } = {}) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper: Sleeper = { at: now + Math.max(0, ms), order: order++, wake: undefined };
        const onAbort = () => {
          sleeper.wake = undefined;
          reject(signal!.reason);
        };
        sleeper.wake = () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        push(heap, sleeper);
        if (!pumping) {
          pumping = true;
          setImmediate(pump);
        }
      });
    },
  };
}

function before(a: Sleeper, b: Sleeper): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Sleeper[], item: Sleeper): void {
  let i = heap.push(item) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!before(item, heap[parent]!)) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = item;
}

function popEarliest(heap: Sleeper[]): Sleeper | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (!top || !last || heap.length === 0) return top;
  let i = 0;
  while (true) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, last)) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = last;
  return top;
}
