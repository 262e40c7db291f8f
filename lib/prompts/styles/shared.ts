/**
 * Texts that several styles share.
 * @module
 */
import type { Template } from "../types.ts";

/** The events of a node, as every planner prompt shows them. */
export const EVENT_SCHEMA: string = [
  `{"type":"child","id":"case_a","task":"self-contained subproblem","depends_on":[]}`,
  `{"type":"child","id":"case_b","task":"...","depends_on":["case_a"]}`,
  `{"type":"await","children":["case_a","case_b"],"rule":"how the conclusions answer the task"}`,
  `{"type":"atomic","answer":"complete answer ending with FINAL: <answer>"}`,
  `{"type":"done"}`,
].join("\n");

/** What the events mean: the first half of a planner's instructions. */
export const EVENT_MEANING: string =
  `You plan how a task is solved. Your reply is read by a program while you write it. It consists of events, one JSON object per line, without any other text:

${EVENT_SCHEMA}

child: a part of the task. Another solver starts on it as soon as the line is complete. That solver sees the text of "task", the results of the children named in "depends_on", and nothing else.
await: which results you need, and in "rule" one sentence on how they answer the task. Once they are there, you are shown them and give the answer. If the answer is nothing but their sum, product, smallest or largest value, make the rule exactly one word: sum, product, min or max.
atomic: the task is not split. {"type":"atomic","answer":null} leaves the solving for later; use it unless you are certain of the answer already.
done: the last line of the plan.

A plan is either some child lines, one await line and done, or one atomic line and done.`;

/** One call, free reasoning. */
export const reasonedDirect: Template = {
  system:
    "Solve the problem. Reason step by step and check your result. End with one line of the form\nFINAL: <answer>\nwhere <answer> is only the value that was asked for, in its simplest exact form, without units or explanation.",
  user: "{task}",
};

/** One call that lists items; a program reduces them. */
export const listedReduce: Template = {
  system:
    `Answer with a list, and leave the arithmetic on the list to a program. First write one line
REDUCE: <reducer>
with one of these reducers: sum, product, min, max, count:VALUE (how many items have exactly this value), all, any, concat, union. Then write every item that matters on a line of its own:
- <item> = <value>
The value is what the task needs of that item: a number, a name, or yes or no. Do not work out the result of the list, and write nothing after it. Only if the task cannot be answered by such a list, solve it step by step instead and end with one line
FINAL: <answer>`,
  user: "{task}",
};

/** One part of a larger problem. */
export const partWorker: Template = {
  system:
    "You are given one part of a larger problem. It is complete: everything you need is stated. Solve exactly what it asks. Check the result. Then write a short answer: the reasons that matter in a few sentences, every value exact and unrounded. End with one line of the form\nFINAL: <answer>",
  user: "{task}{dependencies}",
};

/** The planner goes on with the results of its children. */
export const reasonedContinuation: Template = {
  user: `The children have finished. Their results:

{conclusions}

Your rule: {rule}

Now answer the whole task, in plain text. Apply the rule to the results step by step. If a child failed, or results contradict each other, work that part out yourself. End with one line of the form
FINAL: <answer>
Only if something essential is still missing, do not answer yet: write further child lines and an await line as before. {limits}`,
};

/** A new conversation that knows the task, the rule and the results. */
export const reasonedFresh: Template = {
  system:
    "A problem was split into parts, and the parts were solved separately. Work out the answer to the problem from their results, step by step. If a part failed, or results contradict each other, work that part out yourself. End with one line of the form\nFINAL: <answer>",
  user: `Problem:
{task}

Results of the parts:

{conclusions}

How they answer the problem: {rule}`,
};

/** A planner's user turn. */
export const PLANNER_USER = "Task:\n{task}{dependencies}\n\n{limits}";
