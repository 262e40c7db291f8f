/**
 * Task files: read, checked, selected.
 * @module
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { didYouMean } from "../did_you_mean.ts";
import { InputError, messageOf } from "../errors.ts";
import { hashJson } from "../hash.ts";
import { readLines } from "./lines.ts";
import { parseTaskLine, type TaskLine } from "./task_line.ts";
import type { Task } from "./task_types.ts";

/** Options of {@linkcode readTasks}. */
export interface ReadTasksOptions {
  /** JSONL file of `id` and `task`: fills each `task_ref`, checked by hash. */
  readonly statements?: string | undefined;
  /** Every selected task needs an `oracle_graph`. */
  readonly needsOracle?: boolean | undefined;
  /** Every selected task needs an `answer`. */
  readonly needsAnswer?: boolean | undefined;
  /** Only these, in the order of the files. */
  readonly ids?: readonly string[] | undefined;
  /** The first so many of what `ids` leaves. */
  readonly limit?: number | undefined;
  /** Every `count`-th of what `limit` leaves, from the `index`-th on; `index` counts from 1. */
  readonly shard?: { readonly index: number; readonly count: number } | undefined;
  /** Ends the reading; its reason is then thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** A line with the place it came from. */
interface Found {
  readonly line: TaskLine;
  readonly file: string;
  /** `FILE:LINE`. */
  readonly at: string;
}

/**
 * Reads task files (JSONL, one task a line). All bad lines are reported at once, each as
 * `FILE:LINE: field: reason`.
 *
 * @throws {InputError} `task-file` for bad lines and bad files, `task-ids` for ids that no file
 * holds, `task-shard` for an empty shard, `task-statement` for statements not filled in.
 *
 * @example
 * ```ts
 * import { readTasks } from "./tasks.ts";
 * const tasks = await readTasks(["benchmarks/contest_mini.jsonl"], { limit: 3 });
 * if (tasks.length !== 3) throw new Error("three tasks were asked for");
 * ```
 */
export async function readTasks(
  paths: readonly string[],
  options: ReadTasksOptions = {},
): Promise<Task[]> {
  const problems: string[] = [];
  const all: Found[] = [];
  const firstAt = new Map<string, string>();
  for (const path of paths) {
    for (const found of await readTaskFile(path, problems, options.signal)) {
      const { id } = found.line;
      const first = firstAt.get(id);
      if (first) problems.push(`${found.at}: id: ${quote(id)} stands already at ${first}`);
      else firstAt.set(id, found.at);
      all.push(found);
    }
  }
  fail(problems);
  const selected = select(all, options);
  const statements = options.statements
    ? await readStatements(options.statements, options.signal)
    : null;
  const contexts = new Map<string, Promise<string>>();
  const tasks: Task[] = [];
  for (const found of selected) {
    const { task_ref: _, ...line } = found.line;
    if (options.needsOracle && !line.oracle_graph) {
      problems.push(`${found.at}: oracle_graph: missing, and oracle modes need one on every task`);
    }
    if (options.needsAnswer && line.answer === null) problems.push(`${found.at}: answer: missing`);
    const task = line.task ?? statementOf(found, statements, options.statements, problems);
    const context = await contextOf(found, contexts, problems);
    if (task !== null) tasks.push({ ...line, task, context });
  }
  fail(problems);
  if (tasks.length < selected.length) throw unresolved(selected, statements, options.statements);
  return tasks;
}

/** Names a task's content: what its rows are tied to. Notes under `meta` do not count. */
export function taskHash(task: Task): string {
  const { id, task: statement, answer, answer_type, context, oracle_graph } = task;
  return hashJson({ id, task: statement, answer, answer_type, context, oracle_graph });
}

async function readTaskFile(
  path: string,
  problems: string[],
  signal: AbortSignal | undefined,
): Promise<Found[]> {
  const found: Found[] = [];
  const mine: string[] = [];
  let lines = 0;
  try {
    for await (const { number, text, reason } of readLines(path, { signal })) {
      if (text?.trim() === "") continue;
      lines++;
      const at = `${path}:${number}`;
      const parsed = text === null ? { problems: [`line: ${reason}`] } : parseTaskLine(text);
      if ("line" in parsed) found.push({ line: parsed.line, file: path, at });
      else mine.push(...parsed.problems.map((problem) => `${at}: ${problem}`));
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError("task-file", error.message, { cause: error });
  }
  if (lines === 0) throw new InputError("task-file", `${path} is empty: it holds no task`);
  if (mine.some((problem) => problem.includes(": line: "))) await explainForm(path);
  problems.push(...mine);
  return found;
}

/** A whole JSON document in place of lines gets one message that says so. */
async function explainForm(path: string): Promise<void> {
  let value: unknown;
  try {
    value = JSON.parse((await readFile(path, "utf8")).replace(/^\uFEFF/, ""));
  } catch {
    return;
  }
  if (Array.isArray(value)) {
    throw new InputError("task-file", `${path} is one JSON list, not JSONL`, {
      hint: `Put one task on each line: jq -c '.[]' ${path}`,
    });
  }
  if (typeof value === "object" && value !== null && "task" in value) {
    throw new InputError("task-file", `${path} is one JSON object over several lines, not JSONL`, {
      hint: `Put each task on one line: jq -c . ${path}`,
    });
  }
}

function select(all: readonly Found[], options: ReadTasksOptions): readonly Found[] {
  let tasks = all;
  if (options.ids) {
    const known = new Set(all.map(({ line }) => line.id));
    const unknown = options.ids.filter((id) => !known.has(id));
    if (unknown.length || options.ids.length === 0) throw unknownIds(unknown, known);
    const wanted = new Set(options.ids);
    tasks = tasks.filter(({ line }) => wanted.has(line.id));
  }
  if (options.limit !== undefined) tasks = tasks.slice(0, options.limit);
  if (options.shard) {
    const { index, count } = options.shard;
    const before = tasks.length;
    tasks = tasks.filter((_, i) => i % count === index - 1);
    if (tasks.length === 0) {
      const message = `shard ${index}/${count} holds no task: there are ${before}`;
      throw new InputError("task-shard", message);
    }
  }
  return tasks;
}

function unknownIds(unknown: readonly string[], known: ReadonlySet<string>): InputError {
  if (unknown.length === 0) return new InputError("task-ids", "no task id was given to select");
  const named = unknown.map((id) => {
    const near = didYouMean(id, known);
    return near === null ? quote(id) : `${quote(id)} (did you mean ${quote(near)}?)`;
  });
  const few = [...known].slice(0, 5).map(quote).join(", ");
  return new InputError("task-ids", `no task has the id ${named.join(", ")}`, {
    hint: `There are ${known.size} tasks, such as ${few}.`,
  });
}

async function readStatements(
  path: string,
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const problems: string[] = [];
  const found = await readTaskFile(path, problems, signal);
  fail(problems);
  return new Map(found.flatMap(({ line }) => line.task === null ? [] : [[line.id, line.task]]));
}

function statementOf(
  { line, at }: Found,
  statements: ReadonlyMap<string, string> | null,
  file: string | undefined,
  problems: string[],
): string | null {
  const ref = line.task_ref!;
  const statement = statements?.get(ref.id);
  if (statement === undefined) return null;
  const sha256 = createHash("sha256").update(statement).digest("hex");
  if (sha256 === ref.sha256) return statement;
  problems.push(
    `${at}: task_ref: the statement of ${quote(ref.id)} in ${file} has sha256 ` +
      `${sha256.slice(0, 12)}…, not ${ref.sha256.slice(0, 12)}…: another wording`,
  );
  return null;
}

function unresolved(
  selected: readonly Found[],
  statements: ReadonlyMap<string, string> | null,
  file: string | undefined,
): InputError {
  const open = selected.filter(({ line }) =>
    line.task === null && !statements?.has(line.task_ref!.id)
  );
  const first = open[0]!;
  const where = file ? `${file} does not hold` : "these files do not hold";
  const message = `${open.length} of ${selected.length} tasks have no statement: ${where} ` +
    `${quote(first.line.task_ref!.id)} of ${quote(first.line.task_ref!.set)} (${first.at})`;
  return new InputError("task-statement", message, {
    hint: `Its statements may not be distributed. Name a JSONL file of "id" and "task": ` +
      `rrm bench ${first.file} --statements ${first.line.task_ref!.set}.jsonl`,
  });
}

async function contextOf(
  { line, file, at }: Found,
  contexts: Map<string, Promise<string>>,
  problems: string[],
): Promise<string | null> {
  if (line.context_path === null) return line.context;
  const path = resolve(dirname(file), line.context_path);
  if (!contexts.has(path)) {
    const text = readFile(path).then((bytes) =>
      new TextDecoder("utf-8", { fatal: true }).decode(bytes)
    );
    contexts.set(path, text);
  }
  try {
    return await contexts.get(path)!;
  } catch (error) {
    const code = (error as { code?: string }).code;
    const reason = code === "ENOENT"
      ? "does not exist"
      : code === "EISDIR"
      ? "is a folder"
      : `cannot be read: ${messageOf(error)}`;
    problems.push(`${at}: context: ${line.context_path} ${reason} (looked in ${dirname(path)})`);
    return null;
  }
}

function fail(problems: readonly string[]): void {
  if (problems.length === 0) return;
  const shown = problems.slice(0, 100);
  if (problems.length > shown.length) shown.push(`and ${problems.length - shown.length} more`);
  throw new InputError("task-file", shown.join("\n"), {
    hint: "docs/records.md says what a task line holds.",
  });
}

function quote(text: string): string {
  return JSON.stringify(text);
}
