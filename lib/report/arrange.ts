/**
 * Rows as the page shows them: arms beside each other, case by case.
 * @module
 */
import type { Row } from "../records/row_types.ts";

/** What the page needs of a task. */
export interface DemoTask {
  readonly id: string;
  /** The statement. */
  readonly task: string;
  readonly answer?: unknown;
}

/** One configuration: a mode with its settings. */
export interface Arm {
  readonly key: string;
  /** The mode; with the model or a short hash where the mode alone is not unique. */
  readonly name: string;
  readonly mode: string;
  readonly rows: readonly Row[];
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
  readonly runs: readonly (Row | null)[];
}

/** All that is shown. */
export interface Arrangement {
  readonly arms: readonly Arm[];
  readonly cases: readonly Case[];
  /** More than one repeat of some task. */
  readonly repeated: boolean;
  /** Tasks that were given but have no row. */
  readonly missing: readonly string[];
}

/** The text that a span names, or `null` if it was not recorded. */
export function textOf(row: Row, hash: string | null): string | null {
  return hash !== null && Object.hasOwn(row.texts, hash) ? row.texts[hash]! : null;
}

/** Puts rows into arms and cases. Of rows for the same case and arm the last one counts. */
export function arrange(rows: readonly Row[], tasks: readonly DemoTask[]): Arrangement {
  const arms = armsOf(rows);
  const given = new Map(tasks.map((task) => [task.id, task]));
  const cells = new Map<string, Map<string, Row>>();
  for (const row of rows) {
    const key = JSON.stringify([row.task_id, row.repeat]);
    const cell = cells.get(key) ?? new Map<string, Row>();
    cells.set(key, cell.set(armKey(row), row));
  }
  const cases = [...cells.values()].map((cell, index): Case => {
    const present = [...cell.values()];
    const { task_id: taskId, repeat } = present[0]!;
    const task = given.get(taskId);
    return {
      anchor: `task-${index + 1}`,
      taskId,
      repeat,
      statement: task?.task ?? statementIn(present),
      expected: task?.answer ?? present.find((row) => row.expected !== null)?.expected ?? null,
      runs: arms.map((arm) => cell.get(arm.key) ?? null),
    };
  });
  const seen = new Set(rows.map((row) => row.task_id));
  return {
    arms,
    cases,
    repeated: new Set(rows.map((row) => row.repeat)).size > 1,
    missing: tasks.map((task) => task.id).filter((id) => !seen.has(id)),
  };
}

function armKey(row: Row): string {
  return JSON.stringify([row.mode, row.config_hash]);
}

/** Direct arms first, then as they appear. */
function armsOf(rows: readonly Row[]): Arm[] {
  const groups = new Map<string, Map<string, Row>>();
  for (const row of rows) {
    const group = groups.get(armKey(row)) ?? new Map<string, Row>();
    groups.set(armKey(row), group.set(JSON.stringify([row.task_id, row.repeat]), row));
  }
  const arms = [...groups].map(([key, group]) => ({ key, rows: [...group.values()] }));
  arms.sort((a, b) => Number(isDirect(b.rows)) - Number(isDirect(a.rows)));
  return arms.map(({ key, rows }) => {
    const { mode, model, config_hash } = rows[0]!;
    const namesakes = arms.filter((arm) => arm.rows[0]!.mode === mode);
    const models = new Set(namesakes.map((arm) => arm.rows[0]!.model));
    const name = namesakes.length === 1
      ? mode
      : models.size === namesakes.length
      ? `${mode} (${model})`
      : `${mode} (${config_hash.slice(0, 6)})`;
    return { key, name, mode, rows };
  });
}

function isDirect(rows: readonly Row[]): boolean {
  return rows[0]!.mode === "direct";
}

function statementIn(rows: readonly Row[]): string | null {
  for (const row of rows) {
    const root = row.nodes.find((node) => node.parent === null);
    const text = root ? textOf(row, root.task) : null;
    if (text !== null) return text;
  }
  return null;
}
