/**
 * The modes: named ways to run a task.
 * @module
 */
import { didYouMean } from "../did_you_mean.ts";
import { InputError } from "../errors.ts";
import type { BoundStrategy } from "../kernel/types.ts";
import { direct } from "./direct.ts";
import { directReduce } from "./direct_reduce.ts";
import { graph } from "./graph.ts";
import type { GraphOptions, Mode, ModeContext, ModeSetting } from "./types.ts";

const GRAPH_USES: readonly ModeSetting[] = [
  "planner",
  "worker",
  "continuation",
  "direct",
  "recombiner",
  "graph_limits",
  "constraint",
];

/** All modes. */
export const modes: readonly Mode[] = [
  {
    name: "direct",
    description: "One call: the baseline.",
    uses: ["direct"],
    build: ({ prompts }) => (node) => direct(node, { prompts }),
  },
  {
    name: "direct_reduce",
    description: "One call that lists items and names a reducer; code reduces.",
    uses: ["direct", "direct_reduce"],
    build: ({ prompts }) => (node) => directReduce(node, { prompts }),
  },
  {
    name: "streaming_parallel",
    description: "The model plans; each child starts as soon as its line is complete.",
    uses: GRAPH_USES,
    build: (context) => bindGraph(context, { launch: "streaming" }),
  },
  {
    name: "planned_parallel",
    description: "The model plans; children start after the plan has ended.",
    uses: GRAPH_USES,
    build: (context) => bindGraph(context, { launch: "planned" }),
  },
  {
    name: "sequential",
    description: "The model plans; one call at a time.",
    uses: GRAPH_USES,
    maxConcurrency: 1,
    build: (context) => bindGraph(context, { launch: "planned" }),
  },
  {
    name: "oracle_parallel",
    description: "The plan is the task's oracle_graph: an upper bound, never a headline.",
    // The planner's prompt opens the session of `continue`; no planner is called.
    uses: ["planner", "worker", "continuation", "direct", "recombiner", "graph_limits"],
    needsOracle: true,
    build: (context) => {
      if (!context.oracle?.length) {
        throw new InputError("oracle-graph", "oracle_parallel: the task has no oracle_graph.", {
          hint: "Add an oracle_graph to every task, or leave this mode out.",
        });
      }
      return bindGraph(context, { launch: "streaming", oracle: context.oracle });
    },
  },
];

function bindGraph(
  { prompts, recombiner, maxSiblingWidth, maxRounds, constraint }: ModeContext,
  own: Pick<GraphOptions, "launch" | "oracle">,
): BoundStrategy {
  const options = { prompts, recombiner, maxSiblingWidth, maxRounds, constraint, ...own };
  return (node) => graph(node, options);
}

/**
 * The mode of that name.
 *
 * @throws {InputError} when there is none; it names the nearest.
 */
export function findMode(name: string): Mode {
  const mode = modes.find((one) => one.name === name);
  if (mode) return mode;
  const names = modes.map((one) => one.name);
  const near = didYouMean(name, names);
  throw new InputError("mode", `There is no mode "${name}".`, {
    hint: near ? `Did you mean ${near}?` : `Modes: ${names.join(", ")}.`,
  });
}
