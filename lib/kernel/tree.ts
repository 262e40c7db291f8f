/**
 * What all nodes of one run share.
 * @module
 */
import type { Clock } from "../clock.ts";
import type { Backend } from "../model/types.ts";
import type { TraceEventBody } from "../trace/events.ts";
import type { Slots } from "./slots.ts";
import type { Budget, CallTimeouts, RoleSettings } from "./types.ts";

/** The shared state of a run. */
export interface Tree {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly slots: Slots;
  readonly budget: Budget | undefined;
  readonly roles: Readonly<Record<string, RoleSettings>>;
  readonly timeouts: CallTimeouts;
  readonly maxAttempts: number;
  readonly maxDepth: number;
  readonly price: ((promptTokens: number, completionTokens: number) => number) | undefined;
  readonly seed: string;
  /** Milliseconds since the run's start. */
  now(): number;
  /** Appends to the trace; `atMs` for what is known to have happened a little earlier. */
  emit(event: TraceEventBody, atMs?: number): void;
  /** The next id with this prefix: `c1`, `c2`, … */
  nextId(prefix: "c" | "e"): string;
}

/** Settings of a role, or of `default`. */
export function settingsOf(tree: Tree, role: string): RoleSettings {
  const settings = tree.roles[role] ?? tree.roles.default;
  if (!settings) {
    throw new RangeError(
      `No settings for role "${role}", and no "default" role: known are ${
        Object.keys(tree.roles).join(", ") || "none"
      }`,
    );
  }
  return settings;
}
