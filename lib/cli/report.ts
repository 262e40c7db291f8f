/**
 * From row files to a report.
 * @module
 */
import { analyse, collect, type Report } from "../analysis/mod.ts";
import { gradeText } from "../records/grading/mod.ts";
import type { Row } from "../records/row_types.ts";
import type { TaskLine } from "../records/task_line.ts";
import { streamRowFiles } from "./row_files.ts";

/** Options of {@linkcode reportOf}. */
export interface ReportOptions {
  readonly quiet: boolean;
  /** Rows are graded against these. */
  readonly tasks?: readonly TaskLine[];
  readonly directVsOther: boolean;
  /** `config_hash` of the direct arm to pair with. */
  readonly directConfig?: string;
}

/** Reads rows and analyses them. */
export async function reportOf(
  paths: readonly string[],
  { quiet, tasks = [], directVsOther, directConfig }: ReportOptions,
): Promise<Report> {
  const sheets = new Map(tasks.map((task) => [task.id, task]));
  const seen = new Set<string>();
  async function* graded(): AsyncGenerator<Row> {
    for await (const row of streamRowFiles(paths, { quiet })) {
      seen.add(row.task_id);
      const sheet = sheets.get(row.task_id);
      yield sheet ? gradedBy(sheet, row) : row;
    }
  }
  const report = analyse(await collect(graded()), {
    directVsOther,
    ...(directConfig !== undefined && { directConfig }),
  });
  const missing = tasks.filter(({ id }) => !seen.has(id)).length;
  if (missing === 0) return report;
  const note = `${missing} of ${tasks.length} tasks of the task file have no row.`;
  return { ...report, notes: [...report.notes, note] };
}

/** A row graded against a task file, where it holds the text to grade. */
function gradedBy(sheet: TaskLine, row: Row): Row {
  const root = row.nodes.find(({ parent }) => parent === null);
  const text = root?.conclusion == null ? null : row.texts[root.conclusion];
  if (!root || text === undefined || row.score !== null) return row;
  return { ...row, expected: sheet.answer, ...gradeText(text, sheet) };
}
