/**
 * One line of a task file: its schema, aliases and checks.
 * @module
 */
import { z } from "../deps/zod.ts";
import { checkAnswer } from "./grading/answer_key.ts";
import { oracleGraph } from "./oracle_graph.ts";
import type { AnswerType, Task } from "./task_types.ts";

/** All answer types. */
export const ANSWER_TYPES: readonly AnswerType[] = [
  "integer",
  "number",
  "text",
  "choice",
  "set",
  "pairs",
  "json",
];

/** Where a statement that may not be distributed is found. */
export interface TaskRef {
  readonly set: string;
  readonly id: string;
  /** Of the exact statement, hexadecimal. */
  readonly sha256: string;
}

/** A task line as read, before statement and context are brought in. */
export interface TaskLine extends Omit<Task, "task" | "context"> {
  /** `null` where `task_ref` stands in its place. */
  readonly task: string | null;
  readonly task_ref: TaskRef | null;
  /** The context itself, unless `context_path` names a file. */
  readonly context: string | null;
}

const filled = z.string().refine((text) => text.trim() !== "", "is empty");

const schema = z.object({
  id: filled,
  task: filled.nullish(),
  task_ref: z.object({
    set: filled,
    id: filled,
    sha256: z.string().regex(/^[0-9a-f]{64}$/, "needs 64 lower-case hexadecimal digits"),
  }).nullish(),
  answer: z.union([z.string(), z.number(), z.array(z.unknown())], {
    error: "needs a string, a number or a list",
  }).nullish(),
  answer_type: z.enum(ANSWER_TYPES as [AnswerType, ...AnswerType[]]).nullish(),
  context: z.union([z.string(), z.strictObject({ path: filled })], {
    error: 'needs a string or {"path": "FILE"}',
  }).nullish(),
  oracle_graph: oracleGraph.nullish(),
  meta: z.record(z.string(), z.unknown()).nullish(),
});

const aliases: readonly (readonly [string, readonly string[]])[] = [
  ["task", ["problem", "question", "prompt"]],
  ["answer", ["expected", "gold", "target"]],
];

/** Reads one line; gives the task or `field: reason` for each thing wrong with it. */
export function parseTaskLine(
  text: string,
): { readonly line: TaskLine } | { readonly problems: readonly string[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problems: [`line: is not JSON: ${JSON.stringify(text.slice(0, 60))}`] };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { problems: ['line: needs one JSON object, such as {"id": "a", "task": "…"}'] };
  }
  const { known, rest } = resolveAliases(value as Record<string, unknown>);
  const result = schema.safeParse(known);
  if (!result.success) return { problems: result.error.issues.map(describe) };
  const { id, task, task_ref, answer, answer_type, context, oracle_graph, meta } = result.data;
  const problems: string[] = [];
  if (task == null && task_ref == null) {
    problems.push("task: missing (also read: problem, question, prompt; or task_ref)");
  }
  const wrong = answer == null ? null : checkAnswer(answer, answer_type ?? null);
  if (wrong) problems.push(`answer: ${wrong}`);
  if (problems.length) return { problems };
  return {
    line: {
      id,
      task: task ?? null,
      task_ref: task == null ? task_ref ?? null : null,
      answer: answer ?? null,
      answer_type: answer_type ?? null,
      context: typeof context === "string" ? context : null,
      context_path: typeof context === "object" ? context?.path ?? null : null,
      oracle_graph: oracle_graph ?? null,
      meta: { ...meta, ...rest },
    },
  };
}

/** The first alias present stands for its field; everything not known goes to `rest`. */
function resolveAliases(
  value: Record<string, unknown>,
): { known: Record<string, unknown>; rest: Record<string, unknown> } {
  const known: Record<string, unknown> = {};
  // Without a prototype, so that a key "__proto__" is a key.
  const rest: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value)) {
    (Object.hasOwn(schema.shape, key) ? known : rest)[key] = item;
  }
  for (const [field, names] of aliases) {
    const alias = names.find((name) => Object.hasOwn(rest, name) && rest[name] !== null);
    if (known[field] != null || alias === undefined) continue;
    known[field] = rest[alias];
    delete rest[alias];
  }
  return { known, rest };
}

function describe(issue: z.core.$ZodIssue): string {
  const field = issue.path.map((part, i) =>
    typeof part === "number" ? `[${part}]` : i ? `.${String(part)}` : String(part)
  ).join("");
  return `${field || "line"}: ${issue.message}`;
}
