import type { PromptStyle } from "../types.ts";
import { plain } from "./plain.ts";
import { EVENT_MEANING, PLANNER_USER } from "./shared.ts";

/** How to split by meaning. */
export const SPLIT_BY_MEANING: string = `How to split:
- Split by meaning, into parts that stand on their own: separate quantities, objects, cases or questions whose results come together at the end. Do not cut one line of reasoning into consecutive steps.
- Make every child complete. Repeat each definition, number and condition that it needs; its solver cannot see the task or the other children.
- Let every child ask for one definite result, and let the rule use all of them.
- Prefer children that can be solved side by side. Name a sibling in "depends_on" only if its result is needed to begin.
- If no part would be much less work than the whole task, do not split: use atomic.`;

/** Parts by meaning, each complete in itself. */
export const semantic: PromptStyle = {
  ...plain,
  name: "semantic",
  version: 1,
  description: "Splits by meaning into parts that are complete in themselves.",
  planner: { system: `${EVENT_MEANING}\n\n${SPLIT_BY_MEANING}`, user: PLANNER_USER },
};
