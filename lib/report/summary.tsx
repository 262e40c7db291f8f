/** @jsxImportSource npm:preact@10.29.2 */
// deno-lint-ignore-file jsx-key -- rendered once, to text: keys mean nothing
/**
 * The head of the page: what was run, what came out, and what to be careful about.
 * @module
 */
import type { VNode } from "../deps/preact.ts";
import type { Row } from "../records/row_types.ts";
import { ArmCard } from "./arm_card.tsx";
import type { Arrangement } from "./arrange.ts";
import type { PageFigures } from "./figures.ts";
import { count, plural, stamp } from "./format.ts";

/** Properties of {@linkcode Summary}. */
export interface SummaryProps {
  readonly title: string;
  readonly shown: Arrangement;
  readonly figures: PageFigures;
  readonly notes: readonly string[];
}

/** Title, setting, warnings, a card for each arm. */
export function Summary({ title, shown, figures, notes }: SummaryProps): VNode {
  const rows = shown.arms.flatMap((arm) => arm.runs.map((run) => run.row));
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
        {figures.arms.map((own) => <ArmCard figures={own} />)}
      </div>
      <ul class="notes" aria-label="Notes">
        {[...notes, ...figures.notes].map((note) => <li>{note}</li>)}
      </ul>
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
    ["tasks", taskCount(shown, rows)],
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

function taskCount({ cases, missing }: Arrangement, rows: readonly Row[]): string {
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
  const oracle = arms.some((arm) => arm.runs.some((run) => run.facts.graph_status === "oracle"));
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
