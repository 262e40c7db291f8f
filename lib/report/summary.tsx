/** @jsxImportSource npm:preact@10.29.2 */
// deno-lint-ignore-file jsx-key -- rendered once, to text: keys mean nothing
/**
 * The head of the page: what was run, what came out, and what to be careful about.
 * @module
 */
import type { VNode } from "../deps/preact.ts";
import type { Row } from "../records/row_types.ts";
import { type ArmFigures, armFigures, type PairFigures, pairFigures } from "./arm_figures.ts";
import type { Arm, Arrangement, Case } from "./arrange.ts";
import { count, duration, percent, plural, stamp, times } from "./format.ts";
import { labelMeaning, labelName } from "./labels.ts";
import { Name } from "./name.tsx";

/** Title, setting, warnings, a card for each arm. */
export function Summary(
  props: { title: string; rows: readonly Row[]; shown: Arrangement; notes: readonly string[] },
): VNode {
  const { title, rows, shown, notes } = props;
  const direct = shown.arms.findIndex((arm) => arm.mode === "direct");
  return (
    <header class="page">
      <h1>{title}</h1>
      <Setting rows={rows} shown={shown} />
      {warningsOf(rows, shown).map((warning) => (
        <p class="warning" role="note">
          <strong>{warning.name}</strong> {warning.text}
        </p>
      ))}
      <div class="arms">
        {shown.arms.map((arm, index) => (
          <ArmCard
            arm={arm}
            figures={armFigures(arm)}
            pair={direct >= 0 && index !== direct ? pairFigures(shown.cases, direct, index) : null}
          />
        ))}
      </div>
      {notes.length > 0 && (
        <ul class="notes" aria-label="Notes">
          {notes.map((note) => <li>{note}</li>)}
        </ul>
      )}
    </header>
  );
}

function Setting({ rows, shown }: { rows: readonly Row[]; shown: Arrangement }): VNode {
  const all = (of: (row: Row) => string) => [...new Set(rows.map(of))].join(", ");
  const dates = rows.map((row) => row.started_at).sort();
  const [from, to] = [stamp(dates[0]!), stamp(dates.at(-1)!)];
  const facts = [
    ["model", all((row) => row.model)],
    ["backend", all((row) => row.backend)],
    ["when", from === to ? from : `${from} to ${to}`],
    ["tasks", taskCount(shown.cases, shown.missing, rows)],
  ];
  return (
    <dl class="setting">
      {facts.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function taskCount(
  cases: readonly Case[],
  missing: readonly string[],
  rows: readonly Row[],
): string {
  const tasks = new Set(cases.map((item) => item.taskId)).size;
  const done = missing.length > 0
    ? `${count(tasks)} of ${count(tasks + missing.length)} run`
    : count(tasks);
  return `${done} (${plural(rows.length, "row")})`;
}

interface Warning {
  readonly name: string;
  readonly text: string;
}

function warningsOf(rows: readonly Row[], { arms, missing }: Arrangement): Warning[] {
  const timed = (timing: Row["timing"]) => rows.filter((row) => row.timing === timing).length;
  const [simulated, replayed] = [timed("simulated"), timed("replayed")];
  const oracle = arms.some((arm) => arm.rows.some((row) => row.graph_status === "oracle"));
  const warnings: (Warning | false)[] = [
    simulated > 0 && {
      name: "Simulated.",
      text: `Times of ${plural(simulated, "row")} come from a simulation, not from a real model.`,
    },
    replayed > 0 && {
      name: "Replayed.",
      text: `Times of ${plural(replayed, "row")} come from a recording that was played again.`,
    },
    oracle && {
      name: "A given plan.",
      text:
        "The plan of an oracle run came with its task: the run shows what a plan is worth, and " +
        "nothing about whether the model would find one.",
    },
    missing.length > 0 && {
      name: "Not finished.",
      text: `${plural(missing.length, "task")} of the task file ${
        missing.length === 1 ? "has" : "have"
      } no row yet.`,
    },
  ];
  return warnings.filter((warning) => warning !== false);
}

function ArmCard(
  { arm, figures, pair }: { arm: Arm; figures: ArmFigures; pair: PairFigures | null },
): VNode {
  return (
    <section class="arm" aria-label={arm.name}>
      <h2>
        <Name name={arm.name} />
      </h2>
      <div class="big">
        <p>
          <b>{figures.graded === 0 ? "–" : percent(figures.right / figures.graded)}</b>
          right
        </p>
        {figures.latency.map(({ timing, median_ms }) => (
          <p>
            <b>{duration(median_ms)}</b>
            median time{timing === "api" ? "" : `, ${timing}`}
          </p>
        ))}
      </div>
      <AccuracyBar figures={figures} />
      <dl class="figures">
        {factsOf(figures, pair).map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="labels">
        {figures.labels.map(([label, rows]) => (
          <span class="chip" title={labelMeaning(label)}>{count(rows)} {labelName(label)}</span>
        ))}
      </p>
    </section>
  );
}

function factsOf(figures: ArmFigures, pair: PairFigures | null): [name: string, value: string][] {
  const facts: ([name: string, value: string] | false)[] = [
    ["right", accuracyText(figures)],
    pair !== null && pair.pairs > 0 && [
      "beside direct",
      `${plural(pair.pairs, "pair")}: both right ${pair.bothRight}, only this ${pair.onlyArm}, ` +
      `only direct ${pair.onlyDirect}, neither ${pair.neither}`,
    ],
    pair !== null && pair.speedUp !== null && [
      "time",
      `${speedText(pair.speedUp)} than direct (${
        pair.timed === 1 ? "one pair" : `geometric mean of ${pair.timed} pairs`
      })`,
    ],
    figures.planned > 0 && [
      "overlap",
      `in ${figures.overlapping} of ${plural(figures.rows, "row")}; median ${
        percent(figures.overlap)
      } of the time where there were children`,
    ],
    figures.planned > 0 && [
      "fallback",
      `${figures.fallbacks} of ${plural(figures.planned, "plan")} (${
        percent(figures.fallbacks / figures.planned)
      })`,
    ],
    [
      "tokens",
      `${count(figures.tokens === null ? null : Math.round(figures.tokens))} a task (median)`,
    ],
  ];
  return facts.filter((fact) => fact !== false);
}

function accuracyText({ right, graded, rows, interval }: ArmFigures): string {
  if (interval === null) return "nothing could be graded";
  const open = rows - graded;
  return `${right} of ${graded}; 95 % interval ${percent(interval[0])} to ${percent(interval[1])}${
    open > 0 ? `; ${open} not graded` : ""
  }`;
}

function speedText(ratio: number): string {
  return ratio >= 1 ? `${times(ratio)} faster` : `${times(1 / ratio)} slower`;
}

/** The share of right answers and its interval, from 0 to 100 %. */
function AccuracyBar({ figures }: { figures: ArmFigures }): VNode | null {
  const { right, graded, interval } = figures;
  if (interval === null) return null;
  const x = (share: number) => `${(1 + 98 * share).toFixed(1)}%`;
  return (
    <svg class="accuracy" role="img" width="100%" height="26" aria-label={accuracyText(figures)}>
      <line class="grid" x1={x(0)} x2={x(1)} y1="7" y2="7" />
      {[0, 0.5, 1].map((share) => (
        <>
          <line class="grid" x1={x(share)} x2={x(share)} y1="3" y2="11" />
          <text
            class="axis"
            x={x(share)}
            y="24"
            text-anchor={share === 0 ? "start" : share === 1 ? "end" : "middle"}
          >
            {percent(share)}
          </text>
        </>
      ))}
      <line class="interval" x1={x(interval[0])} x2={x(interval[1])} y1="7" y2="7" />
      <circle class="point" cx={x(right / graded)} cy="7" r="5" />
    </svg>
  );
}
