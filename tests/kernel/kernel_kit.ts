/** Trees with scripted models under the virtual clock. */
import { type Clock, virtualClock } from "../../lib/clock.ts";
import { runTree } from "../../lib/kernel/mod.ts";
import type { BoundStrategy, NodeScope, TreeOptions, TreeResult } from "../../lib/kernel/types.ts";
import { scriptedBackend } from "../../lib/model/scripted.ts";
import type { Script } from "../../lib/model/scripted_reply.ts";
import type { TraceEvent } from "../../lib/trace/events.ts";

export const role = { maxTokens: 100, thinking: null, temperature: null, topP: null, seed: null };

/** Runs a tree on a script; nothing real is waited for. */
export async function runScripted(
  script: Script,
  strategy: BoundStrategy,
  options: Partial<TreeOptions> & { clock?: Clock } = {},
): Promise<TreeResult & { elapsed: number }> {
  const clock = options.clock ?? virtualClock();
  await using backend = scriptedBackend(script, { clock });
  const start = clock.now();
  const result = await runTree({
    task: "the task",
    strategy,
    backend,
    clock,
    roles: { default: role },
    maxConcurrency: 4,
    maxDepth: 1,
    ...options,
  });
  return { ...result, elapsed: clock.now() - start };
}

/** One call, its text as the conclusion. */
export async function ask(node: NodeScope, prompt: string = node.task): Promise<string> {
  const turn = [{ role: "user" as const, content: prompt }];
  return (await node.generate(node.session(), turn, { role: "worker" }).reply).text;
}

/** Events of one type. */
export function only<T extends TraceEvent["type"]>(
  events: readonly TraceEvent[],
  type: T,
): Extract<TraceEvent, { type: T }>[] {
  return events.filter((event): event is Extract<TraceEvent, { type: T }> => event.type === type);
}

/** What holds of every trace, whatever happened; returns the broken rules. */
export function brokenRules(events: readonly TraceEvent[], limits: { slots: number }): string[] {
  const broken: string[] = [];
  const created = new Map(only(events, "node-create").map((event) => [event.node, event]));
  const ended = new Map<string, number>();
  const dropped = new Set(
    only(events, "dependency-drop").map((event) =>
      `${event.node} ${event.node.slice(0, event.node.lastIndexOf("."))}.${event.depends_on}`
    ),
  );
  const openCalls = new Map<string, string>();
  let inFlight = 0;
  const running = new Set<string>();
  const seenEnd = new Set<string>();
  events.forEach((event, i) => {
    if (i > 0 && event.type !== "call-end" && event.at_ms < events[i - 1]!.at_ms) {
      if (events[i - 1]!.type !== "call-end") broken.push(`time runs back at ${event.type}`);
    }
    if (event.type === "node-start") {
      for (const dependency of created.get(event.node)!.depends_on) {
        if (dropped.has(`${event.node} ${dependency}`)) continue;
        if (!ended.has(dependency)) broken.push(`${event.node} started before ${dependency} ended`);
      }
    }
    if (event.type === "call-queue") {
      if (seenEnd.has(event.node)) broken.push(`${event.node} called after its end`);
      openCalls.set(event.call, event.node);
    }
    if (event.type === "call-start") {
      running.add(event.call);
      inFlight++;
      if (inFlight > limits.slots) broken.push(`${inFlight} calls in flight of ${limits.slots}`);
    }
    if (event.type === "call-end") {
      if (!openCalls.delete(event.call)) broken.push(`${event.call} ended twice or never began`);
      if (running.delete(event.call)) inFlight--;
    }
    if (event.type === "node-end") {
      if (seenEnd.has(event.node)) broken.push(`${event.node} ended twice`);
      seenEnd.add(event.node);
      ended.set(event.node, i);
      for (const [call, node] of openCalls) {
        if (node === event.node || node.startsWith(`${event.node}.`)) {
          broken.push(`${call} still open at the end of ${event.node}`);
        }
      }
      for (const node of created.keys()) {
        if (node.startsWith(`${event.node}.`) && !seenEnd.has(node)) {
          broken.push(`${node} outlives ${event.node}`);
        }
      }
    }
  });
  for (const node of created.keys()) if (!ended.has(node)) broken.push(`${node} never ended`);
  for (const call of openCalls.keys()) broken.push(`${call} never ended`);
  const starts = only(events, "join-start").length;
  const ends = only(events, "join-end").length;
  if (starts !== ends) broken.push(`${starts} joins, ${ends} resolved`);
  const last = events.at(-1);
  if (last?.type !== "node-end" || last.node !== "root") broken.push("something ran after the end");
  return broken;
}
