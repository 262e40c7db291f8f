/**
 * The figures of each arm.
 * @module
 */
import type { Row } from "../records/row_types.ts";
import type { Blame } from "../trace/mod.ts";
import { type Arm, groupByArm } from "./arms.ts";
import type { RowFacts } from "./facts.ts";
import { type CallsInFlight, callsInFlight } from "./load.ts";
import {
  bootstrapMean,
  type BootstrapOptions,
  type Estimate,
  mean,
  type Proportion,
  quantile,
  wilson,
} from "./stats/mod.ts";

/** Median and 95th percentile of `n` values. */
export interface Spread {
  /** How many values. */
  readonly n: number;
  /** The 50th percentile. */
  readonly median: number;
  /** The 95th percentile. */
  readonly p95: number;
}

/** Mean tokens of a row, over the `n` rows that know the number; `null` where none does. */
export interface TokenMeans {
  /** Rows that know their total. */
  readonly n: number;
  /** Prompt tokens. */
  readonly prompt: number | null;
  /** Completion tokens. */
  readonly completion: number | null;
  /** All tokens. */
  readonly total: number | null;
  /** Tokens of attempts whose text was not used, as a share of all tokens. */
  readonly wasted_share: number | null;
  /** Rows by the source of their counts. */
  readonly sources: Readonly<Record<string, number>>;
}

/** How an arm's plans were understood. */
export interface LineFigures {
  /** Lines understood as they stood. */
  readonly accepted: number;
  /** Lines understood after repairs. */
  readonly repaired: number;
  /** Lines that are no events. */
  readonly ignored: number;
  /** Lines refused. */
  readonly rejected: number;
  /** Repaired among those understood. */
  readonly repair_rate: number | null;
  /** Rejected among all but ignored lines. */
  readonly rejection_rate: number | null;
  /** Repairs and reasons by name, the most frequent first. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** All figures of one arm. Times, overlap and load are over rows with status `ok`. */
export interface ArmSummary {
  /** Which arm. */
  readonly arm: Arm;
  /** How many rows. */
  readonly rows: number;
  /** How many different tasks. */
  readonly tasks: number;
  /** Rows by status. */
  readonly status: Readonly<Record<string, number>>;
  /** Of rows that could be graded, with Wilson's interval. */
  readonly accuracy: Proportion | null;
  /** Mean of graded scores; tasks are resampled. */
  readonly score: Estimate | null;
  /** End of the root. */
  readonly latency_ms: Spread | null;
  /** Of the root's first call. */
  readonly time_to_first_token_ms: Spread | null;
  /** Start of the first call in any child. */
  readonly time_to_first_child_ms: Spread | null;
  /** Time that calls waited before they were sent, summed over a row. */
  readonly queue_ms: Spread | null;
  /** What latency could have been with unlimited slots and no cost but the model's own. */
  readonly critical_path_ms: Spread | null;
  /** Share of the latency in which a node and a descendant were both in a call. */
  readonly overlap_fraction: Spread | null;
  /** Time in which nodes beside each other were both in a call. */
  readonly sibling_overlap_ms: Spread | null;
  /** Summed call time over the measure of all calls. */
  readonly parallelism: Spread | null;
  /** Mean numbers of calls in flight. */
  readonly calls_in_flight: CallsInFlight | null;
  /** Mean answered attempts of a row. */
  readonly model_calls: number;
  /** Mean attempts of a row. */
  readonly attempts: number;
  /** Tokens of a row. */
  readonly tokens: TokenMeans;
  /** Dollars, over the `n` rows that know them. */
  readonly cost_usd: { readonly n: number; readonly total: number; readonly mean: number } | null;
  /** Rows whose concluding call was cut by its token limit. */
  readonly truncated: Proportion | null;
  /** Rows with a failed child, a cut plan, or a truncated call elsewhere. */
  readonly degraded: Proportion | null;
  /** Rows with a node that fell back to a direct answer. */
  readonly fallback: Proportion | null;
  /** Rows by what became of the root's plan. */
  readonly graph_status: Readonly<Record<string, number>>;
  /** How plans were understood. */
  readonly lines: LineFigures;
  /** Where the time went: shares of the latency, summed over rows. */
  readonly blame: Blame | null;
  /** Mean of each number that strategies noted. */
  readonly metrics: Readonly<Record<string, { readonly n: number; readonly mean: number }>>;
}

/** Summarises rows arm by arm; `direct` comes first. */
export function summarise(
  rows: readonly RowFacts[],
  options: BootstrapOptions = {},
): ArmSummary[] {
  return groupByArm(rows).map(({ arm, rows: own }) => summariseArm(arm, own, rows, options));
}

function summariseArm(
  arm: Arm,
  rows: readonly RowFacts[],
  all: readonly RowFacts[],
  options: BootstrapOptions,
): ArmSummary {
  const ok = rows.filter((row) => row.status === "ok");
  const graded = rows.filter((row) => row.correct !== null);
  const scored = rows.filter((row) => row.score !== null);
  const costs = known(rows, (row) => row.cost_usd);
  const share = (test: (row: RowFacts) => boolean) => wilson(rows.filter(test).length, rows.length);
  const spread = (pick: (row: RowFacts) => number | null) => spreadOf(known(ok, pick));
  return {
    arm,
    rows: rows.length,
    tasks: new Set(rows.map((row) => row.task_id)).size,
    status: count(rows.map((row) => row.status)),
    accuracy: wilson(graded.filter((row) => row.correct).length, graded.length),
    score: bootstrapMean(byTask(scored).map((own) => own.map((row) => row.score!)), options),
    latency_ms: spread((row) => row.latency_ms),
    time_to_first_token_ms: spread((row) => row.time_to_first_token_ms),
    time_to_first_child_ms: spread((row) => row.time_to_first_child_ms),
    queue_ms: spread((row) => row.queue_ms),
    critical_path_ms: spread((row) => row.critical_path_ms),
    overlap_fraction: spread((row) => row.overlap_fraction),
    sibling_overlap_ms: spread((row) => row.sibling_overlap_ms),
    parallelism: spread((row) => row.parallelism),
    calls_in_flight: callsInFlight(ok, all),
    model_calls: mean(rows.map((row) => row.model_calls)),
    attempts: mean(rows.map((row) => row.attempts)),
    tokens: tokensOf(rows),
    cost_usd: costs.length === 0 ? null : { n: costs.length, total: sum(costs), mean: mean(costs) },
    truncated: share((row) => row.truncated),
    degraded: share((row) => row.degraded),
    fallback: share((row) => row.graph_status === "fallback" || row.nodes.length > 0),
    graph_status: count(rows.map((row) => row.graph_status)),
    lines: linesOf(rows),
    blame: blameShares(ok),
    metrics: metricsOf(rows),
  };
}

/** Shares of the rows' summed latency; `null` where no time passed. */
export function blameShares(rows: readonly Row[]): Blame | null {
  const total = sum(rows.map((row) => row.latency_ms));
  if (total === 0) return null;
  const share = (piece: keyof Blame) => sum(rows.map((row) => row.blame[piece])) / total;
  return {
    queue: share("queue"),
    prefill: share("prefill"),
    decode: share("decode"),
    announce: share("announce"),
    effect: share("effect"),
    retry: share("retry"),
    runtime: share("runtime"),
  };
}

/** Rows of one task together. */
export function byTask<T extends { readonly task_id: string }>(rows: readonly T[]): T[][] {
  return [...Map.groupBy(rows, (row) => row.task_id).values()];
}

/** How often each name occurs. */
export function count(names: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([k, v]) => [k, v.length]));
}

function tokensOf(rows: readonly RowFacts[]): TokenMeans {
  const totals = known(rows, (row) => row.usage.total_tokens);
  const meanOf = (values: readonly number[]) => values.length === 0 ? null : mean(values);
  return {
    n: totals.length,
    prompt: meanOf(known(rows, (row) => row.usage.prompt_tokens)),
    completion: meanOf(known(rows, (row) => row.usage.completion_tokens)),
    total: meanOf(totals),
    wasted_share: sum(totals) > 0 ? sum(rows.map((row) => row.wasted_tokens)) / sum(totals) : null,
    sources: count(rows.map((row) => row.usage_source ?? "none")),
  };
}

function linesOf(rows: readonly RowFacts[]): LineFigures {
  const total = (kind: keyof Row["events"]) => sum(rows.map((row) => row.events[kind]));
  const [accepted, repaired] = [total("accepted"), total("repaired")];
  const [ignored, rejected] = [total("ignored"), total("rejected")];
  const understood = accepted + repaired;
  const reasons = new Map<string, number>();
  for (const [name, times] of rows.flatMap((row) => Object.entries(row.event_reasons))) {
    reasons.set(name, (reasons.get(name) ?? 0) + times);
  }
  return {
    accepted,
    repaired,
    ignored,
    rejected,
    repair_rate: understood > 0 ? repaired / understood : null,
    rejection_rate: understood + rejected > 0 ? rejected / (understood + rejected) : null,
    reasons: Object.fromEntries([...reasons].sort(([, a], [, b]) => b - a)),
  };
}

function metricsOf(rows: readonly RowFacts[]): ArmSummary["metrics"] {
  const all = Map.groupBy(rows.flatMap((row) => Object.entries(row.metrics)), ([name]) => name);
  return Object.fromEntries(
    [...all].map(([name, own]) => [name, { n: own.length, mean: mean(own.map(([, v]) => v)) }]),
  );
}

function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  return { n: values.length, median: quantile(values, 0.5)!, p95: quantile(values, 0.95)! };
}

function known<T>(rows: readonly T[], pick: (row: T) => number | null): number[] {
  return rows.map(pick).filter((value) => value !== null);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
