/**
 * The turns of a node, in the words of a style.
 * @module
 */
import type { Conclusion, NodeScope } from "../kernel/types.ts";
import type { Message } from "../model/types.ts";
import {
  continuationLimits,
  plannerLimits,
  quoteConclusions,
  quoteDependencies,
  quoteWithTasks,
} from "./quote.ts";
import { render } from "./render.ts";
import type { PromptStyle } from "./types.ts";

/** What a turn has to know of its node. */
export type Asked = Pick<NodeScope, "task" | "dependencies">;

/** What a node continues with. */
export interface Joined {
  /** How the conclusions answer the task, as the plan said; `null` if it did not say. */
  readonly rule: string | null;
  /** What the awaited children ended with, in the order announced. */
  readonly conclusions: readonly Conclusion[];
}

/** Asks for the answer in one call. Also the fallback of a node, which may have dependencies. */
export function directTurn(style: PromptStyle, node: Asked): Message[] {
  const task = node.task + quoteDependencies(style, node.dependencies);
  return render(style.direct, { task }, node.task);
}

/** Asks in one call for the items with their values, and for a reducer. */
export function directReduceTurn(style: PromptStyle, node: Asked): Message[] {
  const task = node.task + quoteDependencies(style, node.dependencies);
  return render(style.directReduce, { task }, node.task);
}

/** Asks for a plan of at most `width` children. */
export function plannerTurn(style: PromptStyle, node: Asked, width: number): Message[] {
  return render(style.planner, {
    task: node.task,
    dependencies: quoteDependencies(style, node.dependencies),
    limits: plannerLimits(width),
  }, node.task);
}

/** Asks for the solution of a part. */
export function workerTurn(style: PromptStyle, node: Asked): Message[] {
  return render(style.worker, {
    task: node.task,
    dependencies: quoteDependencies(style, node.dependencies),
  }, node.task);
}

/** Goes on in the planner's session. With no round left the node is told to conclude. */
export function continuationTurn(
  style: PromptStyle,
  node: Asked,
  joined: Joined,
  limits: { readonly width: number; readonly roundsLeft: number },
): Message[] {
  return render(style.continuation, {
    task: node.task,
    rule: joined.rule ?? "",
    conclusions: quoteConclusions(style, joined.conclusions),
    limits: continuationLimits(limits.width, limits.roundsLeft),
  }, node.task);
}

/** Combines conclusions in a conversation that knows nothing else. */
export function freshTurn(style: PromptStyle, node: Asked, joined: Joined): Message[] {
  return render(style.fresh, {
    task: node.task + quoteDependencies(style, node.dependencies),
    rule: joined.rule ?? "",
    conclusions: quoteWithTasks(style, joined.conclusions),
  }, node.task);
}
