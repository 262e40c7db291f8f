/**
 * The bench: tasks x modes -> rows.
 * @module
 */
export type { BenchOptions } from "./config.ts";
export { connectBackend, type ConnectOptions } from "./connect.ts";
export { type BenchProgress, type BenchResult, runBench, type RunBenchOptions } from "./run.ts";
export { DEFAULTS } from "./settings.ts";
