/**
 * Where in a text the answer stands. The rules, first that fires: the last `FINAL:` line, the last
 * `\boxed{}`, an answer phrase, and as a rule of low trust the last number. A rule that fires on
 * nothing (an empty or cut-off box) finds nothing: an earlier answer was given up by the writer.
 * @module
 */
import type { AnswerType } from "../task_types.ts";
import { cleanAnswer } from "./clean.ts";
import { numberInPhrase, parseNumber, showNumber } from "./number.ts";

/** What found an answer; the `last_…` and `whole_text` rules are of low trust. */
export type AnswerRule =
  | "final_line"
  | "boxed"
  | "answer_phrase"
  | "last_integer"
  | "last_number"
  | "last_choice"
  | "whole_text";

/** An answer as found. */
export interface ExtractedAnswer {
  /** Cleaned for show and comparison; `null` if nothing was found. */
  readonly answer: string | null;
  /** The rule that fired, also where it found nothing. */
  readonly rule: AnswerRule | null;
}

/** Answers beyond this many characters are not looked at. */
const longest = 100_000;

/** How far a stated value runs: over its line, over a block of lines, or to the text's end. */
type Extent = "line" | "block" | "rest";

const extents: Readonly<Record<AnswerType, Extent>> = {
  integer: "line",
  number: "line",
  choice: "line",
  text: "block",
  set: "block",
  pairs: "block",
  json: "rest",
};

/** Finds the answer in `text`, as its type is written. Linear in the text's length. */
export function extractAnswer(text: string, type: AnswerType): ExtractedAnswer {
  const visible = stripThinking(text);
  const stated = findStated(visible, extents[type]);
  if (stated) return { answer: dressed(stated.value, type), rule: stated.rule };
  return findLoose(visible, type);
}

/**
 * The value that a conclusion states: by its `FINAL:` line, box or answer phrase; a text without
 * any is itself the value.
 *
 * @example
 * ```ts
 * import { finalValue } from "./extract.ts";
 * if (finalValue("Two and two. FINAL: 4") !== "4") throw new Error("the value was missed");
 * ```
 */
export function finalValue(text: string): string {
  const visible = stripThinking(text);
  const stated = findStated(visible, "line");
  return cleanAnswer(stated ? stated.value ?? "" : visible);
}

/** The text outside `<think>…</think>`, of which either mark may be missing. */
export function stripThinking(text: string): string {
  let visible = "";
  let from = 0;
  let thinking = false;
  for (const mark of text.matchAll(/<(\/?)think>/gi)) {
    // An end without a beginning: the beginning stood in the prompt.
    if (mark[1] && !thinking) visible = "";
    else if (!thinking) visible += text.slice(from, mark.index);
    thinking = !mark[1];
    from = mark.index + mark[0].length;
  }
  return thinking ? visible : visible + text.slice(from);
}

interface Stated {
  readonly value: string | null;
  readonly rule: AnswerRule;
}

function findStated(text: string, extent: Extent): Stated | null {
  const final = lastMatch(text, finalMark, isFinal);
  if (final !== null) return { value: valueAfter(text, final, extent), rule: "final_line" };
  const box = boxAt(text);
  if (box !== null) return { value: box.value, rule: "boxed" };
  const phrase = lastMatch(text, /\bfinal answer[*_` ]{0,4}(?:is\b|:|=)[*_`: ]{0,4}/gi) ??
    lastMatch(text, /\banswer[*_` ]{0,4}(?:is\b|:|=|must be\b|would be\b)[*_`: ]{0,4}/gi);
  if (phrase === null) return null;
  const value = valueAfter(text, phrase, extent);
  return {
    value: value && extent !== "rest" ? untilSentenceEnd(value) : value,
    rule: "answer_phrase",
  };
}

const finalMark = /\bFINAL(?: ANSWER)?[*_` ]{0,4}:|^[*_#> ]{0,6}final[*_` ]{0,4}:/gim;

/** `FINAL:` in capitals anywhere; in other letters at the start of a line. */
function isFinal(match: string, index: number, text: string): boolean {
  if (match.startsWith("FINAL")) return true;
  return !/answer/i.test(match) && (index === 0 || text[index - 1] === "\n");
}

/** End of the last match that is accepted, or `null`. */
function lastMatch(
  text: string,
  pattern: RegExp,
  accept: (match: string, index: number, text: string) => boolean = () => true,
): number | null {
  let end: number | null = null;
  for (const match of text.matchAll(pattern)) {
    if (accept(match[0], match.index, text)) end = match.index + match[0].length;
  }
  return end;
}

/** What stands after a mark: the rest of its line, or what follows if that is empty. */
function valueAfter(text: string, from: number, extent: Extent): string | null {
  const rest = text.slice(from, from + longest).replace(/^[*_`]{1,4}(?=\s|$)/, "");
  const box = boxAt(rest, firstLine(rest).length);
  if (box) return box.value;
  if (extent === "rest") return rest.trim() || null;
  const line = firstLine(rest).trim();
  if (line) return line;
  const next = rest.trimStart();
  return (extent === "line" ? firstLine(next) : block(next)).trim() || null;
}

function firstLine(text: string): string {
  const end = text.search(/[\r\n]/);
  return end < 0 ? text : text.slice(0, end);
}

function block(text: string): string {
  const end = text.search(/\r?\n[ \t]*\r?\n/);
  return end < 0 ? text : text.slice(0, end);
}

function untilSentenceEnd(text: string): string {
  const end = text.search(/[.!?;](?:\s|$)/);
  return end < 0 ? text : text.slice(0, end);
}

/** The last box that begins within `limit`; its value is `null` if it is empty or never closed. */
function boxAt(
  text: string,
  limit: number = text.length,
): { readonly value: string | null } | null {
  const head = text.slice(0, limit);
  const boxed = head.lastIndexOf("\\boxed");
  const fbox = head.lastIndexOf("\\fbox");
  const at = Math.max(boxed, fbox);
  if (at < 0) return null;
  let i = at + (boxed > fbox ? 6 : 5);
  while (text[i] === " ") i++;
  if (text[i] !== "{") {
    return { value: /^[^\s$\\{}]+/.exec(text.slice(i, i + longest))?.[0] ?? null };
  }
  const start = i + 1;
  let depth = 0;
  for (; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) {
      return { value: text.slice(start, i).trim() || null };
    }
  }
  return { value: null };
}

/** A stated value in the form of its type. */
function dressed(value: string | null, type: AnswerType): string | null {
  if (value === null) return null;
  if (type === "json") return value;
  if (type === "integer" || type === "number") {
    const number = parseNumber(value) ?? numberInPhrase(value);
    if (number) return showNumber(number);
  }
  return cleanAnswer(value) || null;
}

function findLoose(text: string, type: AnswerType): ExtractedAnswer {
  if (type === "integer" || type === "number") {
    const rule = type === "integer" ? "last_integer" : "last_number";
    const whole = text.length <= 400 ? parseNumber(text) : null;
    const answer = whole ? showNumber(whole) : lastNumber(text, type === "integer");
    return { answer, rule: answer === null ? null : rule };
  }
  if (type === "choice") {
    const end = lastMatch(text, /\([A-J]\)/g);
    if (end !== null) return { answer: text[end - 2]!, rule: "last_choice" };
  }
  const answer = text.length <= longest ? text.trim() : "";
  const short = type === "json" || answer.length <= 2000;
  if (answer === "" || !short) return { answer: null, rule: null };
  return { answer: type === "json" ? answer : cleanAnswer(answer), rule: "whole_text" };
}

function lastNumber(text: string, whole: boolean): string | null {
  const tail = text.slice(-longest);
  const found = [...tail.matchAll(/\d[\d,]*(?:\.\d+)?(?:\/\d+)?/g)];
  for (const match of found.reverse()) {
    const before = tail[match.index - 1] ?? "";
    const after = tail[match.index + match[0].length] ?? "";
    if (/[\w^./\\{]/.test(before) || /[A-Za-z_^/]/.test(after)) continue;
    const minus = /[-\u2212]/.test(before) && !/[\w)]/.test(tail[match.index - 2] ?? "");
    const number = parseNumber((minus ? "-" : "") + match[0].replace(/,+$/, ""));
    if (number && (!whole || number.value.d === 1n)) return showNumber(number);
  }
  return null;
}
