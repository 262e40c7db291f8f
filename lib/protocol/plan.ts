/**
 * One plan of a node, from its first line to its end.
 * @module
 */
import type {
  ChildEvent,
  LineResult,
  NodeEvent,
  Plan,
  PlanEnd,
  PlanOptions,
  PlanStep,
} from "./types.ts";

/**
 * Begins a plan. Feed it every result of the reader; it says what each line came to and which child
 * to spawn, and at the end what to wait for. Cycles and unknown dependencies are the kernel's.
 */
export function createPlan(options: PlanOptions): Plan {
  return new NodePlan(options);
}

type Outcome =
  | { readonly reason: string }
  | { readonly event: NodeEvent; readonly repairs: readonly string[] };

class NodePlan implements Plan {
  readonly #options: PlanOptions;
  readonly #children = new Map<string, ChildEvent>();
  readonly #names: Names;
  #done = false;
  #awaits = 0;
  #awaitsAll = false;
  readonly #awaited = new Set<string>();
  readonly #rules = new Set<string>();
  /** Children announced before the first `await`; later ones are awaited whatever it names. */
  #beforeAwait = 0;
  #atomic: { answer: string | null } | null = null;

  constructor(options: PlanOptions) {
    this.#options = options;
    this.#names = new Names(options.earlier);
  }

  get size(): number {
    return this.#children.size;
  }

  accept(line: LineResult): PlanStep {
    if (line.kind === "ignored" || line.kind === "rejected") return { line, child: null };
    const outcome = this.#judge(line.event);
    if ("reason" in outcome) return { line: refuse(outcome.reason, line.event), child: null };
    const { event } = outcome;
    const repairs = [...line.repairs, ...outcome.repairs];
    return {
      line: repairs.length === 0
        ? { kind: "event", event, repairs: [] }
        : { kind: "repaired", event, repairs },
      child: event.type === "child" ? event : null,
    };
  }

  end(): PlanEnd {
    const { earlier } = this.#options;
    const children = [...this.#children.values()];
    const late: LineResult[] = [];
    const atomic = children.length === 0 ? this.#atomic : null;
    if (this.#atomic && !atomic) {
      late.push(refuse("atomic_with_children", { type: "atomic", ...this.#atomic }));
    }
    const known = [...earlier.keys(), ...this.#children.keys()];
    const unknown = [...this.#awaited].filter((id) => !this.#isKnown(id));
    if (this.#awaits > 0 && known.length === 0) {
      late.push({ kind: "rejected", reason: "nothing_to_await", text: "", type: "await" });
    } else if (unknown.length > 0) {
      const text = JSON.stringify(unknown);
      late.push({ kind: "rejected", reason: "unknown_children", text, type: "await" });
    }
    return {
      children,
      awaited: this.#toAwait(children.map(({ id }) => id), unknown.length),
      rule: this.#rules.size === 0 ? null : [...this.#rules].join("\n"),
      answer: atomic?.answer ?? null,
      solveItself: atomic !== null && atomic.answer === null,
      late,
    };
  }

  #toAwait(own: readonly string[], unknown: number): string[] {
    const { earlier } = this.#options;
    if (this.#awaits === 0) return [...own];
    const all = own.length > 0 ? own : [...earlier.keys()];
    if (this.#awaited.size === unknown) return [...all];
    const after = new Set(own.slice(this.#beforeAwait));
    const wanted = (id: string) => this.#awaited.has(id) || after.has(id);
    const named = [...earlier.keys(), ...own].filter(wanted);
    return this.#awaitsAll ? [...new Set([...named, ...all])] : named;
  }

  #isKnown(id: string): boolean {
    return this.#children.has(id) || this.#options.earlier.has(id);
  }

  #judge(event: NodeEvent): Outcome {
    if (this.#done) return { reason: "after_done" };
    if (event.type === "child") return this.#child(event);
    if (event.type === "done") this.#done = true;
    if (event.type === "await") {
      if (this.#awaits++ === 0) this.#beforeAwait = this.size;
      if (event.children === null) this.#awaitsAll = true;
      for (const id of event.children ?? []) this.#awaited.add(id);
      if (event.rule !== "") this.#rules.add(event.rule);
    }
    if (event.type === "atomic") {
      if (this.size > 0) return { reason: "atomic_with_children" };
      if (this.#atomic !== null && (this.#atomic.answer !== null || event.answer === null)) {
        return { reason: "second_atomic" };
      }
      this.#atomic = { answer: event.answer };
    }
    return { event, repairs: [] };
  }

  #child(event: ChildEvent): Outcome {
    if (this.#options.refuse !== null) return { reason: this.#options.refuse };
    if (this.#names.holds(event.id, event.task)) return { reason: "duplicate_id" };
    if (this.size >= this.#options.width) return { reason: "width" };
    const id = this.#names.take(event.id, event.task);
    const repairs = id === event.id ? [] : ["duplicate_renamed"];
    const needed = event.depends_on.filter((name) => name !== id);
    if (needed.length < event.depends_on.length) repairs.push("self_dependency");
    const child: ChildEvent = { ...event, id, depends_on: needed };
    this.#children.set(id, child);
    return { event: child, repairs };
  }
}

/** The ids of a node, and the tasks announced under each name. */
class Names {
  readonly #tasks = new Map<string, string>();
  readonly #announced = new Map<string, { readonly tasks: Set<string>; next: number }>();

  constructor(earlier: ReadonlyMap<string, string>) {
    for (const [id, task] of earlier) this.#tasks.set(id, task);
  }

  /** Whether a child of this name and task was announced before. */
  holds(id: string, task: string): boolean {
    return this.#of(id).tasks.has(task);
  }

  /** The id for a new child: the name itself, or the name with the first free number. */
  take(id: string, task: string): string {
    const announced = this.#of(id);
    let free = id;
    while (this.#tasks.has(free)) free = `${id}_${announced.next++}`;
    this.#tasks.set(free, task);
    announced.tasks.add(task);
    return free;
  }

  #of(id: string): { readonly tasks: Set<string>; next: number } {
    const found = this.#announced.get(id);
    if (found) return found;
    const tasks = new Set<string>();
    for (let n = 1, name = id; this.#tasks.has(name); name = `${id}_${++n}`) {
      tasks.add(this.#tasks.get(name)!);
    }
    const fresh = { tasks, next: 2 };
    this.#announced.set(id, fresh);
    return fresh;
  }
}

function refuse(reason: string, event: NodeEvent): LineResult {
  const id = event.type === "child" ? { id: event.id } : {};
  return { kind: "rejected", reason, text: JSON.stringify(event), type: event.type, ...id };
}
