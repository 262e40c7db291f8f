/**
 * One call that lists items, and a reducer: what exact arithmetic alone buys, without a graph.
 * @module
 */
import type { NodeScope, StrategyResult } from "../kernel/types.ts";
import { withoutThinking } from "../prompts/quote.ts";
import { directReduceTurn } from "../prompts/turns.ts";
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
  const listed = readListed(withoutThinking(reply.text));
  const value = listed && reduceValues(listed.reducer, listed.values);
  node.note("metrics", { reduced: value === null ? 0 : 1 });
  if (listed && value !== null) {
    return { ...reply, text: `FINAL: ${value}`, concludedBy: `reduce:${listed.reducer}` };
  }
  node.note("not-reduced", {
    reason: listed ? "values" : "no list",
    reducer: listed?.reducer ?? null,
  });
  return reply;
}
