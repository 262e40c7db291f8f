/** Random trees, run on the virtual clock: traces whose true critical path is known by design. */
import { type Clock, virtualClock } from "../../lib/clock.ts";
import type { TraceEvent, TraceEventBody } from "../../lib/trace/events.ts";

/** A node to simulate: its calls one after the other; a call may announce children and await them. */
export interface NodeSpec {
  readonly calls: readonly CallSpec[];
}
export interface CallSpec {
  readonly prefill: number;
  readonly decode: number;
  /** Attempts that fail before it succeeds, and how long each takes. */
  readonly failures: readonly number[];
  readonly children: readonly ChildSpec[];
  /** A cell that runs after the call, waiting for the call's children in its middle. */
  readonly cell: { readonly before: number; readonly after: number } | null;
}
export interface ChildSpec {
  readonly id: string;
  /** 0–1: where in the decode time its line ends. */
  readonly line: number;
  readonly dependsOn: readonly string[];
  readonly node: NodeSpec;
}

export interface TreeShape {
  readonly depth: number;
  readonly width: number;
  /** Whether times are whole milliseconds (sums are exact, ties are common). */
  readonly whole: boolean;
  readonly failures: boolean;
}

/** A random tree. */
export function randomTree(random: () => number, shape: TreeShape): NodeSpec {
  const time = (most: number) => shape.whole ? Math.floor(random() * most) : random() * most;
  const pick = (most: number) => Math.floor(random() * (most + 1));
  let ids = 0;
  const call = (depth: number): CallSpec => {
    const count = depth > 0 ? pick(shape.width) : 0;
    const lines = Array.from({ length: count }, random).sort();
    const names = lines.map(() => `n${ids++}`);
    return {
      prefill: time(20),
      decode: time(100),
      failures: shape.failures && random() < 0.2 ? [time(50), time(50)].slice(pick(1)) : [],
      cell: random() < 0.25 ? { before: time(15), after: time(15) } : null,
      children: names.map((id, i) => ({
        id,
        line: lines[i]!,
        dependsOn: names.slice(0, i).filter(() => random() < 0.3),
        node: node(depth - 1),
      })),
    };
  };
  const node = (depth: number): NodeSpec => ({
    calls: Array.from({ length: depth > 0 ? 1 + pick(2) : pick(1) + pick(1) }, () => call(depth)),
  });
  return { calls: [call(shape.depth), ...node(shape.depth).calls] };
}

export interface SimulateOptions {
  readonly launch: "streaming" | "planned";
  readonly slots: number;
  /** What the runtime loses before each call, in milliseconds. */
  readonly lag: number;
}

/** Runs a tree and returns its trace. */
export async function simulate(tree: NodeSpec, options: SimulateOptions): Promise<TraceEvent[]> {
  const clock = virtualClock();
  const slots = semaphore(options.slots);
  const events: TraceEvent[] = [];
  const emit = (body: TraceEventBody) => events.push({ ...body, at_ms: clock.now() });
  let ids = 0;
  create("root", null, [], null);
  await run("root", tree);
  return events;

  function create(
    node: string,
    parent: string | null,
    depends_on: readonly string[],
    announced_by: { id: string; at_ms: number } | null,
  ): void {
    const depth = node.split(".").length - 1;
    emit({
      type: "node-create",
      node,
      parent,
      task: `task of ${node}`,
      depth,
      depends_on,
      announced_by,
    });
  }

  async function run(node: string, spec: NodeSpec): Promise<void> {
    emit({ type: "node-ready", node });
    emit({ type: "node-start", node });
    for (const call of spec.calls) {
      const children = new Map<string, Promise<void>>();
      const announcer = await model(node, call, (child, announced_by) => {
        const path = `${node}.${child.id}`;
        create(path, node, child.dependsOn.map((id) => `${node}.${id}`), announced_by);
        const needed = child.dependsOn.map((id) => children.get(id)!);
        children.set(child.id, Promise.all(needed).then(() => run(path, child.node)));
      });
      const paths = [...children.keys()].map((id) => `${node}.${id}`);
      const join = async () => {
        emit({ type: "join-start", node, children: paths, rule: "all of them" });
        await Promise.all(children.values());
        emit({ type: "join-end", node, children: paths });
      };
      if (call.cell) await cell(node, `${announcer}-cell`, call.cell, join);
      else if (paths.length > 0) await join();
    }
    emit({
      type: "node-end",
      node,
      status: "ok",
      conclusion: `done: ${node}`,
      concluded_by: "continue",
      truncated: false,
      reason: null,
    });
  }

  async function model(
    node: string,
    spec: CallSpec,
    announce: (child: ChildSpec, by: { id: string; at_ms: number }) => void,
  ): Promise<string> {
    await sleep(clock, options.lag);
    for (let attempt = 1;; attempt++) {
      const call = `c${ids++}`;
      const failure = spec.failures[attempt - 1];
      emit({
        type: "call-queue",
        call,
        node,
        role: "planner",
        attempt,
        messages: [{ role: "user", content: `task of ${node}` }],
        thinking: null,
        max_tokens: 100,
      });
      await slots.take();
      emit({ type: "call-start", call, replica: "http://a", model: "m", lora: null });
      emit({ type: "call-answer", call });
      if (failure !== undefined) {
        await sleep(clock, failure);
        end(call, "connection: reset", false);
        slots.free();
        await sleep(clock, 10 * attempt);
        continue;
      }
      await sleep(clock, spec.prefill);
      emit({ type: "call-first-token", call });
      const first = clock.now();
      const lines: (() => void)[] = [];
      for (const child of spec.children) {
        const at_ms = first + spec.decode * child.line;
        await sleep(clock, at_ms - clock.now());
        lines.push(() => announce(child, { id: call, at_ms }));
        if (options.launch === "streaming") lines.pop()!();
      }
      await sleep(clock, first + spec.decode - clock.now());
      end(call, null, true);
      slots.free();
      for (const line of lines) line();
      return call;
    }
  }

  async function cell(
    node: string,
    effect: string,
    { before, after }: { before: number; after: number },
    join: () => Promise<void>,
  ): Promise<void> {
    emit({ type: "effect-queue", effect, node, kind: "cell", input: "code" });
    emit({ type: "effect-start", effect });
    await sleep(clock, before);
    await join();
    await sleep(clock, after);
    emit({ type: "effect-end", effect, output: "out", error: null });
  }

  function end(call: string, error: string | null, used: boolean): void {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 5,
      reasoning_tokens: null,
      cached_tokens: null,
      total_tokens: 15,
    };
    emit({
      type: "call-end",
      call,
      finish_reason: error ? null : "stop",
      error,
      usage,
      usage_source: "api",
      output: used ? "text" : "",
      reasoning: "",
      used,
    });
  }
}

function sleep(clock: Clock, ms: number): Promise<void> | undefined {
  return ms > 0 ? clock.sleep(ms) : undefined;
}

function semaphore(free: number): { take(): Promise<void>; free(): void } {
  const waiting: (() => void)[] = [];
  return {
    async take() {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    free() {
      const next = waiting.shift();
      if (next) next();
      else free++;
    },
  };
}
