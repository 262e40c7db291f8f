/**
 * How a node's text is quoted to other nodes, and how limits are put in words.
 * @module
 */
import type { Conclusion } from "../kernel/types.ts";
import { extractAnswer, finalValue, stripThinking } from "../records/grading/mod.ts";
import type { PromptStyle } from "./types.ts";

/** The value that a text states by a FINAL line, a box or an answer phrase; else `null`. */
export function statedValue(text: string): string | null {
  const { answer, rule } = extractAnswer(text, "text");
  return answer === null || rule === "whole_text" ? null : finalValue(text);
}

/** What a node said, without what it thought. */
function saidBy({ text }: Conclusion): string {
  return stripThinking(text).trim() || "(no answer)";
}

/** The stated value of a conclusion, else all of its text. */
function valueOf(conclusion: Conclusion): string {
  const said = saidBy(conclusion);
  return conclusion.status === "ok" ? statedValue(said) ?? said : said;
}

/** Conclusions for the node that asked for them: it knows their tasks already. */
export function quoteConclusions(style: PromptStyle, concluded: readonly Conclusion[]): string {
  if (style.conclusions === "values") {
    return concluded.map((one) => `${one.id}=${valueOf(one)}`).join(" ");
  }
  return concluded.map((one) => `[${one.id}]\n${saidBy(one)}`).join("\n\n");
}

/** Conclusions for a reader who has seen nothing else, each with its task. */
export function quoteWithTasks(style: PromptStyle, concluded: readonly Conclusion[]): string {
  return concluded.map((one) => {
    const said = style.conclusions === "values" ? valueOf(one) : saidBy(one);
    return `[${one.id}] ${one.task}\nResult: ${said}`;
  }).join("\n\n");
}

/** What a node depends on, to be put right after its task; empty without dependencies. */
export function quoteDependencies(style: PromptStyle, concluded: readonly Conclusion[]): string {
  if (concluded.length === 0) return "";
  return `\n\nResults that this task builds on:\n\n${quoteWithTasks(style, concluded)}`;
}

/** The limits of a plan, for its prompt. */
export function plannerLimits(width: number): string {
  return `Announce at most ${width} ${width === 1 ? "child" : "children"}.`;
}

/** The limits of a continuation: how many rounds are left, or that it must conclude. */
export function continuationLimits(width: number, roundsLeft: number): string {
  if (roundsLeft <= 0) {
    return "This is the last round: announce no further children and give the answer now.";
  }
  const rounds = roundsLeft === 1 ? "1 more round" : `${roundsLeft} more rounds`;
  return `At most ${rounds} of at most ${width} children each.`;
}
