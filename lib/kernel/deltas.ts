/**
 * The buffer between a stream that the kernel drains and a strategy that reads at its own pace.
 * @module
 */
import type { Delta } from "./types.ts";

/** A queue of deltas with one reader. */
export interface DeltaQueue extends AsyncIterable<Delta> {
  push(delta: Delta): void;
  /** Ends the queue; with an error, the reader gets it after what is buffered. */
  end(error?: unknown): void;
  /** Resolves when the reader has taken all so far, or does not read. */
  drained(): Promise<void>;
}

/** Makes an empty queue. */
export function createDeltaQueue(): DeltaQueue {
  let buffer: Delta[] = [];
  let head = 0;
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  let reading = false;
  let wakeReader: (() => void) | undefined;
  const wakeDrained: (() => void)[] = [];

  function signalDrained(): void {
    for (const wake of wakeDrained.splice(0)) wake();
  }

  async function* read(): AsyncGenerator<Delta, void> {
    if (reading) throw new TypeError("The deltas of a call can be read only once");
    reading = true;
    try {
      while (true) {
        while (head < buffer.length) yield buffer[head++]!;
        buffer = [];
        head = 0;
        signalDrained();
        if (ended) break;
        await new Promise<void>((resolve) => wakeReader = resolve);
      }
      if (failure) throw failure.error;
    } finally {
      // A reader that leaves early holds nobody up.
      reading = false;
      signalDrained();
    }
  }

  return {
    push(delta) {
      buffer.push(delta);
      wakeReader?.();
      wakeReader = undefined;
    },
    end(error) {
      ended = true;
      if (error !== undefined) failure = { error };
      wakeReader?.();
      wakeReader = undefined;
    },
    drained() {
      if (!reading || (head >= buffer.length && wakeReader)) return Promise.resolve();
      return new Promise((resolve) => wakeDrained.push(resolve));
    },
    [Symbol.asyncIterator]: read,
  };
}
