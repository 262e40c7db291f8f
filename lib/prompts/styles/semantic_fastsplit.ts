import type { PromptStyle } from "../types.ts";
import { semantic, SPLIT_BY_MEANING } from "./semantic.ts";
import { EVENT_MEANING, PLANNER_USER } from "./shared.ts";

/** How to let the first child start early. */
export const SPLIT_FAST: string = `Be quick:
- Your reply starts with the first event: no introduction, no code fence. If you split, write the first child line at once, while you still think about the next.
- Few parts: two to four are usually right, and one alone is never a split.
- Short lines. Solving is the work of the children.`;

/** A short plan to copy the form of. */
export const SPLIT_EXAMPLE: string = `An example. Task:
Cards are numbered from 1 to 90. How many carry a multiple of 4 or a multiple of 6?
Plan:
{"type":"child","id":"fours","task":"How many of the whole numbers from 1 to 90 are multiples of 4?","depends_on":[]}
{"type":"child","id":"sixes","task":"How many of the whole numbers from 1 to 90 are multiples of 6?","depends_on":[]}
{"type":"child","id":"both","task":"How many of the whole numbers from 1 to 90 are multiples of 4 and also multiples of 6?","depends_on":[]}
{"type":"await","children":["fours","sixes","both"],"rule":"Add the counts of fours and sixes, and take away the count of both."}
{"type":"done"}`;

/** Few parts, the first one at once. */
export const semanticFastsplit: PromptStyle = {
  ...semantic,
  name: "semantic-fastsplit",
  version: 1,
  description: "As semantic, with few parts and the first child line at once.",
  planner: {
    system: [EVENT_MEANING, SPLIT_BY_MEANING, SPLIT_FAST, SPLIT_EXAMPLE].join("\n\n"),
    user: PLANNER_USER,
  },
};
