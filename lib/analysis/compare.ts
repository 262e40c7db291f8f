/**
 * Another arm against direct: accuracy, speed, tokens, and what each row may be trusted for.
 * @module
 */
import { type DirectPair, trustLabel } from "../records/labels.ts";
import type { Comparison, Discordance, PairFigures, Side } from "./comparison.ts";
import type { RowFacts } from "./facts.ts";
import { type Pair, type Pairing, type PairOptions, pairRows } from "./pairs.ts";
import {
  bootstrapMean,
  type BootstrapOptions,
  geometricMean,
  mcnemar,
  mean,
  type Proportion,
  wilson,
} from "./stats/mod.ts";
import { blameShares, count } from "./summary.ts";

/** Options of {@linkcode compareDirect}. */
export interface CompareOptions extends PairOptions, BootstrapOptions {}

/**
 * Compares every other arm with direct, over all pairs.
 *
 * @throws {InputError} as {@linkcode pairRows}.
 */
export function compareDirect(
  rows: readonly RowFacts[],
  options: CompareOptions = {},
): Comparison[] {
  return pairRows(rows, options).map((pairing) => compare(pairing, options));
}

function compare(pairing: Pairing, bootstrap: BootstrapOptions): Comparison {
  const { pairs, unpaired } = pairing;
  const tasks = pairs.map(figuresOf);
  const timed = tasks.filter((task) => task.speedup !== null);
  const speedupOver = (chosen: readonly PairFigures[]) =>
    geometricMean(perTask(chosen, (task) => task.speedup));
  const repeated = Map.groupBy(tasks, (task) => task.task_id);
  const names = (direct: number, other: number) =>
    tasks.filter((task) => task.direct.correct === direct && task.other.correct === other)
      .map(({ task_id, repeat }) =>
        repeated.get(task_id)!.length > 1 ? `${task_id}#${repeat}` : task_id
      );
  const loose = unpaired.other.map((row) => trustLabel(row, "none").trust_label);
  const timedPairs = pairs.filter((_, i) => tasks[i]!.speedup !== null);
  return {
    direct: pairing.direct,
    other: pairing.other,
    pairs: pairs.length,
    pooled_tasks: pairs.filter((pair) => pair.repeat === null).length,
    unpaired: { direct: unpaired.direct.length, other: unpaired.other.length },
    accuracy: accuracyOf(pairs, tasks, bootstrap),
    score_difference: bootstrapMean(
      perTask(tasks, ({ direct, other }) => minus(other.score, direct.score)),
      bootstrap,
    ),
    speedup: {
      all: speedupOver(timed),
      headline: speedupOver(timed.filter(isHeadline)),
      left_out: tasks.length - timed.length,
    },
    tokens: tokenRatio(tasks),
    labels: count([...tasks.flatMap((task) => task.labels), ...loose]),
    only_direct_right: names(1, 0),
    only_other_right: names(0, 1),
    both_wrong: names(0, 0),
    blame: {
      direct: blameShares(timedPairs.flatMap((pair) => pair.direct.filter(isOk))),
      other: blameShares(timedPairs.flatMap((pair) => pair.other.filter(isOk))),
    },
    tasks,
  };
}

function figuresOf({ task_id, repeat, direct, other }: Pair): PairFigures {
  const sides = { direct: sideOf(direct), other: sideOf(other) };
  // Over repeats the direct arm counts as right only where it always was.
  const partner: DirectPair = direct.every((row) => row.correct) ? "correct" : "wrong";
  const [slow, fast] = [sides.direct.latency_ms, sides.other.latency_ms];
  return {
    task_id,
    repeat,
    ...sides,
    speedup: slow !== null && fast !== null && slow > 0 && fast > 0 ? slow / fast : null,
    labels: other.map((row) => trustLabel(row, partner).trust_label),
  };
}

function sideOf(rows: readonly RowFacts[]): Side {
  const graded = rows.filter((row) => row.correct !== null);
  const scored = rows.filter((row) => row.score !== null);
  const tokens = rows.map((row) => row.usage.total_tokens).filter((total) => total !== null);
  return {
    rows: rows.length,
    status: count(rows.map((row) => row.status)),
    answer: rows.length === 1 ? rows[0]!.answer : null,
    correct: graded.length === 0 ? null : mean(graded.map((row) => Number(row.correct))),
    score: scored.length === 0 ? null : mean(scored.map((row) => row.score!)),
    latency_ms: typicalLatency(rows.filter(isOk).map((row) => row.latency_ms)),
    total_tokens: tokens.length === 0 ? null : mean(tokens),
    truncated: rows.some((row) => row.truncated),
  };
}

function typicalLatency(latencies: readonly number[]): number | null {
  return latencies.length === 1 ? latencies[0]! : geometricMean([latencies])?.value ?? null;
}

function accuracyOf(
  pairs: readonly Pair[],
  tasks: readonly PairFigures[],
  options: BootstrapOptions,
): Comparison["accuracy"] {
  const graded = pairs.filter((_, i) => {
    const { direct, other } = tasks[i]!;
    return direct.correct !== null && other.correct !== null;
  });
  const differences = perTask(tasks, ({ direct, other }) => minus(other.correct, direct.correct));
  const difference = bootstrapMean(differences, options);
  if (!difference) return null;
  return {
    direct: shareRight(graded.flatMap((pair) => pair.direct)),
    other: shareRight(graded.flatMap((pair) => pair.other)),
    difference,
    discordance: discordanceOf(tasks),
  };
}

function shareRight(rows: readonly RowFacts[]): Proportion {
  const graded = rows.filter((row) => row.correct !== null);
  return wilson(graded.filter((row) => row.correct).length, graded.length)!;
}

function discordanceOf(tasks: readonly PairFigures[]): Discordance | null {
  const graded = tasks.filter(({ repeat, direct, other }) =>
    repeat !== null && direct.correct !== null && other.correct !== null
  );
  if (graded.length === 0) return null;
  const number = (direct: number, other: number) =>
    graded.filter((task) => task.direct.correct === direct && task.other.correct === other).length;
  const [only_direct, only_other] = [number(1, 0), number(0, 1)];
  return {
    n: graded.length,
    both_right: number(1, 1),
    only_direct,
    only_other,
    both_wrong: number(0, 0),
    p_value: mcnemar(only_direct, only_other),
  };
}

function tokenRatio(tasks: readonly PairFigures[]): Comparison["tokens"] {
  const known = tasks.filter(({ direct, other }) =>
    direct.total_tokens !== null && other.total_tokens !== null
  );
  const total = (side: "direct" | "other") =>
    known.reduce((sum, task) => sum + task[side].total_tokens!, 0);
  return total("direct") > 0 ? { n: known.length, ratio: total("other") / total("direct") } : null;
}

/** Values grouped by task, as clusters; `null`s are left out. */
function perTask(
  tasks: readonly PairFigures[],
  pick: (task: PairFigures) => number | null,
): number[][] {
  return [...Map.groupBy(tasks, (task) => task.task_id).values()]
    .map((own) => own.map(pick).filter((value) => value !== null));
}

function minus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

function isOk(row: RowFacts): boolean {
  return row.status === "ok";
}

function isHeadline({ labels }: PairFigures): boolean {
  return labels.every((label) => label === "headline");
}
