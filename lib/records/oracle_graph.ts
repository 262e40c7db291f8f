/**
 * The check of a task's own graph.
 * @module
 */
import type { NodeEvent } from "../protocol/types.ts";
import { z } from "../deps/zod.ts";

const id = z.string().regex(
  /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
  "an id is a letter, then letters, digits, _ or -, at most 64",
).refine((name) => !(name in {}), "this name means something to the language");
const text = z.string().refine((value) => value.trim() !== "", "is empty");

const event = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("child"),
    id,
    task: text,
    depends_on: z.array(z.string()).nullish().transform((ids) => ids ?? []),
  }),
  z.object({
    type: z.literal("await"),
    children: z.array(z.string()).nullish().transform((ids) => ids ?? null),
    rule: z.string(),
  }),
  z.object({ type: z.literal("done") }),
], { error: 'type must be "child", "await" or "done"' });

/** A given plan: children with known, acyclic dependencies; awaits of known children. */
export const oracleGraph: z.ZodType<readonly NodeEvent[]> = z.array(event)
  .superRefine((events, context) => {
    for (const message of problems(events)) context.addIssue({ code: "custom", message });
  });

function* problems(events: readonly NodeEvent[]): Generator<string> {
  const dependencies = new Map<string, readonly string[]>();
  for (const event of events) {
    if (event.type !== "child") continue;
    if (dependencies.has(event.id)) yield `child ${JSON.stringify(event.id)} is announced twice`;
    dependencies.set(event.id, event.depends_on);
  }
  if (dependencies.size === 0) yield "announces no child";
  for (const [child, ids] of dependencies) {
    for (const id of ids) {
      if (!dependencies.has(id)) {
        yield `child ${JSON.stringify(child)} depends on unknown ${JSON.stringify(id)}`;
      }
    }
  }
  for (const event of events) {
    if (event.type !== "await" || !event.children) continue;
    for (const id of event.children) {
      if (!dependencies.has(id)) yield `await names unknown child ${JSON.stringify(id)}`;
    }
  }
  const done = events.findIndex(({ type }) => type === "done");
  if (done >= 0 && done < events.length - 1) yield "events follow done";
  const circle = findCycle(dependencies);
  if (circle) yield `dependencies form a cycle: ${circle.join(" → ")}`;
}

/** A cycle as the ids along it, the first repeated at the end; `null` if there is none. */
function findCycle(edges: ReadonlyMap<string, readonly string[]>): string[] | null {
  // Take away, again and again, what depends on nothing that is left.
  const left = new Map(
    [...edges].map(([id, ids]) => [id, new Set(ids.filter((to) => edges.has(to)))]),
  );
  const dependents = new Map<string, string[]>();
  for (const [id, ids] of left) {
    for (const to of ids) dependents.set(to, [...(dependents.get(to) ?? []), id]);
  }
  const free = [...left].filter(([, ids]) => ids.size === 0).map(([id]) => id);
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    left.delete(id);
    for (const dependent of dependents.get(id) ?? []) {
      const ids = left.get(dependent)!;
      ids.delete(id);
      if (ids.size === 0) free.push(dependent);
    }
  }
  const start = left.keys().next().value;
  if (start === undefined) return null;
  const path = [start];
  while (true) {
    const next: string = left.get(path.at(-1)!)!.values().next().value!;
    const at = path.indexOf(next);
    if (at >= 0) return [...path.slice(at), next];
    path.push(next);
  }
}
