/**
 * What a bench finds in a row file that exists already.
 * @module
 */
import { stat } from "node:fs/promises";
import { InputError } from "../errors.ts";
import { readRowLines, rewriteAtomically, type RowFileProblem } from "./store.ts";
import type { Row } from "./row_types.ts";

/** A mode with its settings. */
export type Arm = Pick<Row, "mode" | "config_hash" | "config">;

/** Options of {@linkcode openForResume}. */
export interface ResumeOptions {
  /** The arms that will run. */
  readonly arms: readonly Arm[];
  /** Ids of the tasks that will run. */
  readonly tasks: ReadonlySet<string>;
  /** `row_id`s that will run: no other row is taken out. Default: all that did not end well. */
  readonly rows?: ReadonlySet<string> | undefined;
  /** Rows of other arms of the same tasks and modes may stay beside the new ones. */
  readonly append?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was found. */
export interface Resumed {
  /** `row_id`s that stand in the file and need not run. */
  readonly done: ReadonlySet<string>;
  /** Rows taken out to run again. */
  readonly again: number;
  readonly warnings: readonly string[];
}

/**
 * Readies a row file for going on: rows that ended in `error`, `cancelled` or `budget` and will run
 * again are taken out, and a torn last line is cut off. Without the file, nothing is done.
 * @throws {InputError} `resume-arm` if the file holds rows of one of these tasks under one of these
 * modes with other settings, `out-file` if it is a file of something else; it is then left alone.
 */
export async function openForResume(path: string, options: ResumeOptions): Promise<Resumed> {
  const done = new Set<string>();
  const runsAgain = ({ status, row_id }: Row) =>
    status !== "ok" && (options.rows?.has(row_id) ?? true);
  if (!(await exists(path))) return { done, again: 0, warnings: [] };
  const problems: RowFileProblem[] = [];
  let again = 0;
  let held = 0;
  let torn = false;
  for await (const { item, ended } of readRowLines(path, options.signal)) {
    torn ||= !ended || ("problem" in item && item.problem.kind === "torn");
    if ("problem" in item) {
      problems.push(item.problem);
      continue;
    }
    if (!options.append) refuseOtherArm(path, item.row, options);
    held++;
    if (item.row.status === "ok") done.add(item.row.row_id);
    else if (runsAgain(item.row)) again++;
  }
  const foreign = problems.find(({ kind }) => kind === "foreign");
  if (foreign && held === 0) {
    const message = `${path} holds no rows: line ${foreign.line}: ${foreign.reason}`;
    throw new InputError("out-file", message, { hint: "Name another file with --out." });
  }
  if (torn || again > 0) {
    await rewriteAtomically(path, (row) => !runsAgain(row), { signal: options.signal });
  }
  return { done, again, warnings: problems.map(describe) };
}

function describe({ file, line, reason, kind }: RowFileProblem): string {
  return `${file}:${line}: ${kind === "torn" ? "torn line cut off" : "line left alone"}: ${reason}`;
}

/** The settings in which two configurations differ, as `name: a → b`, sorted by name. */
export function diffConfig(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): string[] {
  const differences: string[] = [];
  for (const name of [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()) {
    const [left, right] = [a[name], b[name]];
    if (isRecord(left) && isRecord(right)) {
      differences.push(...diffConfig(left, right).map((difference) => `${name}.${difference}`));
    } else if (JSON.stringify(left) !== JSON.stringify(right)) {
      differences.push(`${name}: ${show(left)} → ${show(right)}`);
    }
  }
  return differences;
}

function refuseOtherArm(path: string, row: Row, { arms, tasks }: ResumeOptions): void {
  const ofMode = arms.filter(({ mode }) => mode === row.mode);
  if (ofMode.length === 0 || !tasks.has(row.task_id)) return;
  if (ofMode.some(({ config_hash }) => config_hash === row.config_hash)) return;
  const differences = diffConfig(row.config, ofMode[0]!.config);
  const named = differences.length ? differences.join("; ") : `config_hash ${row.config_hash}`;
  throw new InputError(
    "resume-arm",
    `${path} holds rows of mode ${row.mode} with other settings (there → now): ${named}`,
    { hint: "Use --append to keep both, --overwrite to start anew, or another --out." },
  );
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(() => true, () => false);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? "not set" : JSON.stringify(value);
}
