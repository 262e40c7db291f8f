import type { PromptStyle } from "../types.ts";
import { SPLIT_BY_MEANING } from "./semantic.ts";
import { semanticFastsplit, SPLIT_EXAMPLE, SPLIT_FAST } from "./semantic_fastsplit.ts";
import { EVENT_MEANING, PLANNER_USER } from "./shared.ts";

/** How to keep solving out of the plan. */
const NO_FORMULAS = `Plan only, solve nothing:
- No derivations, no intermediate results and no formulas of your own, neither in tasks nor in the rule. A guess in a child's task misleads its solver.
- Say in words what is to be found. Copy the formulas, numbers and conditions that the task itself gives, unchanged and in full.
- The rule says in words what to do with the results, not what comes out.`;

/** The default for models of some size: the plan is short, early and free of half-done solutions. */
export const semanticFastsplitNoformula: PromptStyle = {
  ...semanticFastsplit,
  name: "semantic-fastsplit-noformula",
  version: 1,
  description: "As semantic-fastsplit, with no derivations or formulas in the plan.",
  planner: {
    system: [EVENT_MEANING, SPLIT_BY_MEANING, SPLIT_FAST, NO_FORMULAS, SPLIT_EXAMPLE].join("\n\n"),
    user: PLANNER_USER,
  },
};
