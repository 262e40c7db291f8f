/**
 * The node protocol: events, the lenient reader, the plan, and constraints that enforce it.
 * @module
 */
export * from "./types.ts";
export { createEventReader, type EventReaderOptions } from "./reader.ts";
export { type Named, REASONS, REPAIRS } from "./names.ts";
export { createPlan } from "./plan.ts";
export { type EventConstraintOptions, eventGrammar, eventSchema } from "./constraint.ts";
