import type { Example, PromptStyle } from "../types.ts";
import { EVENT_SCHEMA } from "./shared.ts";
import { askReview, itemExamples, listExamples, sound } from "./small_examples.ts";

const ids = "abcdefgh";

/** One child an item, its text copied, and a reducer as the rule. */
const plans: readonly Example[] = listExamples(({ ask, items, reducer }) => {
  const children = items.map(([item], i) =>
    JSON.stringify({ type: "child", id: ids[i], task: `${ask} ${item}`, depends_on: [] })
  );
  const rule = { type: "await", children: items.map((_, i) => ids[i]), rule: reducer };
  return [...children, JSON.stringify(rule)].join("\n");
});

/** The reducer first: after a list the model seldom comes to it. */
const lists: readonly Example[] = listExamples(({ ask, items, reducer }) => {
  const value = (text: string) => ask === askReview ? `${sound(text)} = ${text}` : `= ${text}`;
  return [`REDUCE: ${reducer}`, ...items.map(([item, text]) => `- ${item} ${value(text)}`)].join(
    "\n",
  );
});

const answers: readonly Example[] = listExamples(({ answer }) => `FINAL: ${answer}`);

/** For models below about a billion parameters: they follow examples, not instructions. */
export const smallFewshot: PromptStyle = {
  name: "small-fewshot",
  version: 1,
  description: "Few-shot prompts for small models: examples of the task's own shape.",
  direct: {
    system: "Answer the task. End with FINAL: <answer>",
    examples: answers,
    user: "{task}",
  },
  directReduce: {
    system:
      "Name the reducer: sum, max, min, count:yes or union. Then list each item with its value.",
    examples: lists,
    user: "{task}",
  },
  planner: {
    system:
      `Split the task into one child per item. Copy the items. Events, one per line:\n${EVENT_SCHEMA}`,
    examples: plans,
    user: "{task}{dependencies}",
  },
  worker: {
    system: "Solve this small task. End with FINAL: <answer>",
    examples: itemExamples,
    user: "{task}{dependencies}",
  },
  continuation: {
    user: "Results: {conclusions}. Rule: {rule}. Give the answer. End with FINAL: <answer>",
  },
  fresh: {
    user: "{task}\n\n{conclusions}\n\nRule: {rule}. Give the answer. End with FINAL: <answer>",
  },
  conclusions: "values",
};
