/**
 * The kernel: nodes, slots, dependency gates, budgets, retries, cancellation.
 * @module
 */
export { BudgetError, type BudgetLimits, createBudget } from "./budget.ts";
export { seededRandom } from "../random.ts";
export { DEFAULT_MAX_ATTEMPTS, runTree } from "./run.ts";
export type * from "./types.ts";
