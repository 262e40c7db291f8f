/**
 * A task: one line of a task file, read and checked.
 * @module
 */
import type { NodeEvent } from "../protocol/types.ts";

/** How an answer is compared. */
export type AnswerType = "integer" | "number" | "text" | "choice" | "set" | "pairs" | "json";

/** One task, with its aliases resolved and its statement present. */
export interface Task {
  /** Unique over all task files of a run. */
  readonly id: string;
  /** The statement. */
  readonly task: string;
  /** What is expected; `null` where the task cannot be graded. */
  readonly answer: string | number | readonly unknown[] | null;
  /** How to compare; `null` lets it be guessed from the answer. */
  readonly answer_type: AnswerType | null;
  /** Text that the statement is about, such as a document; `null` without one. */
  readonly context: string | null;
  /** Where the context was read from, if from a file. */
  readonly context_path: string | null;
  /** A plan for the mode `oracle_parallel`; `null` without one. */
  readonly oracle_graph: readonly NodeEvent[] | null;
  /** Whatever else the line held; kept, but never shown to a model. */
  readonly meta: Readonly<Record<string, unknown>>;
}

/** What grading found. */
export interface Grade {
  /** The answer as found, normalised for show; `null` if none was found. */
  readonly answer: string | null;
  /** Which rule found it: `final_line`, `boxed`, `answer_phrase`, …; `null` if none. */
  readonly answer_rule: string | null;
  /** `null` where the task has no answer. */
  readonly correct: boolean | null;
  /** 0–1 for graded scores, else `null`. */
  readonly score: number | null;
}
