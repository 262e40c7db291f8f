/**
 * A node that solves its task itself.
 * @module
 */
import type { NodeScope, StrategyResult } from "../kernel/types.ts";
import type { Message } from "../model/types.ts";
import { directTurn, workerTurn } from "../prompts/turns.ts";
import { askOnce, type DirectOptions } from "./direct.ts";
import { openPlan } from "./open_plan.ts";
import { readEvents } from "./read_events.ts";

/** One call whose reply may hold an `atomic`; `null` when it holds only refused events. */
export async function askToConclude(
  node: NodeScope,
  turn: readonly Message[],
  options: { readonly role: string; readonly refuse: "depth" | "rounds" },
): Promise<StrategyResult | null> {
  const { role, refuse } = options;
  const plan = openPlan(node, {
    family: new Map(),
    child: () => Promise.reject(new TypeError("A refused child was started")),
    launch: "planned",
    width: 0,
    refuse,
  });
  const generation = node.generate(node.session(), turn, { role });
  for await (const line of readEvents(generation, { textAnswers: true })) plan.accept(line);
  const reply = await generation.reply;
  const text = plan.close().answerIn(reply.text);
  return text === null ? null : { text, concludedBy: role, truncated: reply.truncated };
}

/** The worker's call; a reply of nothing but refused events is asked once more, directly. */
export async function solve(node: NodeScope, { prompts }: DirectOptions): Promise<StrategyResult> {
  const turn = workerTurn(prompts, node);
  return await askToConclude(node, turn, { role: "worker", refuse: "depth" }) ??
    await askOnce(node, directTurn(prompts, node), "worker");
}

/** A leaf of the tree. */
export async function worker(node: NodeScope, options: DirectOptions): Promise<StrategyResult> {
  node.note("kind", "worker");
  return await solve(node, options);
}
