/**
 * Numbers from rows: summaries of arms, comparisons with direct, tables.
 * @module
 */
export { collect, type Collected, type CollectOptions, factsOf } from "./facts.ts";
export type { InFlight, RowFacts } from "./facts.ts";
export { type Arm, type ArmRows, groupByArm } from "./arms.ts";
export {
  type ArmSummary,
  type LineFigures,
  type Spread,
  summarise,
  type TokenMeans,
} from "./summary.ts";
export { type CallsInFlight, callsInFlight } from "./load.ts";
export { type Pair, type Pairing, type PairOptions, pairRows } from "./pairs.ts";
export { compareDirect, type CompareOptions } from "./compare.ts";
export type { Comparison, Discordance, PairFigures, Side } from "./comparison.ts";
export { type ReplicaUse, replicaUse } from "./replicas.ts";
export { checkRow, checkRows, type Disagreement } from "./check.ts";
export { analyse, type AnalyseOptions, type Report } from "./report.ts";
export { csvTables, type FormatOptions, formatReport } from "./format.ts";
export { type Table, tablesOf } from "./tables.ts";
export * from "./stats/mod.ts";
