/**
 * Everything that analysis has to say about some rows.
 * @module
 */
import type { Disagreement } from "./check.ts";
import { some } from "./figures.ts";
import { compareDirect, type CompareOptions } from "./compare.ts";
import type { Comparison } from "./comparison.ts";
import type { Collected, RowFacts } from "./facts.ts";
import { type ReplicaUse, replicaUse } from "./replicas.ts";
import { type ArmSummary, summarise } from "./summary.ts";

/** A report: plain data, also the shape of `rrm analyze --json`. */
export interface Report {
  /** Version of this shape. */
  readonly schema: "rrm.report/1";
  /** How many rows the figures rest on. */
  readonly rows: number;
  /** Rows left out because a newer one of the same `row_id` was there. */
  readonly doubled: number;
  /** Figures arm by arm. */
  readonly arms: readonly ArmSummary[];
  /** Every other arm against direct; empty unless asked for. */
  readonly comparisons: readonly Comparison[];
  /** Use of each replica, run by run. */
  readonly replicas: readonly ReplicaUse[];
  /** Stored figures that the spans do not bear out; the report uses what the spans say. */
  readonly disagreements: readonly Disagreement[];
  /** What a reader should know about these figures, one sentence each. */
  readonly notes: readonly string[];
}

/** Options of {@linkcode analyse}. */
export interface AnalyseOptions extends CompareOptions {
  /** Compare every other arm with direct. */
  readonly directVsOther?: boolean;
}

/**
 * Makes the report of collected rows.
 *
 * @throws {InputError} when arms are to be compared and the direct arm is not clear.
 */
export function analyse(collected: Collected, options: AnalyseOptions = {}): Report {
  const { rows, doubled, disagreements } = collected;
  const arms = summarise(rows, options);
  const comparisons = options.directVsOther ? compareDirect(rows, options) : [];
  const report = {
    schema: "rrm.report/1" as const,
    rows: rows.length,
    doubled,
    arms,
    comparisons,
    replicas: replicaUse(rows),
    disagreements,
  };
  return { ...report, notes: notesOn(report, rows) };
}

type Findings = Omit<Report, "notes">;

function notesOn(report: Findings, rows: readonly RowFacts[]): string[] {
  const { arms, comparisons, doubled, disagreements } = report;
  const number = (test: (row: RowFacts) => boolean) => rows.filter(test).length;
  const has = (test: (arm: ArmSummary["arm"]) => boolean) => arms.some(({ arm }) => test(arm));
  const notes: (string | false)[] = [
    doubled > 0 &&
    `${some(doubled, "row was", "rows were")} left out: a newer row has the same row_id.`,
    disagreements.length > 0 &&
    `${
        some(disagreements.length, "stored figure differs", "stored figures differ")
      } from what the ` +
      "spans say; this report uses the spans.",
    unless0(
      number((row) => row.status !== "ok"),
      (n) =>
        `${
          some(n, "row", "rows")
        } did not end ok: counted in status and, where graded, in accuracy; ` +
        "left out of times and speed-ups.",
    ),
    unless0(
      number((row) => row.correct === null),
      (n) =>
        `${some(n, "row", "rows")} could not be graded and ${
          n === 1 ? "is" : "are"
        } left out of accuracy.`,
    ),
    unless0(
      number((row) => row.timing === "simulated"),
      (n) =>
        `${
          some(n, "row has", "rows have")
        } simulated time: kept apart, and no evidence about a real model.`,
    ),
    unless0(
      number((row) => row.timing === "replayed"),
      (n) => `${some(n, "row has", "rows have")} replayed time: kept apart.`,
    ),
    unless0(
      number((row) => row.usage_source === "estimated" || row.usage_source === "mixed"),
      (n) => `${some(n, "row holds", "rows hold")} estimated token counts.`,
    ),
    arms.some(({ rows, tasks }) => rows > tasks) &&
    "Tasks are repeated: Wilson intervals and McNemar's test count each repeat as independent; " +
      "bootstrap and speed-up intervals count each task once.",
    has(({ mode }) => mode === "oracle_parallel") &&
    "oracle_parallel was given its plan: an upper bound, never a headline.",
    rows.some((row) => row.recombiner === "reduce" && row.mode !== "direct") &&
    "The recombiner reduce computes with exact arithmetic, which direct lacks: " +
      "compare direct_reduce and the recombiner continue beside it.",
    comparisons.some((one) => one.speedup.headline !== null) &&
    "Headline rows are selected by both arms being right, so their speed-up is not that of all tasks.",
    comparisons.some((one) => one.pooled_tasks > 0) &&
    "Arms repeat some tasks differently often: those are compared over their repeats, outside " +
      "McNemar's test.",
    ...comparisons.map(loneRows),
    ...comparisons.map(cutShort),
    ...comparisons.map((one) => unevenLoad(one, arms)),
  ];
  return notes.filter((note) => note !== false);
}

function loneRows({ direct, other, pairs, unpaired }: Comparison): string | false {
  if (pairs === 0) return `${other.name} and ${direct.name} have no task in common.`;
  const lone = [
    unpaired.other > 0 && `${some(unpaired.other, "row")} of ${other.name}`,
    unpaired.direct > 0 && `${some(unpaired.direct, "row")} of ${direct.name}`,
  ].filter((part) => part !== false);
  return lone.length > 0 &&
    `${other.name} against ${direct.name}: no partner for ${lone.join(", ")}.`;
}

function cutShort({ direct, other, tasks }: Comparison): string | false {
  const cut = {
    direct: tasks.filter((task) => task.direct.truncated).length,
    other: tasks.filter((task) => task.other.truncated).length,
  };
  return cut.direct + cut.other > 0 &&
    `Truncated, so that the token limit set their latency: ${cut.direct} of ${direct.name} and ` +
      `${cut.other} of ${other.name}, of ${some(tasks.length, "pair")}.`;
}

/** Speed-ups mean little where the arms met a different load. */
function unevenLoad(
  { direct, other, pairs }: Comparison,
  arms: readonly ArmSummary[],
): string | false {
  if (pairs === 0) return false;
  const met = (name: string, timing: string) =>
    arms.find(({ arm }) => arm.name === name && arm.timing === timing)?.calls_in_flight;
  const [a, b] = [met(direct.name, direct.timing), met(other.name, other.timing)];
  if (!a || !b) return false;
  const [idle, busy] = [a.all - a.own, b.all - b.own];
  if (Math.abs(idle - busy) < 0.5) return false;
  return `${direct.name} and ${other.name} met different loads: ${idle.toFixed(1)} and ` +
    `${busy.toFixed(1)} calls of other rows were in flight beside theirs.`;
}

function unless0(n: number, sentence: (n: number) => string): string | false {
  return n > 0 && sentence(n);
}
