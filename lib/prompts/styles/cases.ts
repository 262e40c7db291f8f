import type { PromptStyle } from "../types.ts";
import { plain } from "./plain.ts";
import { EVENT_MEANING, PLANNER_USER } from "./shared.ts";

const SPLIT_BY_CASES = `How to split:
- Split into cases. Every possibility belongs to exactly one case, and the cases together cover all.
- Make every child complete: repeat the whole task with all its definitions, numbers and conditions, and add the condition of its case. Its solver cannot see the task or the other cases.
- Every child asks for the same kind of result for its case: how many there are, the largest value, the list of solutions, whether it is possible.
- The rule says how the cases come together. For counts of separate cases it is sum, for extreme values min or max.
- Two to six cases. Put cases that are solved the same way into one.
- If there is no natural division into cases, do not split: use atomic.`;

/** Cases that exclude each other and cover everything. */
export const cases: PromptStyle = {
  ...plain,
  name: "cases",
  version: 1,
  description: "Splits into cases that exclude each other and together cover everything.",
  planner: { system: `${EVENT_MEANING}\n\n${SPLIT_BY_CASES}`, user: PLANNER_USER },
};
