import type { Example, PromptStyle } from "../types.ts";
import { EVENT_SCHEMA } from "./shared.ts";

// What a task asks for decides which examples it is shown: small models copy the nearest example.
const COUNT =
  "\\bhow many\\b(?!.*\\b(total|altogether|in all)\\b)|\\bcount\\b|\\btally\\b|number of";
const TOTAL = "\\b(total|altogether|in all|sum|add up)\\b";
const LARGEST = "\\b(largest|biggest|highest|greatest|most|maximum)\\b";
const LIST = "\\b(list|name|which|write down)\\b.*\\b(all|every|each|cities|places|names)\\b";

const REVIEWS = "The soup was cold. | I love this lamp. | He was kind to us.";
const NOTES = "Ida bought 4 pens. | The box holds 15 eggs. | Tom lost 6 coins.";
const TRIPS = "Ida flew to Bern. | The train to Malmo was late.";

function plan(tasks: readonly string[], rule: string): string {
  const ids = tasks.map((_, i) => "abcdefgh"[i]!);
  const children = tasks.map((task, i) =>
    JSON.stringify({ type: "child", id: ids[i], task, depends_on: [] })
  );
  return [...children, JSON.stringify({ type: "await", children: ids, rule })].join("\n");
}

const planExamples: readonly Example[] = [
  {
    when: COUNT,
    user: `How many of these reviews are positive?\n${REVIEWS}`,
    assistant: plan([
      "Is this review positive? The soup was cold.",
      "Is this review positive? I love this lamp.",
      "Is this review positive? He was kind to us.",
    ], "count:yes"),
  },
  {
    when: TOTAL,
    user: `What is the total of the numbers?\n${NOTES}`,
    assistant: plan([
      "What number is stated? Ida bought 4 pens.",
      "What number is stated? The box holds 15 eggs.",
      "What number is stated? Tom lost 6 coins.",
    ], "sum"),
  },
  {
    when: LARGEST,
    user: `What is the largest number mentioned?\n${NOTES}`,
    assistant: plan([
      "What number is stated? Ida bought 4 pens.",
      "What number is stated? The box holds 15 eggs.",
      "What number is stated? Tom lost 6 coins.",
    ], "max"),
  },
  {
    when: LIST,
    user: `List the cities mentioned.\n${TRIPS}`,
    assistant: plan([
      "Which city is named? Ida flew to Bern.",
      "Which city is named? The train to Malmo was late.",
    ], "concat"),
  },
];

const directExamples: readonly Example[] = [
  {
    when: COUNT,
    user: `How many of these reviews are positive?\n${REVIEWS}`,
    assistant: "FINAL: 2",
  },
  { when: TOTAL, user: `What is the total of the numbers?\n${NOTES}`, assistant: "FINAL: 25" },
  {
    when: LARGEST,
    user: `What is the largest number mentioned?\n${NOTES}`,
    assistant: "FINAL: 15",
  },
  { when: LIST, user: `List the cities mentioned.\n${TRIPS}`, assistant: "FINAL: Bern, Malmo" },
];

const reduceExamples: readonly Example[] = [
  {
    when: COUNT,
    user: `How many of these reviews are positive?\n${REVIEWS}`,
    assistant:
      "- The soup was cold. = no\n- I love this lamp. = yes\n- He was kind to us. = yes\nREDUCE: count:yes",
  },
  {
    when: TOTAL,
    user: `What is the total of the numbers?\n${NOTES}`,
    assistant:
      "- Ida bought 4 pens. = 4\n- The box holds 15 eggs. = 15\n- Tom lost 6 coins. = 6\nREDUCE: sum",
  },
  {
    when: LARGEST,
    user: `What is the largest number mentioned?\n${NOTES}`,
    assistant:
      "- Ida bought 4 pens. = 4\n- The box holds 15 eggs. = 15\n- Tom lost 6 coins. = 6\nREDUCE: max",
  },
  {
    when: LIST,
    user: `List the cities mentioned.\n${TRIPS}`,
    assistant: "- Ida flew to Bern. = Bern\n- The train to Malmo was late. = Malmo\nREDUCE: concat",
  },
];

const workerExamples: readonly Example[] = [
  {
    when: "\\b(positive|negative|review)\\b",
    user: "Is this review positive? The soup was cold.",
    assistant: "FINAL: no",
  },
  {
    when: "\\b(positive|negative|review)\\b",
    user: "Is this review positive? I love this lamp.",
    assistant: "FINAL: yes",
  },
  {
    when: "\\bnumber\\b|\\bhow many\\b",
    user: "What number is stated? The box holds 15 eggs.",
    assistant: "FINAL: 15",
  },
  {
    when: "\\bnumber\\b|\\bhow many\\b",
    user: "What number is stated? Ida bought 4 pens.",
    assistant: "FINAL: 4",
  },
  {
    when: "\\bcity\\b|\\bwhere\\b",
    user: "Which city is named? Ida flew to Bern.",
    assistant: "FINAL: Bern",
  },
  {
    when: "\\bcity\\b|\\bwhere\\b",
    user: "Which city is named? The train to Malmo was late.",
    assistant: "FINAL: Malmo",
  },
];

/** For models below about a billion parameters: they follow examples, not instructions. */
export const smallFewshot: PromptStyle = {
  name: "small-fewshot",
  version: 1,
  description: "Few-shot prompts for small models: one example of the task's own shape.",
  direct: {
    system: "Answer the task. End with FINAL: <answer>",
    examples: directExamples,
    user: "{task}",
  },
  directReduce: {
    system:
      "List each item with its value. Then name the reducer: sum, max, min, count:yes or concat.",
    examples: reduceExamples,
    user: "{task}",
  },
  planner: {
    system:
      `Split the task into one child per item. Copy the items. Events, one per line:\n${EVENT_SCHEMA}`,
    examples: planExamples,
    user: "{task}{dependencies}",
  },
  worker: {
    system: "Solve this small task. End with FINAL: <answer>",
    examples: workerExamples,
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
