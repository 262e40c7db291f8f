/**
 * The life of one node: its children, its calls, its end.
 * @module
 */
import { messageOf } from "../errors.ts";
import type { Session } from "../model/types.ts";
import type { NodeStatus } from "../trace/events.ts";
import { BudgetError } from "./budget.ts";
import { startCall } from "./call.ts";
import { createGates } from "./gates.ts";
import { seededRandom } from "../random.ts";
import type { Tree } from "./tree.ts";
import type {
  BoundStrategy,
  ChildHandle,
  Conclusion,
  JoinOptions,
  NodeScope,
  SpawnOptions,
  StrategyResult,
} from "./types.ts";

/** What a node is made from. */
export interface NodeSpec {
  readonly id: string;
  readonly path: string;
  readonly task: string;
  readonly depth: number;
  readonly strategy: BoundStrategy;
  readonly session: Session | undefined;
}

/** A node that exists; it runs once `start` is called. */
export interface NodeHandle {
  /** Resolves when nothing of the node runs any more; never rejects. */
  readonly conclusion: Promise<Conclusion>;
  /** Starts it with what it depends on; does nothing after a cancel. */
  start(dependencies: readonly Conclusion[]): void;
  /** Ends it and its subtree; `reason` decides its status (a `BudgetError`: `budget`). */
  cancel(reason: unknown): Promise<void>;
}

/** Makes a node. */
export function createNode(tree: Tree, spec: NodeSpec): NodeHandle {
  const { path, id, task } = spec;
  const abort = new AbortController();
  const children = new Map<string, NodeHandle>();
  const concluded = new Map<string, Conclusion>();
  const gates = createGates();
  const sessions = new Set<Session>(spec.session ? [spec.session] : []);
  const calls = new Set<Promise<unknown>>();
  const { promise: conclusion, resolve: conclude } = Promise.withResolvers<Conclusion>();
  let handedOver = spec.session;
  let provisional: StrategyResult | undefined;
  let started = false;
  let ended = false;

  function requireLive(verb: string): void {
    if (ended) throw new TypeError(`Cannot ${verb}: the node ${path} has ended`);
  }

  function track(session: Session): Session {
    sessions.add(session);
    return session;
  }

  function spawn(options: SpawnOptions): ChildHandle {
    requireLive(`spawn "${options.id}"`);
    abort.signal.throwIfAborted();
    if (gates.has(options.id)) {
      throw new RangeError(`Cannot spawn "${options.id}": ${path} has a child of that id already`);
    }
    const childPath = `${path}.${options.id}`;
    const child = createNode(tree, {
      id: options.id,
      path: childPath,
      task: options.task,
      depth: spec.depth + 1,
      strategy: options.strategy,
      session: options.session,
    });
    children.set(options.id, child);
    const announced = options.announcedBy;
    tree.emit({
      type: "node-create",
      node: childPath,
      parent: path,
      task: options.task,
      depth: spec.depth + 1,
      depends_on: (options.dependsOn ?? []).map((name) => `${path}.${name}`),
      announced_by: announced ? { id: announced.id, at_ms: announced.atMs } : null,
    });
    const done = child.conclusion.then((result) => {
      children.delete(options.id);
      concluded.set(options.id, result);
      gates.conclude(options.id);
      return result;
    });
    const open = () => {
      const needed = gates.dependenciesOf(options.id).map((name) => concluded.get(name)!);
      child.start(needed);
    };
    const dropped = gates.add(options.id, options.dependsOn ?? [], open);
    for (const { id: name, reason } of dropped) {
      tree.emit({ type: "dependency-drop", node: childPath, depends_on: name, reason });
    }
    return {
      id: options.id,
      path: childPath,
      droppedDependencies: dropped,
      conclusion: done,
      cancel: (reason) => child.cancel(new Error(reason)),
    };
  }

  function seal(): readonly { node: string; id: string }[] {
    const unknown = gates.seal();
    tree.emit({ type: "plan-seal", node: path });
    return unknown.map(({ child, id: name }) => {
      const node = `${path}.${child}`;
      tree.emit({ type: "dependency-drop", node, depends_on: name, reason: "unknown" });
      return { node, id: name };
    });
  }

  async function join(
    handles: readonly ChildHandle[],
    options: JoinOptions = {},
  ): Promise<readonly Conclusion[]> {
    requireLive("join");
    const children = handles.map((handle) => handle.path);
    tree.emit({ type: "join-start", node: path, children, rule: options.rule ?? null });
    const done: (Conclusion | undefined)[] = handles.map(() => undefined);
    const sofar = () => done.filter((result) => result !== undefined);
    await new Promise<void>((resolve) => {
      let open = handles.length;
      if (open === 0) resolve();
      handles.forEach((handle, i) => {
        handle.conclusion.then((result) => {
          done[i] = result;
          if (--open === 0 || options.until?.(sofar())) resolve();
        });
      });
    });
    const results = sofar();
    tree.emit({ type: "join-end", node: path, children: results.map((result) => result.path) });
    abort.signal.throwIfAborted();
    return results;
  }

  async function effect<T>(
    kind: string,
    input: string,
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    requireLive(`run the effect "${kind}"`);
    abort.signal.throwIfAborted();
    const effect = tree.nextId("e");
    tree.emit({ type: "effect-queue", effect, node: path, kind, input });
    tree.emit({ type: "effect-start", effect });
    const running = run(abort.signal);
    const settled = running.then(() => {}, () => {});
    calls.add(settled);
    settled.then(() => calls.delete(settled));
    try {
      const result = await running;
      const output = typeof result === "string" ? result : JSON.stringify(result) ?? null;
      tree.emit({ type: "effect-end", effect, output, error: null });
      return result;
    } catch (error) {
      tree.emit({ type: "effect-end", effect, output: null, error: messageOf(error) });
      throw error;
    }
  }

  const scope = (dependencies: readonly Conclusion[]): NodeScope => ({
    path,
    id,
    task,
    depth: spec.depth,
    maxDepth: tree.maxDepth,
    dependencies,
    signal: abort.signal,
    clock: tree.clock,
    random: seededRandom(`${tree.seed} ${path}`),
    session() {
      requireLive("open a session");
      const session = handedOver ?? tree.backend.open();
      handedOver = undefined;
      return track(session);
    },
    generate(session, turn, options) {
      requireLive(`generate as "${options.role}"`);
      abort.signal.throwIfAborted();
      track(session);
      const generation = startCall(
        tree,
        { path, signal: abort.signal },
        session,
        turn,
        options,
      );
      const settled = generation.reply.then(() => {}, () => {});
      calls.add(settled);
      settled.then(() => calls.delete(settled));
      return generation;
    },
    spawn,
    seal,
    join,
    effect,
    note(kind: string, data: unknown) {
      if (kind === "conclusion") provisional = { text: String(data), concludedBy: "provisional" };
      tree.emit({ type: "note", node: path, kind, data });
    },
  });

  /** Ends all that still runs below, then the node. A budget's end lets running calls finish. */
  async function finish(result: StrategyResult | undefined, error: unknown): Promise<void> {
    const status = statusOf(abort.signal, error);
    const reason = status === "ok"
      ? null
      : reasonOf(abort.signal.aborted ? abort.signal.reason : error);
    if (status !== "budget" || abort.signal.aborted) {
      if (!abort.signal.aborted) abort.abort(new Error(`${path} has concluded`));
      await Promise.all([...children.values()].map((child) => child.cancel(abort.signal.reason)));
    }
    while (children.size + calls.size > 0) {
      await Promise.all([...[...children.values()].map((child) => child.conclusion), ...calls]);
    }
    ended = true;
    await Promise.all([...sessions].map((session) => session.close().catch(() => {})));
    const kept = status === "ok" ? result : status === "budget" ? provisional : undefined;
    const truncated = kept?.truncated ?? false;
    tree.emit({
      type: "node-end",
      node: path,
      status,
      conclusion: kept?.text ?? null,
      concluded_by: kept?.concludedBy ?? null,
      truncated,
      reason,
    });
    conclude({ path, id, task, status, text: kept?.text ?? `failed: ${reason}`, truncated });
  }

  async function live(dependencies: readonly Conclusion[]): Promise<void> {
    tree.emit({ type: "node-ready", node: path });
    tree.emit({ type: "node-start", node: path });
    let result: StrategyResult | undefined;
    let error: unknown;
    try {
      const returned = await spec.strategy(scope(dependencies));
      result = typeof returned === "string" ? { text: returned, concludedBy: "other" } : returned;
      abort.signal.throwIfAborted();
    } catch (cause) {
      result = undefined;
      error = cause ?? new Error("the strategy threw nothing");
    }
    await finish(result, error);
  }

  return {
    conclusion,
    start(dependencies) {
      if (started || ended || abort.signal.aborted) return;
      started = true;
      live(dependencies);
    },
    async cancel(reason) {
      if (!abort.signal.aborted && !ended) {
        abort.abort(reason);
        // A strategy unwinds through its verbs; children are told at once, not when it gets there.
        for (const child of children.values()) child.cancel(reason);
        if (!started) {
          started = true;
          await finish(undefined, reason);
        }
      }
      await conclusion;
    },
  };
}

function statusOf(signal: AbortSignal, error: unknown): NodeStatus {
  if (signal.aborted) return signal.reason instanceof BudgetError ? "budget" : "cancelled";
  if (error === undefined) return "ok";
  return error instanceof BudgetError ? "budget" : "failed";
}

function reasonOf(error: unknown): string {
  return messageOf(error).replace(/\s+/g, " ").trim() || "no reason given";
}
