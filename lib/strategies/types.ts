/**
 * What strategies of this toolkit take, and how modes name them.
 * @module
 */
import type { BoundStrategy } from "../kernel/types.ts";
import type { Constraint } from "../model/types.ts";
import type { PromptStyle } from "../prompts/types.ts";
import type { NodeEvent } from "../protocol/types.ts";

/** How a node's children's conclusions become its own. */
export type Recombiner = "continue" | "fresh" | "vote" | "last" | "reduce";

/** Options of the graph strategies. */
export interface GraphOptions {
  /** The words of every turn. */
  readonly prompts: PromptStyle;
  /** How the awaited conclusions become the node's own. */
  readonly recombiner: Recombiner;
  /** `streaming`: children start as their lines arrive. `planned`: after the plan's stream. */
  readonly launch: "streaming" | "planned";
  /** Children of one node in one plan. */
  readonly maxSiblingWidth: number;
  /** Plan-and-await rounds of a node. */
  readonly maxRounds: number;
  /** Constraint of planner calls. */
  readonly constraint: Constraint | null;
  /** A given plan for the root instead of a model's. */
  readonly oracle?: readonly NodeEvent[];
}

/** Settings by which modes differ; only those a mode uses enter its `config_hash`. */
export type ModeSetting =
  | "planner"
  | "worker"
  | "continuation"
  | "direct"
  | "direct_reduce"
  | "recombiner"
  | "graph_limits"
  | "constraint"
  | "mode_options";

/** What a mode is given to build a task's root strategy. */
export interface ModeContext {
  /** The words of every turn. */
  readonly prompts: PromptStyle;
  /** How children's conclusions become their parent's. */
  readonly recombiner: Recombiner;
  /** Most children of one node in one plan. */
  readonly maxSiblingWidth: number;
  /** Most plan-and-await rounds of a node. */
  readonly maxRounds: number;
  /** For planner calls; `null` where they are free text. */
  readonly constraint: Constraint | null;
  /** The task's `oracle_graph`; `null` where it has none. */
  readonly oracle: readonly NodeEvent[] | null;
  /** `--mode-options`, as given. */
  readonly modeOptions: Readonly<Record<string, unknown>>;
}

/** A mode: a named way to run a task. */
export interface Mode {
  /** As `--modes` and rows name it, such as `streaming_parallel`. */
  readonly name: string;
  /** One sentence for `rrm strategies`. */
  readonly description: string;
  /** The settings that it uses. */
  readonly uses: readonly ModeSetting[];
  /** Needs `oracle_graph` on every task. */
  readonly needsOracle?: boolean;
  /** Overrides `--max-concurrency`. */
  readonly maxConcurrency?: number;
  /** Hash of the file that it was loaded from, if it is none of this toolkit's. */
  readonly sourceHash?: string;
  /**
   * Binds the mode to one task's settings. Throws `InputError` where the task lacks what it needs.
   */
  build(context: ModeContext): BoundStrategy;
}
