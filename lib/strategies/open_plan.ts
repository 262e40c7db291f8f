/**
 * A plan that spawns: lines in, running children out.
 * @module
 */
import type { BoundStrategy, ChildHandle, NodeScope } from "../kernel/types.ts";
import { createPlan } from "../protocol/plan.ts";
import type { ChildEvent, LineResult, PlanEnd } from "../protocol/types.ts";
import { statedValue } from "../prompts/quote.ts";
import type { ReadLine, ReadRestart } from "./read_events.ts";

/** Children of a node over all its rounds, by id, in the order announced. */
export type Family = Map<string, { readonly task: string; readonly handle: ChildHandle }>;

/** Options of {@linkcode openPlan}. */
export interface OpenPlanOptions {
  /** Children of earlier rounds; this plan's are added. */
  readonly family: Family;
  /** How children think. */
  readonly child: BoundStrategy;
  /** `streaming`: children start as their lines arrive. `planned`: when the plan is closed. */
  readonly launch: "streaming" | "planned";
  /** Most children of this plan; further ones are rejected. */
  readonly width: number;
  /** Why no child may be announced; `null` where they may. */
  readonly refuse: "depth" | "rounds" | null;
}

/** A plan that has ended, and what else the reply said. */
export interface ClosedPlan extends PlanEnd {
  /**
   * The reply as an answer: its `atomic`, or its text if it has no events. `null` when it has
   * nothing but events that give no answer.
   */
  answerIn(text: string): string | null;
}

/** A plan in the making. */
export interface OpenPlan {
  /** Takes a line; a child that may start at once does. */
  accept(item: ReadLine | ReadRestart): void;
  /** Ends the plan: spawns what waited for that, and drops dependencies that never came. */
  close(): ClosedPlan;
  /** Children accepted so far. */
  readonly size: number;
}

/** Opens a plan of `node`. */
export function openPlan(node: NodeScope, options: OpenPlanOptions): OpenPlan {
  const { family, child: strategy, launch, width, refuse } = options;
  const begin = () => {
    const earlier = new Map([...family].map(([id, { task }]) => [id, task]));
    return { plan: createPlan({ earlier, width, refuse }), verdicts: [] as LineResult[] };
  };
  let { plan, verdicts } = begin();
  let waiting: (() => void)[] = [];
  let last: ReadLine | undefined;

  function spawn(event: ChildEvent, line: ReadLine): void {
    const { id, task, depends_on: dependsOn } = event;
    const { source } = line;
    const announced = source ? { announcedBy: { id: source.call, atMs: source.atMs } } : {};
    const handle = node.spawn({ id, task, dependsOn, strategy, ...announced });
    family.set(id, { task, handle });
  }

  return {
    get size() {
      return plan.size;
    },
    accept(item) {
      if (item.type === "restart") {
        ({ plan, verdicts } = begin());
        return;
      }
      last = item;
      const step = plan.accept(item.result);
      verdicts.push(step.line);
      item.source?.record(step.line);
      const event = step.child;
      if (!event) return;
      if (launch === "streaming") spawn(event, item);
      else waiting.push(() => spawn(event, item));
    },
    close() {
      for (const start of waiting) start();
      waiting = [];
      const end = plan.end();
      for (const verdict of end.late) last?.source?.record(verdict);
      if (end.children.length > 0) node.seal();
      return { ...end, answerIn: (text) => end.answer ?? textAnswer(text, verdicts) };
    },
  };
}

const EVENT_TYPES: readonly (string | undefined)[] = ["child", "await", "atomic", "done"];

/** The text of a reply if that is its answer. */
function textAnswer(text: string, verdicts: readonly LineResult[]): string | null {
  const prose: string[] = [];
  let events = 0;
  for (const verdict of verdicts) {
    if (verdict.kind === "event" || verdict.kind === "repaired") {
      if (verdict.event.type !== "done") events++;
    } else if (verdict.kind === "rejected" && EVENT_TYPES.includes(verdict.type)) events++;
    else prose.push(verdict.text);
  }
  if (events === 0 && prose.length === verdicts.length) return text;
  // Beside events that came to nothing, only a stated answer counts: the rest is talk about them.
  const said = prose.join("\n").trim();
  return said && (events === 0 || statedValue(said) !== null) ? said : null;
}
