/**
 * Trust labels in words.
 * @module
 */
import type { TrustLabel } from "../records/row_types.ts";

const words: Readonly<Record<TrustLabel, string>> = {
  headline: "a real graph, right, with overlap, and its direct pair is right",
  headline_candidate: "would be a headline if its direct pair is right",
  error: "ended in an error",
  incomplete: "stopped before its end",
  direct: "one call, the baseline",
  other_mode: "a mode without a graph",
  simulated_timing: "times come from a simulation",
  replayed_timing: "times come from a replay",
  oracle_graph: "its plan was given, not found by the model",
  fallback: "no usable plan: answered directly after all",
  direct_style_control: "the planner answered at once, without a graph",
  ungraded: "no answer to compare with",
  truncated: "its last call was cut by the limit",
  degraded: "a part failed or was cut",
  wrong_answer: "the answer is wrong",
  no_overlap: "no child ran while its parent did",
  no_direct_pair: "no direct row to compare with",
  direct_wrong: "right, but its direct pair is wrong",
};

/** `wrong answer`. */
export function labelName(label: string): string {
  return label.replaceAll("_", " ");
}

/** What a label says of a row; empty for one that is not known here. */
export function labelMeaning(label: string): string {
  return Object.hasOwn(words, label) ? words[label as TrustLabel] : "";
}

/** A row's verdict: a mark, and the same as a word. */
export interface Verdict {
  readonly mark: string;
  readonly word: string;
  readonly kind: "right" | "wrong" | "open";
}

/** The verdict on an answer; a graded score shows its number. */
export function verdictOf(
  row: { readonly correct: boolean | null; readonly score: number | null; readonly status: string },
): Verdict {
  if (row.status !== "ok" && row.correct !== true) {
    return { mark: "⊘", word: row.status === "error" ? "error" : row.status, kind: "wrong" };
  }
  if (row.correct === true) return { mark: "✓", word: "right", kind: "right" };
  if (row.correct === false) return { mark: "✕", word: "wrong", kind: "wrong" };
  if (row.score !== null) return { mark: "◐", word: `score ${row.score.toFixed(2)}`, kind: "open" };
  return { mark: "–", word: "not graded", kind: "open" };
}
