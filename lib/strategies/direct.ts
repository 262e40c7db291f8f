/**
 * One call: the baseline.
 * @module
 */
import type { NodeScope, StrategyResult } from "../kernel/types.ts";
import type { Message } from "../model/types.ts";
import { directTurn } from "../prompts/turns.ts";
import type { PromptStyle } from "../prompts/types.ts";

/** Options of strategies that only ask. */
export interface DirectOptions {
  /** Its `direct` prompt is used. */
  readonly prompts: PromptStyle;
}

/** One call, and its text as it is. */
export async function askOnce(
  node: NodeScope,
  turn: readonly Message[],
  role: string,
): Promise<StrategyResult> {
  const { text, truncated } = await node.generate(node.session(), turn, { role }).reply;
  return { text, concludedBy: role, truncated };
}

/** Answers in one call. */
export async function direct(
  node: NodeScope,
  { prompts }: DirectOptions,
): Promise<StrategyResult> {
  node.note("kind", "direct");
  return await askOnce(node, directTurn(prompts, node), "direct");
}

/** Answers a node in one call because no plan could be had for it. */
export async function fallback(
  node: NodeScope,
  { prompts }: DirectOptions,
): Promise<StrategyResult> {
  node.note("kind", "fallback");
  return await askOnce(node, directTurn(prompts, node), "direct");
}
