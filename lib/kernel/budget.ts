/**
 * Budgets: the worst case is reserved before an attempt, and the rest refunded after it.
 * @module
 */
import { RrmError } from "../errors.ts";
import type { Budget, BudgetAmount, Reservation } from "./types.ts";

/** A budget is spent: no new call starts. */
export class BudgetError extends RrmError {
  /** `message` names the limit and what was spent. */
  constructor(message: string) {
    super("budget", message);
    this.name = "BudgetError";
  }
}

/** Limits of a budget; absent is unlimited. */
export type BudgetLimits = { readonly [K in keyof BudgetAmount]?: number | undefined };

interface Waiter {
  readonly amount: BudgetAmount;
  readonly grant: () => void;
  readonly refuse: (error: BudgetError) => void;
}

const names = ["calls", "tokens", "usd"] as const;

/**
 * Makes a budget. With a `parent`, every reservation is made in both.
 *
 * What does not fit waits while something reserved may still be refunded; when nothing is, the
 * budget is exhausted and refuses from then on.
 */
export function createBudget(limits: BudgetLimits, parent?: Budget): Budget {
  const spent = { calls: 0, tokens: 0, usd: 0 };
  const reserved = { calls: 0, tokens: 0, usd: 0 };
  const waiters: Waiter[] = [];
  let open = 0;
  let error: BudgetError | undefined;

  /** The first limit that `amount` would break on top of `base`. */
  function broken(amount: BudgetAmount, withReserved: boolean): string | undefined {
    return names.find((name) => {
      const limit = limits[name];
      const base = spent[name] + (withReserved ? reserved[name] : 0);
      return limit !== undefined && base + amount[name] > limit * (1 + 1e-12);
    });
  }

  function exhaust(name: string, amount: BudgetAmount): BudgetError {
    const key = name as keyof BudgetAmount;
    error ??= new BudgetError(
      `The ${name} budget of ${limits[key]} is used up: ${round(spent[key])} spent, and the next ` +
        `call may need ${round(amount[key])}.`,
    );
    for (const waiter of waiters.splice(0)) waiter.refuse(error);
    return error;
  }

  function admit(): void {
    while (waiters.length > 0 && !error) {
      const { amount, grant } = waiters[0]!;
      const hopeless = broken(amount, false) ?? (open === 0 ? broken(amount, true) : undefined);
      if (hopeless) exhaust(hopeless, amount);
      else if (broken(amount, true)) return;
      else {
        waiters.shift();
        grant();
      }
    }
  }

  function hold(amount: BudgetAmount): Reservation {
    open++;
    for (const name of names) reserved[name] += amount[name];
    let settled = false;
    return {
      settle(used) {
        if (settled) return;
        settled = true;
        open--;
        for (const name of names) {
          reserved[name] -= amount[name];
          spent[name] += used[name];
        }
        admit();
      },
    };
  }

  function reserveHere(amount: BudgetAmount, signal: AbortSignal): Promise<Reservation> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        const at = waiters.indexOf(waiter);
        if (at >= 0) waiters.splice(at, 1);
        reject(signal.reason);
        admit();
      };
      const leave = () => signal.removeEventListener("abort", onAbort);
      const waiter: Waiter = {
        amount,
        grant: () => (leave(), resolve(hold(amount))),
        refuse: (reason) => (leave(), reject(reason)),
      };
      if (signal.aborted) return reject(signal.reason);
      if (error) return reject(error);
      signal.addEventListener("abort", onAbort, { once: true });
      waiters.push(waiter);
      admit();
    });
  }

  return {
    get exhausted() {
      return error !== undefined || (parent?.exhausted ?? false);
    },
    get spent() {
      return { ...spent };
    },
    needsTokens: limits.tokens !== undefined || limits.usd !== undefined ||
      (parent?.needsTokens ?? false),
    async reserve(amount, signal) {
      const own = await reserveHere(amount, signal);
      if (!parent) return own;
      try {
        const above = await parent.reserve(amount, signal);
        return {
          settle(used) {
            own.settle(used);
            above.settle(used);
          },
        };
      } catch (cause) {
        own.settle({ calls: 0, tokens: 0, usd: 0 });
        throw cause;
      }
    },
  };
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
