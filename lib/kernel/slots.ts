/**
 * Slots: how many attempts may be in flight. An attempt holds one; a waiting node never does.
 * @module
 */

/** A counting semaphore, first come first served. */
export interface Slots {
  /** Resolves with a function that gives the slot back (once; later calls do nothing). */
  acquire(signal: AbortSignal): Promise<() => void>;
  readonly inFlight: number;
}

interface Waiter {
  grant: (() => void) | undefined;
}

/** Makes `limit` slots. */
export function createSlots(limit: number): Slots {
  const queue: Waiter[] = [];
  let head = 0;
  let inFlight = 0;

  function next(): void {
    while (head < queue.length && inFlight < limit) {
      const waiter = queue[head++]!;
      waiter.grant?.();
    }
    if (head > 1024 && head * 2 > queue.length) {
      queue.splice(0, head);
      head = 0;
    }
  }

  function take(): () => void {
    inFlight++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      inFlight--;
      next();
    };
  }

  return {
    get inFlight() {
      return inFlight;
    },
    acquire(signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (inFlight < limit) return Promise.resolve(take());
      return new Promise((resolve, reject) => {
        const waiter: Waiter = { grant: undefined };
        const onAbort = () => {
          waiter.grant = undefined;
          reject(signal.reason);
        };
        waiter.grant = () => {
          signal.removeEventListener("abort", onAbort);
          resolve(take());
        };
        signal.addEventListener("abort", onAbort, { once: true });
        queue.push(waiter);
      });
    },
  };
}
