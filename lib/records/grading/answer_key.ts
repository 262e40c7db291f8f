/**
 * When two answers are the same, by type. Nothing is evaluated.
 * @module
 */
import type { AnswerType, Task } from "../task_types.ts";
import { cleanAnswer, textKey } from "./clean.ts";
import { canonicalJson, parseJsonIn } from "./json.ts";
import { parseNumber, sameNumber, showNumber } from "./number.ts";

/** An answer as a task gives it. */
export type GivenAnswer = NonNullable<Task["answer"]>;

/** The type of an answer whose task names none. */
export function guessAnswerType(answer: GivenAnswer): AnswerType {
  if (Array.isArray(answer)) return answer.some(Array.isArray) ? "pairs" : "set";
  const text = String(answer).trim();
  const number = parseNumber(text);
  if (number && /^[\d\s.,+\-/%$\\{}a-z\u2212]*$/.test(text)) {
    return number.value.d === 1n && !number.decimal && !number.percent ? "integer" : "number";
  }
  if (/^\(?[A-J]\)?$/.test(text)) return "choice";
  if (/^(?:\\left)?\\\{/.test(text)) return "set";
  if (/^[([][^()[\]]*,[^()[\]]*[)\]]/.test(text)) return "pairs";
  return text.startsWith("{") && parseJsonIn(text) !== undefined ? "json" : "text";
}

/** What is wrong with a task's answer for its type, or `null`. */
export function checkAnswer(answer: GivenAnswer, type: AnswerType | null): string | null {
  if (typeof answer === "string" && answer.trim() === "") return "is empty";
  if (Array.isArray(answer) && answer.length === 0 && type !== "json" && type !== "set") {
    return "is an empty list";
  }
  const shown = JSON.stringify(answer).slice(0, 80);
  if (type === "integer" || type === "number") {
    const number = typeof answer === "object" ? null : parseNumber(String(answer));
    if (type === "integer" && number?.value.d !== 1n) return `${shown} is no integer`;
    if (type === "number" && typeof answer === "object") return `${shown} is no number`;
  }
  if (type === "choice" && typeof answer === "object") return `${shown} is no choice`;
  if (type === "json" && typeof answer === "string" && parseJsonIn(answer) === undefined) {
    return `${shown} is not JSON`;
  }
  return null;
}

/** Whether `found` is the given answer. */
export function sameAnswer(given: GivenAnswer, found: string, type: AnswerType): boolean {
  switch (type) {
    case "integer":
    case "number":
      return sameNumeric(String(given), found, type);
    case "choice":
      return choiceKey(String(given)) === choiceKey(found);
    case "set":
      return splittings(found).some((items) => sameItems(unique(items), unique(itemsOf(given))));
    case "pairs":
      return samePairs(given, found);
    case "json":
      return sameJson(given, found);
    case "text":
      return Array.isArray(given)
        ? splittings(found).some((items) => sameItems(items, itemsOf(given)))
        : textKey(String(given)) === textKey(found);
  }
}

/** The key of an answer of unknown type: equal numbers, and texts equal but for dress, agree. */
export function valueKey(text: string): string {
  const number = parseNumber(text);
  return number ? showNumber({ ...number, decimal: false }) : textKey(text);
}

function sameNumeric(given: string, found: string, type: "integer" | "number"): boolean {
  const [a, b] = [parseNumber(given), parseNumber(found)];
  if (!a || !b) return !a && textKey(given) === textKey(found);
  if (type === "number") return sameNumber(a, b);
  return a.value.n === b.value.n && a.value.d === b.value.d;
}

function choiceKey(text: string): string {
  const clean = cleanAnswer(text.replaceAll("**", ""));
  const letter = /^[([]?([A-J])[)\]]?$/i.exec(clean) ?? /^[([]([A-J])[)\]]/.exec(clean) ??
    /^([A-J])[.):,]/.exec(clean) ?? /^([B-HJ]) /.exec(clean) ??
    /^(?:option|choice|answer) [([]?([A-J])\b/i.exec(clean);
  return letter ? letter[1]!.toUpperCase() : textKey(clean);
}

/** The items of a list or set as keys, in order. */
function itemsOf(given: GivenAnswer): readonly string[] {
  if (Array.isArray(given)) {
    return given.map((item) => valueKey(typeof item === "string" ? item : JSON.stringify(item)));
  }
  return splittings(String(given))[0]!;
}

/** A text's items as keys, split at commas and line ends, and again with `and` split too. */
function splittings(text: string): readonly (readonly string[])[] {
  const inner = withoutBraces(cleanAnswer(text));
  const items = splitTop(inner).map(withoutListMark).filter((item) => item !== "");
  const more = items.flatMap((item) => item.length > 4096 ? [item] : item.split(/(?:^| )and /i))
    .filter((item) => item.trim() !== "");
  return [items.map(valueKey), more.map(valueKey)];
}

function withoutBraces(text: string): string {
  const open = text[0];
  const close = text.at(-1);
  const pair = (open === "{" && close === "}") || (open === "[" && close === "]");
  return pair ? text.slice(1, -1) : text;
}

function withoutListMark(item: string): string {
  return item.trim().replace(/^(?:[-*•] +|\d{1,3}[.)] +)/, "").trim();
}

/** Splits at commas, semicolons and line ends that no bracket holds. */
function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
    else if (char === "\n" || (depth === 0 && (char === "," || char === ";"))) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, text.slice(from)];
}

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)].sort();
}

function sameItems(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** Ordered tuples or intervals in any order; ends count where both sides write them. */
function samePairs(given: GivenAnswer, found: string): boolean {
  const keys = groups(found);
  if (!Array.isArray(given)) return sameItems([...groups(String(given))].sort(), [...keys].sort());
  const tuples = given.some(Array.isArray) ? given : [given];
  const wanted = tuples.map((tuple) =>
    [tuple].flat().map((item) => valueKey(String(item))).join(",")
  );
  return sameItems(wanted.sort(), keys.map((key) => key.slice(1, -1)).sort());
}

/** `(1, 2) ∪ [3, 4)` → `(1,2)`, `[3,4)`; without brackets the whole is one tuple. */
function groups(text: string): string[] {
  let clean = cleanAnswer(text);
  if (/^(?:\{.*\}|\[\s*[[(].*\])$/s.test(clean)) clean = clean.slice(1, -1).trim();
  const found = [...clean.matchAll(/([([])([^()[\]]*)([)\]])/g)];
  const key = (inner: string) => splitTop(inner).map((item) => valueKey(item)).join(",");
  if (found.length === 0) return [`(${key(clean)})`];
  return found.map(([, open, inner, close]) => `${open}${key(inner!)}${close}`);
}

function sameJson(given: GivenAnswer, found: string): boolean {
  const wanted = typeof given === "string" ? parseJsonIn(given) : given;
  const got = parseJsonIn(found);
  if (wanted === undefined || got === undefined) return false;
  return canonicalJson(wanted) === canonicalJson(got);
}
