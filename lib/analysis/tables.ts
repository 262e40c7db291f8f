/**
 * A report as tables of text.
 * @module
 */
import type { Comparison, PairFigures, Side } from "./comparison.ts";
import {
  counts,
  estimate,
  none,
  percent,
  plain,
  proportion,
  pValue,
  seconds,
  short,
  signed,
  some,
  times,
} from "./figures.ts";
import type { Report } from "./report.ts";
import type { GeometricMean } from "./stats/mod.ts";
import type { ArmSummary, Spread } from "./summary.ts";

/** A table: the first column names, the others hold figures. */
export interface Table {
  /** What the table shows. */
  readonly title: string;
  /** What the figures are, in one line. */
  readonly about: string;
  /** Headings. */
  readonly columns: readonly string[];
  /** Cells, as many as there are headings. */
  readonly rows: readonly (readonly string[])[];
}

/** The tables of a report, the most telling first; in brief, only those. */
export function tablesOf(report: Report, detail: "brief" | "full" = "full"): Table[] {
  const comparisons = report.comparisons.filter(({ pairs }) => pairs > 0);
  const telling = [...comparisonTables(comparisons), ...armTables(report.arms)];
  if (detail === "brief") return telling;
  return [
    ...telling,
    ...comparisons.flatMap((comparison) => [
      blameTable(comparison),
      labelTable(comparison),
      disputedTable(comparison),
      taskTable(comparison),
    ]),
    replicaTable(report),
    disagreementTable(report),
  ].filter((table) => table.rows.length > 0);
}

const timings = {
  api: "wall time of a real model",
  simulated: "simulated time, no real model",
  replayed: "replayed time",
};

/** One table for each timing, arms as columns. */
function armTables(arms: readonly ArmSummary[]): Table[] {
  return [...Map.groupBy(arms, ({ arm }) => arm.timing)].map(([timing, own]) => {
    const row = (name: string, show: (arm: ArmSummary) => string) => [name, ...own.map(show)];
    const spread =
      (pick: (arm: ArmSummary) => Spread | null, show = seconds) => (arm: ArmSummary) => {
        const figures = pick(arm);
        return figures ? `${show(figures.median)} / ${show(figures.p95)}` : none;
      };
    const rows = [
      row("model", ({ arm }) => arm.model),
      row("prompt style", ({ arm }) => arm.prompt_style),
      row("rows (tasks)", ({ rows, tasks }) => `${rows} (${tasks})`),
      row("status", ({ status }) => counts(status)),
      row("accuracy, %", ({ accuracy }) => proportion(accuracy)),
      row("mean score", ({ score }) => estimate(score, short)),
      row("latency, s", spread((arm) => arm.latency_ms)),
      row("time to first token, s", spread((arm) => arm.time_to_first_token_ms)),
      row("time to first child, s", spread((arm) => arm.time_to_first_child_ms)),
      row("queueing, s", spread((arm) => arm.queue_ms)),
      row("critical path, s", spread((arm) => arm.critical_path_ms)),
      row("overlap, % of latency", spread((arm) => arm.overlap_fraction, percent)),
      row("sibling overlap, s", spread((arm) => arm.sibling_overlap_ms)),
      row(
        "calls in flight: own, all",
        ({ calls_in_flight: load }) => load ? `${short(load.own)}, ${short(load.all)}` : none,
      ),
      row("model calls per row", ({ model_calls }) => plain(model_calls)),
      row("tokens per row", ({ tokens }) => plain(tokens.total)),
      row(
        "– prompt + completion",
        ({ tokens }) =>
          tokens.total === null ? none : `${plain(tokens.prompt)} + ${plain(tokens.completion)}`,
      ),
      row("– wasted, %", ({ tokens }) => percent(tokens.wasted_share)),
      row("– counted by", ({ tokens }) => counts(tokens.sources)),
      row("cost per row, $", ({ cost_usd }) => cost_usd ? cost_usd.mean.toFixed(5) : none),
      row("graph", ({ graph_status }) => counts(graph_status)),
      row("truncated, %", ({ truncated }) => proportion(truncated)),
      row("degraded, %", ({ degraded }) => proportion(degraded)),
      row("fallback at a node, %", ({ fallback }) => proportion(fallback)),
      row("plan lines repaired, %", ({ lines }) => percent(lines.repair_rate)),
      row("plan lines rejected, %", ({ lines }) => percent(lines.rejection_rate)),
      row("– reasons", ({ lines }) => counts(lines.reasons, 3)),
    ];
    return {
      title: `Arms, ${timings[timing]}`,
      about:
        "Pairs a / b are median / 95th percentile; [ ] are 95 % intervals. Times are of rows " +
        "that ended ok.",
      columns: ["", ...own.map(({ arm }) => arm.name)],
      rows: rows.filter((cells) => cells.slice(1).some((cell) => cell !== none)),
    };
  });
}

/** Comparisons with the same direct rows share a table. */
function comparisonTables(comparisons: readonly Comparison[]): Table[] {
  const key = ({ direct, pairs, accuracy }: Comparison) =>
    JSON.stringify([direct, pairs, accuracy?.direct]);
  return [...Map.groupBy(comparisons, key).values()].map(comparisonTable);
}

function comparisonTable(comparisons: readonly Comparison[]): Table {
  const [{ direct, pairs, accuracy }] = comparisons as [Comparison];
  const row = (name: string, baseline: string, show: (comparison: Comparison) => string) => [
    name,
    baseline,
    ...comparisons.map(show),
  ];
  const points = signed((value) => `${(value * 100).toFixed(1)}`);
  const speed = (mean: GeometricMean | null) =>
    mean ? `${estimate(mean, times)} over ${some(mean.n, "pair")}` : none;
  const rows = [
    row(
      "accuracy, %",
      proportion(accuracy?.direct ?? null),
      (one) => proportion(one.accuracy?.other ?? null),
    ),
    row("– difference, points", "", (one) => estimate(one.accuracy?.difference ?? null, points)),
    row("– only this right, only direct", "", (one) => {
      const both = one.accuracy?.discordance;
      return both ? `${both.only_other}, ${both.only_direct} (${pValue(both.p_value)})` : none;
    }),
    row("score difference", "", (one) => estimate(one.score_difference, signed(short))),
    row("speed-up, all pairs", times(1), (one) => speed(one.speedup.all)),
    row("speed-up, headline rows only", times(1), (one) => speed(one.speedup.headline)),
    row(
      "tokens",
      times(1),
      ({ tokens }) => tokens ? `${times(tokens.ratio)} over ${some(tokens.n, "pair")}` : none,
    ),
    row("headline rows", "", ({ labels }) => `${labels["headline"] ?? 0} of ${total(labels)}`),
  ];
  const others = comparisons.map(({ other }) => other);
  const about = `model ${direct.model}; ${timings[direct.timing]}`;
  const left = Math.max(...comparisons.map(({ speedup }) => speedup.left_out));
  return {
    title: `${others.map(({ name }) => name).join(", ")} against ${direct.name} (${about})`,
    about: some(pairs, "pair") +
      (left > 0 ? `, up to ${left} of them not timed (an arm not ok)` : "") +
      ". Speed-up: geometric mean of direct latency over the other's. [ ] are 95 % intervals, " +
      "p is McNemar's exact.",
    columns: ["", direct.name, ...others.map(({ name }) => name)],
    rows: rows.filter((cells) => cells.slice(2).some((cell) => cell !== none)),
  };
}

function blameTable({ direct, other, blame }: Comparison): Table {
  const kinds = ["queue", "prefill", "decode", "announce", "effect", "retry", "runtime"] as const;
  return {
    title: `Where the time went: ${other.name} against ${direct.name}`,
    about: "Shares of the latency in %, along what held up the end. Announce: first token to the " +
      "line that announced a child.",
    columns: ["", direct.name, other.name],
    rows: kinds.filter((kind) => blame.direct?.[kind] || blame.other?.[kind])
      .map((kind) => [kind, percent(blame.direct?.[kind]), percent(blame.other?.[kind])]),
  };
}

function labelTable({ other, labels }: Comparison): Table {
  return {
    title: `Trust labels: ${other.name}`,
    about: "A label says the first thing that a row lacks to be a headline row.",
    columns: ["label", "rows"],
    rows: Object.entries(labels).sort(([, a], [, b]) => b - a).map(([name, n]) => [name, `${n}`]),
  };
}

function disputedTable(comparison: Comparison): Table {
  const { direct, other } = comparison;
  const list = (name: string, ids: readonly string[]) =>
    ids.length > 0 ? [[name, `${ids.length}`, firstOf(ids)]] : [];
  return {
    title: `Tasks not solved by both: ${other.name} against ${direct.name}`,
    about: "Pairs, by task id; #n is the repeat. All of them stand task by task below.",
    columns: ["", "pairs", "tasks"],
    rows: [
      ...list(`only ${direct.name} right`, comparison.only_direct_right),
      ...list(`only ${other.name} right`, comparison.only_other_right),
      ...list("both wrong", comparison.both_wrong),
    ],
  };
}

const shownTasks = 6;

function firstOf(ids: readonly string[]): string {
  const shown = ids.slice(0, shownTasks).join(", ");
  return ids.length > shownTasks ? `${shown} and ${ids.length - shownTasks} more` : shown;
}

function taskTable({ direct, other, tasks }: Comparison): Table {
  const right = ({ correct, status, truncated }: Side) => {
    const failed = Object.keys(status).filter((name) => name !== "ok");
    const verdict = correct === null
      ? "ungraded"
      : correct === 1
      ? "right"
      : correct === 0
      ? "wrong"
      : `${percent(correct)} %`;
    return [verdict, ...failed, ...(truncated ? ["truncated"] : [])].join(", ");
  };
  const cells = (task: PairFigures) => [
    task.repeat === null ? `${task.task_id} (all repeats)` : task.task_id,
    task.repeat === null ? none : `${task.repeat}`,
    right(task.direct),
    right(task.other),
    seconds(task.direct.latency_ms),
    seconds(task.other.latency_ms),
    task.speedup === null ? none : times(task.speedup),
    plain(task.direct.total_tokens),
    plain(task.other.total_tokens),
    [...new Set(task.labels)].join(", "),
  ];
  return {
    title: `Task by task: ${other.name} against ${direct.name}`,
    about: `"Other" is ${other.name}. Times in seconds.`,
    columns: [
      "task",
      "repeat",
      "direct",
      "other",
      "direct, s",
      "other, s",
      "speed-up",
      "direct, tokens",
      "other, tokens",
      "label",
    ],
    rows: tasks.map(cells),
  };
}

function replicaTable({ replicas }: Report): Table {
  return {
    title: "Replicas",
    about: "Per bench run, over its wall time from first start to last end.",
    columns: ["run", "replica", "wall, s", "calls", "busy, %", "in flight", "queued, s", "tokens"],
    rows: replicas.map((use) => [
      use.run_id,
      use.replica,
      seconds(use.wall_ms),
      `${use.calls}`,
      percent(use.utilisation),
      plain(use.calls_in_flight),
      seconds(use.queue_ms),
      plain(use.tokens),
    ]),
  };
}

const shownDisagreements = 20;

function disagreementTable({ disagreements }: Report): Table {
  const text = (value: unknown) => JSON.stringify(value) ?? none;
  const more = disagreements.length - shownDisagreements;
  return {
    title: "Stored figures that the spans do not bear out",
    about: more > 0 ? `The first ${shownDisagreements}; ${more} more.` : "All of them.",
    columns: ["task", "mode", "figure", "stored", "from spans"],
    rows: disagreements.slice(0, shownDisagreements).map((
      one,
    ) => [one.task_id, one.mode, one.field, text(one.stored), text(one.computed)]),
  };
}

function total(numbers: Readonly<Record<string, number>>): number {
  return Object.values(numbers).reduce((sum, n) => sum + n, 0);
}
