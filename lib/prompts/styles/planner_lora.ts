import type { PromptStyle } from "../types.ts";
import { smallFewshot } from "./small_fewshot.ts";

/**
 * The texts that the planner adapter was trained with: planner, worker and continuation, word for
 * word. They show no schema, for the adapter has learnt it. The adapter serves no other role, so
 * the direct prompts are the best ones known for the model without it.
 */
export const plannerLora: PromptStyle = {
  name: "planner-lora",
  version: 1,
  description: "The exact prompts of the SmolLM2 planner adapter; direct as in small-fewshot.",
  direct: smallFewshot.direct,
  directReduce: smallFewshot.directReduce,
  planner: { system: "Plan the task as JSON events.", user: "{task}{dependencies}" },
  worker: {
    system: "Solve this small task. End with FINAL: value.",
    user: "{task}{dependencies}",
  },
  continuation: { user: "Conclusions: {conclusions}. Rule: {rule}." },
  fresh: smallFewshot.fresh,
  conclusions: "values",
};
