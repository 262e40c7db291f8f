/**
 * Grading: where an answer stands in a text, and whether it is the right one.
 * @module
 */
import type { AnswerType, Grade, Task } from "../task_types.ts";
import { guessAnswerType, sameAnswer } from "./answer_key.ts";
import { extractAnswer } from "./extract.ts";

export {
  checkAnswer,
  type GivenAnswer,
  guessAnswerType,
  sameAnswer,
  valueKey,
} from "./answer_key.ts";
export {
  type AnswerRule,
  extractAnswer,
  type ExtractedAnswer,
  finalValue,
  stripThinking,
} from "./extract.ts";

/** What a text is graded against. */
export interface AnswerSheet {
  /** `null` where there is no answer to compare with. */
  readonly answer: Task["answer"];
  /** Guessed from the answer when absent. */
  readonly answer_type?: AnswerType | null;
}

/**
 * Grades a text. Nothing in it is evaluated, and no input makes it throw.
 *
 * @param text A concluding text; `null` if there is none.
 *
 * @example
 * ```ts
 * import { gradeText } from "./mod.ts";
 * const grade = gradeText("So m + n = \\boxed{073}.", { answer: 73 });
 * if (grade.correct !== true || grade.answer_rule !== "boxed") throw new Error("not graded");
 * ```
 */
export function gradeText(text: string | null, sheet: AnswerSheet): Grade {
  const given = sheet.answer;
  const type = sheet.answer_type ?? (given === null ? "text" : guessAnswerType(given));
  const { answer, rule } = extractAnswer(text ?? "", type);
  const correct = given === null ? null : answer !== null && sameAnswer(given, answer, type);
  return { answer, answer_rule: rule, correct, score: null };
}
