/**
 * Task files as the looking verbs need them: ids, answers and such statements as are there.
 * @module
 */
import { InputError } from "../errors.ts";
import { readLines } from "../records/lines.ts";
import { parseTaskLine, type TaskLine } from "../records/task_line.ts";

/**
 * Reads a task file; unlike `readTasks` it wants no statement for a `task_ref`, as rows carry it.
 *
 * @throws {InputError} naming every bad line.
 */
export async function readTaskLines(path: string): Promise<TaskLine[]> {
  const lines: TaskLine[] = [];
  const problems: string[] = [];
  for await (const { number, text, reason } of readLines(path)) {
    if (text?.trim() === "") continue;
    const parsed = text === null ? { problems: [reason ?? "unreadable"] } : parseTaskLine(text);
    if ("line" in parsed) lines.push(parsed.line);
    else problems.push(...parsed.problems.map((problem) => `${path}:${number}: ${problem}`));
  }
  if (problems.length > 0) throw new InputError("task-file", problems.slice(0, 20).join("\n"));
  if (lines.length === 0) throw new InputError("task-file", `${path} holds no task`);
  return lines;
}
