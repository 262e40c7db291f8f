/**
 * Runs a tree of nodes from its root.
 * @module
 */
import { realClock } from "../clock.ts";
import type { TraceEvent, TraceEventBody } from "../trace/events.ts";
import { BudgetError } from "./budget.ts";
import { createNode } from "./node.ts";
import { createSlots } from "./slots.ts";
import type { Tree } from "./tree.ts";
import type { TreeOptions, TreeResult } from "./types.ts";

/** Attempts of a call, the first included, unless told otherwise. */
export const DEFAULT_MAX_ATTEMPTS = 6;

/**
 * Runs a task under a strategy and returns how it ended, with its trace. Model failures, budgets and
 * cancellation are outcomes, not exceptions; nothing of the run is left running when this resolves.
 *
 * @throws {RangeError} for limits that are not positive.
 */
export async function runTree(options: TreeOptions): Promise<TreeResult> {
  requirePositive("maxConcurrency", options.maxConcurrency);
  const maxAttempts = options.maxAttempts ?? DEFAULT_MAX_ATTEMPTS;
  requirePositive("maxAttempts", maxAttempts);
  const clock = options.clock ?? realClock();
  const zero = clock.now();
  const events: TraceEvent[] = [];
  const counters = { c: 0, e: 0 };
  const now = () => clock.now() - zero;
  const tree: Tree = {
    backend: options.backend,
    clock,
    slots: createSlots(options.maxConcurrency),
    budget: options.budget,
    roles: options.roles,
    timeouts: options.timeouts ?? { firstTokenMs: null, stallMs: null, callMs: null },
    maxAttempts,
    maxDepth: options.maxDepth,
    price: options.price,
    seed: String(options.seed ?? 0),
    now,
    emit(event: TraceEventBody, atMs = now()) {
      const stamped = { at_ms: atMs, ...event };
      events.push(stamped);
      options.onEvent?.(stamped);
    },
    nextId: (prefix) => `${prefix}${++counters[prefix]}`,
  };
  tree.emit({
    type: "node-create",
    node: "root",
    parent: null,
    task: options.task,
    depth: 0,
    depends_on: [],
    announced_by: null,
  });
  const root = createNode(tree, {
    id: "root",
    path: "root",
    task: options.task,
    depth: 0,
    strategy: options.strategy,
    session: undefined,
  });
  const stop = new AbortController();
  const onAbort = () => root.cancel(options.signal!.reason);
  options.signal?.addEventListener("abort", onAbort, { once: true });
  if (options.signal?.aborted) onAbort();
  else root.start([]);
  if (options.timeoutMs != null) {
    const limit = options.timeoutMs;
    const error = new BudgetError(`The task took longer than its ${limit / 1000} s`);
    clock.sleep(limit, { signal: stop.signal }).then(() => root.cancel(error), () => {});
  }
  const conclusion = await root.conclusion;
  stop.abort();
  options.signal?.removeEventListener("abort", onAbort);
  const errors = events.flatMap((event) =>
    event.type === "node-end" && event.status === "failed" ? [`${event.node}: ${event.reason}`] : []
  );
  // A root that concluded without the children that a budget stopped has not had what it asked for.
  const short = events.some((event) => event.type === "node-end" && event.status === "budget");
  const status = short && conclusion.status === "ok"
    ? "budget"
    : conclusion.status === "failed"
    ? "error"
    : conclusion.status;
  return { status, conclusion, errors, events };
}

function requirePositive(name: string, value: number): void {
  if (!(value >= 1)) throw new RangeError(`${name} must be at least 1, not ${value}`);
}
