/**
 * How children's conclusions become their parent's, other than by continuing.
 * @module
 */
import type { Conclusion, NodeScope, StrategyResult } from "../kernel/types.ts";
import { statedValue } from "../prompts/quote.ts";
import { freshTurn, type Joined } from "../prompts/turns.ts";
import { stripThinking } from "../records/grading/mod.ts";
import { majority, reduceValues } from "../records/reducers.ts";
import { askOnce } from "./direct.ts";
import type { GraphOptions } from "./types.ts";
import { askToConclude } from "./worker.ts";

/** Longest conclusion without a FINAL line that counts as a bare value. */
const BARE_VALUE_CHARS = 60;

/**
 * The node's conclusion by the chosen recombiner, or `null` where the node has to continue in its
 * own session: that is the recombiner, or the conclusions do not fit the one that is.
 */
export async function recombine(
  node: NodeScope,
  { rule, conclusions }: Joined,
  options: GraphOptions,
): Promise<StrategyResult | null> {
  switch (options.recombiner) {
    case "continue":
      return null;
    case "fresh":
      return await conclude(node, { rule, conclusions }, options, "continuation");
    case "vote": {
      const values = conclusions.map(stated).filter((value) => value !== null);
      const winner = majority(values);
      return winner && final(winner.value, "vote");
    }
    case "last": {
      const last = conclusions.at(-1);
      if (last?.status !== "ok") return null;
      return { text: last.text, concludedBy: "last", truncated: last.truncated };
    }
    case "reduce": {
      const values = conclusions.map(stated);
      if (rule === null || values.includes(null)) return null;
      const reduced = reduceValues(rule, values as string[]);
      return reduced && final(reduced.value, `reduce:${rule.trim()}`);
    }
  }
}

/** A new call that knows only the task, the rule and the conclusions, and may not split. */
export async function conclude(
  node: NodeScope,
  joined: Joined,
  { prompts }: GraphOptions,
  role: "continuation" | "worker",
): Promise<StrategyResult> {
  const turn = freshTurn(prompts, node, joined);
  const result = await askToConclude(node, turn, { role, refuse: "rounds" }) ??
    await askOnce(node, turn, role);
  return { ...result, concludedBy: "fresh" };
}

/** The value that a conclusion states: its FINAL value, or all of it if it is no more than that. */
function stated(conclusion: Conclusion): string | null {
  if (conclusion.status !== "ok") return null;
  const text = stripThinking(conclusion.text).trim();
  const bare = text !== "" && text.length <= BARE_VALUE_CHARS && !text.includes("\n");
  return statedValue(text) ?? (bare ? text : null);
}

function final(value: string, concludedBy: string): StrategyResult {
  return { text: `FINAL: ${value}`, concludedBy };
}
