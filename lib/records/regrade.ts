/**
 * Grading of what is stored already, by the present rules. No model is asked.
 * @module
 */
import { z } from "../deps/zod.ts";
import { type AnswerSheet, gradeText } from "./grading/mod.ts";
import { parseRow } from "./row.ts";
import { ANSWER_TYPES } from "./task_line.ts";
import type { AnswerType, Grade } from "./task_types.ts";

/** A text to grade: of a stored row, or of a plain line `{id, text, answer, answer_type?}`. */
export interface Gradable {
  /** Task id, or the plain line's id. */
  readonly id: string;
  /** `null` for a plain line. */
  readonly row_id: string | null;
  /** `null` if nothing was concluded. */
  readonly text: string | null;
  readonly sheet: AnswerSheet;
  /** What the row said; `null` for a plain line. */
  readonly before: Pick<Grade, "answer" | "answer_rule" | "correct"> | null;
}

/** One line of `rrm grade`. */
export interface GradeLine extends Pick<Grade, "answer" | "answer_rule" | "correct"> {
  readonly id: string;
  /** Of rows only. */
  readonly row_id?: string;
}

/** What changed against the stored grades. */
export interface GradeSummary {
  readonly graded: number;
  readonly correct: number;
  readonly wrong: number;
  /** Without an answer to compare with. */
  readonly ungraded: number;
  /** Lines by the rule that found their answer; `none` where nothing was found. */
  readonly rules: Readonly<Record<string, number>>;
  /** Rows whose `correct` is not what it was. */
  readonly changed: readonly {
    readonly id: string;
    readonly row_id: string;
    readonly from: Pick<Grade, "answer" | "correct">;
    readonly to: Pick<Grade, "answer" | "correct">;
  }[];
}

const plainLine = z.object({
  id: z.string(),
  text: z.string().nullable(),
  answer: z.union([z.string(), z.number(), z.array(z.unknown())]).nullish(),
  answer_type: z.enum(ANSWER_TYPES as [AnswerType, ...AnswerType[]]).nullish(),
});

/**
 * Reads a JSON value as something to grade, or says why it is not.
 *
 * @param tasks Answers by task id, which go before those in the lines.
 */
export function parseGradable(
  value: unknown,
  tasks: ReadonlyMap<string, AnswerSheet> = new Map(),
): { readonly item: Gradable } | { readonly reason: string } {
  const plain = plainLine.safeParse(value);
  if (plain.success) {
    const { id, text, answer, answer_type } = plain.data;
    const own = { answer: answer ?? null, answer_type: answer_type ?? null };
    return { item: { id, row_id: null, text, sheet: tasks.get(id) ?? own, before: null } };
  }
  const parsed = parseRow(value);
  if (!("row" in parsed)) return { reason: `${parsed.reason}; nor {id, text, answer}` };
  const { row } = parsed;
  const root = row.nodes.find(({ parent }) => parent === null);
  const text = root?.conclusion == null ? null : row.texts[root.conclusion] ?? null;
  const { task_id: id, row_id, answer, answer_rule, correct } = row;
  const sheet = tasks.get(id) ?? { answer: givenAnswer(row.expected) };
  return { item: { id, row_id, text, sheet, before: { answer, answer_rule, correct } } };
}

/** Grades by the present rules. */
export function regrade(items: Iterable<Gradable>): {
  readonly lines: GradeLine[];
  readonly summary: GradeSummary;
} {
  const lines: GradeLine[] = [];
  const rules: Record<string, number> = {};
  const changed: GradeSummary["changed"][number][] = [];
  for (const { id, row_id, text, sheet, before } of items) {
    const { answer, answer_rule, correct } = gradeText(text, sheet);
    lines.push({ id, ...(row_id === null ? {} : { row_id }), answer, answer_rule, correct });
    const rule = answer_rule ?? "none";
    rules[rule] = (rules[rule] ?? 0) + 1;
    if (row_id !== null && before && before.correct !== correct) {
      const from = { answer: before.answer, correct: before.correct };
      changed.push({ id, row_id, from, to: { answer, correct } });
    }
  }
  const count = (correct: boolean | null) =>
    lines.filter((line) => line.correct === correct).length;
  const summary = {
    graded: lines.length,
    correct: count(true),
    wrong: count(false),
    ungraded: count(null),
    rules,
    changed,
  };
  return { lines, summary };
}

function givenAnswer(expected: unknown): AnswerSheet["answer"] {
  const known = typeof expected === "string" || typeof expected === "number" ||
    Array.isArray(expected);
  return known ? expected : null;
}
