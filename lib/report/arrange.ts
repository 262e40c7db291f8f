/**
 * Rows as the page shows them: arms beside each other, case by case.
 * @module
 */
import { type Arm, factsOf, groupByArm, type RowFacts } from "../analysis/mod.ts";
import { type Trust, trustLabel } from "../records/labels.ts";
import type { Row } from "../records/row_types.ts";

/** What the page needs of a task. */
export interface DemoTask {
  /** Matches `task_id` of the rows. */
  readonly id: string;
  /** The statement. */
  readonly task: string;
  /** What is expected; where absent, the page shows what the rows recorded. */
  readonly answer?: unknown;
}

/** One row: its spans and texts, its figures as the spans say them, and what it may be trusted for. */
export interface Run {
  readonly row: Row;
  readonly facts: RowFacts;
  readonly trust: Trust;
}

/** An arm under the name that it has on the page. */
export interface ShownArm {
  readonly name: string;
  readonly arm: Arm;
  readonly runs: readonly Run[];
}

/** One task, one repeat: what stands side by side. */
export interface Case {
  /** Anchor on the page. */
  readonly anchor: string;
  readonly taskId: string;
  readonly repeat: number;
  readonly statement: string | null;
  readonly expected: unknown;
  /** In the order of the arms; `null` where an arm has no row. */
  readonly runs: readonly (Run | null)[];
}

/** All that is shown. */
export interface Arrangement {
  readonly arms: readonly ShownArm[];
  readonly cases: readonly Case[];
  /** More than one repeat of some task. */
  readonly repeated: boolean;
  /** Tasks that were given but have no row. */
  readonly missing: readonly string[];
}

/** Options of {@linkcode arrange}. */
export interface ArrangeOptions {
  readonly tasks: readonly DemoTask[];
  /** The `config_hash` of the direct arm to compare with, or its beginning. */
  readonly directConfig: string | undefined;
}

/** The text that a span names, or `null` if it was not recorded. */
export function textOf(row: Row, hash: string | null): string | null {
  return hash !== null && Object.hasOwn(row.texts, hash) ? row.texts[hash]! : null;
}

/** Whether `direct` is what `other` is to be compared with. */
export function isBaseline(direct: RowFacts, other: RowFacts, directConfig = ""): boolean {
  return direct.mode === "direct" && direct.config_hash.startsWith(directConfig) &&
    direct.backend === other.backend && direct.model === other.model &&
    direct.timing === other.timing;
}

/** Puts rows into arms and cases. Of rows for one case and arm the last counts. */
export function arrange(rows: readonly Row[], options: ArrangeOptions): Arrangement {
  const { tasks, directConfig } = options;
  const cells = Map.groupBy(rows.map(runOf), caseKey);
  for (const cell of cells.values()) pairUp(cell, directConfig);
  const runs = new Map([...cells.values()].flat().map((run) => [run.facts, run]));
  const groups = groupByArm([...runs.keys()]);
  const given = new Map(tasks.map((task) => [task.id, task]));
  const cases = [...cells.values()].map((cell, index): Case => {
    const { task_id: taskId, repeat } = cell[0]!.row;
    const task = given.get(taskId);
    return {
      anchor: `task-${index + 1}`,
      taskId,
      repeat,
      statement: task?.task ?? statementIn(cell),
      expected: task?.answer ?? cell.find(({ row }) => row.expected !== null)?.row.expected ?? null,
      runs: groups.map((group) => cell.findLast((run) => group.rows.includes(run.facts)) ?? null),
    };
  });
  const seen = new Set(cases.map((item) => item.taskId));
  return {
    arms: groups.map(({ arm }, index) => ({
      name: nameOf(arm, groups.map((group) => group.arm)),
      arm,
      runs: cases.map((item) => item.runs[index]!).filter((run) => run !== null),
    })),
    cases,
    repeated: new Set(cases.map((item) => item.repeat)).size > 1,
    missing: tasks.map((task) => task.id).filter((id) => !seen.has(id)),
  };
}

type OpenRun = { -readonly [K in keyof Run]: Run[K] };

function runOf(row: Row): OpenRun {
  return { row, facts: factsOf(row), trust: trustLabel(row) };
}

function caseKey({ row }: Run): string {
  return JSON.stringify([row.task_id, row.repeat]);
}

/** Labels runs by how the direct run beside them did. */
function pairUp(cell: readonly OpenRun[], directConfig: string | undefined): void {
  for (const run of cell) {
    const direct = cell.findLast((other) => isBaseline(other.facts, run.facts, directConfig));
    const pair = direct === undefined ? "none" : direct.facts.correct ? "correct" : "wrong";
    run.trust = trustLabel(run.facts, pair);
  }
}

/** The arm's name, with its timing where another arm is called the same. */
function nameOf(arm: Arm, arms: readonly Arm[]): string {
  const namesakes = arms.filter((other) => other.name === arm.name);
  return namesakes.length > 1 ? `${arm.name} (${arm.timing})` : arm.name;
}

function statementIn(cell: readonly Run[]): string | null {
  for (const { row } of cell) {
    const root = row.nodes.find((node) => node.parent === null);
    const text = root ? textOf(row, root.task) : null;
    if (text !== null) return text;
  }
  return null;
}
