/**
 * A task's context: the model reads it, rows name it.
 * @module
 */
import { hash } from "../hash.ts";
import type { Task } from "../records/task_types.ts";

/** What the root of a task is asked: the statement, and the context below it. */
export function taskText({ task, context }: Task): string {
  return context === null ? task : `${task}\n\n${context}`;
}

/** Texts of a row in which a mark stands for the context, wherever the task is quoted whole. */
export function withoutContext(
  texts: Readonly<Record<string, string>>,
  task: Task,
): Readonly<Record<string, string>> {
  const { context } = task;
  if (context === null) return texts;
  const mark = `[context ${hash(context)}, ${context.length} characters]`;
  const short = taskText({ ...task, context: mark });
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [
      name,
      text.replaceAll(taskText(task), () => short),
    ]),
  );
}
