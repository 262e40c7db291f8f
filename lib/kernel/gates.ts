/**
 * Dependency gates of one node's children: a child opens when all that it depends on has concluded.
 * @module
 */

/** Why a dependency was dropped when it was announced. */
export interface Dropped {
  readonly id: string;
  readonly reason: "self" | "cycle";
}

interface Gate {
  readonly dependsOn: Set<string>;
  readonly open: () => void;
  waitingFor: number;
  concluded: boolean;
}

/** The gates of siblings, by id. */
export interface Gates {
  /** Adds a child; `open` is called once, at once or later. Names may be announced later. */
  add(id: string, dependsOn: readonly string[], open: () => void): readonly Dropped[];
  /** A child has ended, however it ended. */
  conclude(id: string): void;
  /** Drops dependencies on names that were never announced. */
  seal(): readonly { readonly child: string; readonly id: string }[];
  has(id: string): boolean;
  /** What a child depends on, without what was dropped. */
  dependenciesOf(id: string): readonly string[];
}

/** Makes an empty set of gates. */
export function createGates(): Gates {
  const gates = new Map<string, Gate>();
  const dependents = new Map<string, string[]>();

  /** Whether `from` depends on `target`, directly or through others. */
  function reaches(from: string, target: string): boolean {
    const seen = new Set<string>();
    const stack = [from];
    while (stack.length > 0) {
      const id = stack.pop()!;
      if (id === target) return true;
      if (seen.has(id)) continue;
      seen.add(id);
      for (const next of gates.get(id)?.dependsOn ?? []) stack.push(next);
    }
    return false;
  }

  function satisfy(child: string): void {
    const gate = gates.get(child)!;
    if (--gate.waitingFor === 0) gate.open();
  }

  return {
    add(id, dependsOn, open) {
      const kept = new Set<string>();
      const dropped: Dropped[] = [];
      // Only a name that somebody waits for already can close a cycle.
      const awaited = dependents.has(id);
      for (const name of new Set(dependsOn)) {
        if (name === id) dropped.push({ id: name, reason: "self" });
        else if (awaited && reaches(name, id)) dropped.push({ id: name, reason: "cycle" });
        else kept.add(name);
      }
      const waiting = [...kept].filter((name) => !gates.get(name)?.concluded);
      gates.set(id, { dependsOn: kept, open, waitingFor: waiting.length, concluded: false });
      for (const name of waiting) {
        const list = dependents.get(name);
        if (list) list.push(id);
        else dependents.set(name, [id]);
      }
      if (waiting.length === 0) open();
      return dropped;
    },
    conclude(id) {
      const gate = gates.get(id)!;
      if (gate.concluded) return;
      gate.concluded = true;
      const waiting = dependents.get(id) ?? [];
      dependents.delete(id);
      for (const child of waiting) satisfy(child);
    },
    seal() {
      const unknown: { child: string; id: string }[] = [];
      for (const [name, waiting] of dependents) {
        if (gates.has(name)) continue;
        dependents.delete(name);
        for (const child of waiting) unknown.push({ child, id: name });
      }
      for (const { child, id } of unknown) gates.get(child)!.dependsOn.delete(id);
      for (const { child } of unknown) satisfy(child);
      return unknown;
    },
    has: (id) => gates.has(id),
    dependenciesOf: (id) => [...gates.get(id)?.dependsOn ?? []],
  };
}
