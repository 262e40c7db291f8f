/**
 * Runs language models as recursive reasoning graphs, and measures it.
 * @module
 */
export * from "./lib/errors.ts";
export * from "./lib/clock.ts";
