/**
 * One call that lists items, and a reducer: what exact arithmetic alone buys, without a graph.
 * @module
 */
import type { NodeScope, StrategyResult } from "../kernel/types.ts";
import { directReduceTurn } from "../prompts/turns.ts";
import { stripThinking } from "../records/grading/mod.ts";
import { reduceValues } from "../records/reducers.ts";
import { askOnce, type DirectOptions } from "./direct.ts";
import { readListed } from "./listed.ts";

/** Asks once and reduces in code; a reply that cannot be reduced stands as it is, and is noted. */
export async function directReduce(
  node: NodeScope,
  { prompts }: DirectOptions,
): Promise<StrategyResult> {
  node.note("kind", "direct");
  const reply = await askOnce(node, directReduceTurn(prompts, node), "direct");
  const listed = readListed(stripThinking(reply.text));
  const reduced = listed && reduceValues(listed.reducer, listed.values);
  node.note("metrics", { reduced: reduced ? 1 : 0 });
  if (reduced) {
    return { ...reply, text: `FINAL: ${reduced.value}`, concludedBy: `reduce:${listed.reducer}` };
  }
  node.note("not-reduced", {
    reason: listed ? "values" : "no list",
    reducer: listed?.reducer ?? null,
  });
  return reply;
}
