/**
 * The sequences of one context as slots. A session keeps its slot until another session needs it:
 * then the slot idle for longest is taken, and its session evaluates its past anew on return.
 * @module
 */
import type { Sequence } from "./binding.ts";

/** A sequence and whose state it holds. */
export interface Slot<Owner> {
  readonly sequence: Sequence;
  owner: Owner | null;
  busy: boolean;
  /** Order of last use. */
  used: number;
}

/** Hands out slots, first come first served. */
export interface Slots<Owner> {
  /** The slot that holds `owner`'s state, if any. */
  of(owner: Owner): Slot<Owner> | undefined;
  /**
   * Takes a slot: one's own, else the free one whose state is worth most by `worth`, else the one
   * idle for longest; waits when all are busy.
   */
  take(
    owner: Owner,
    worth: (slot: Slot<Owner>) => number,
    signal: AbortSignal,
  ): Promise<Slot<Owner>>;
  /** Gives a slot back; its state stays its owner's. */
  give(slot: Slot<Owner>): void;
}

interface Waiter<Owner> {
  readonly owner: Owner;
  readonly worth: (slot: Slot<Owner>) => number;
  readonly resolve: (slot: Slot<Owner>) => void;
}

/** Slots over `sequences`. */
export function createSlots<Owner>(sequences: readonly Sequence[]): Slots<Owner> {
  const slots: Slot<Owner>[] = sequences.map((sequence) => ({
    sequence,
    owner: null,
    busy: false,
    used: 0,
  }));
  const waiting: Waiter<Owner>[] = [];
  let uses = 0;

  function pick({ owner, worth }: Pick<Waiter<Owner>, "owner" | "worth">): Slot<Owner> | undefined {
    const idle = slots.filter((slot) => !slot.busy).sort((a, b) => a.used - b.used);
    const own = idle.find((slot) => slot.owner === owner);
    if (own) return own;
    const free = idle.filter((slot) => slot.owner === null);
    const best = free.map((slot) => ({ slot, worth: worth(slot) }))
      .reduce((a, b) => b.worth > a.worth ? b : a, { slot: free[0], worth: 0 });
    return best.slot ?? idle[0];
  }

  function use(slot: Slot<Owner>): Slot<Owner> {
    slot.busy = true;
    slot.used = ++uses;
    return slot;
  }

  return {
    of: (owner) => slots.find((slot) => slot.owner === owner),
    async take(owner, worth, signal) {
      signal.throwIfAborted();
      const slot = pick({ owner, worth });
      if (slot) return use(slot);
      return await new Promise((resolve, reject) => {
        const waiter: Waiter<Owner> = {
          owner,
          worth,
          resolve: (slot) => {
            signal.removeEventListener("abort", leave);
            resolve(slot);
          },
        };
        const leave = () => {
          waiting.splice(waiting.indexOf(waiter), 1);
          reject(signal.reason);
        };
        signal.addEventListener("abort", leave, { once: true });
        waiting.push(waiter);
      });
    },
    give(slot) {
      slot.busy = false;
      const next = waiting.shift();
      if (next) next.resolve(use(pick(next)!));
    },
  };
}
