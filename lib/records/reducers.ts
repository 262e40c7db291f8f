/**
 * Named reducers: code that puts children's values together, exactly.
 * @module
 */
import { cleanAnswer, textKey } from "./grading/clean.ts";
import { valueKey } from "./grading/answer_key.ts";
import { parseNumber, type ReadNumber } from "./grading/number.ts";
import { add, compare, formatRational, multiply, type Rational } from "./rational.ts";

/** The names of reducers as a plan's `rule` gives them. */
export const REDUCERS: readonly string[] = [
  "sum",
  "product",
  "min",
  "max",
  "count:VALUE",
  "concat",
  "union",
  "vote",
  "all",
  "any",
];

/** Digits of a product beyond which it is left to the model. */
const mostDigits = 10_000;

/**
 * Applies a rule that is exactly a named reducer to the children's values, in order.
 * `null` if the rule is no named reducer, there are no values, or one of them does not parse.
 *
 * @example
 * ```ts
 * import { reduceValues } from "./reducers.ts";
 * if (reduceValues("sum", ["1/2", "1/3"])?.value !== "5/6") throw new Error("not exact");
 * if (reduceValues("add them up", ["1", "2"]) !== null) throw new Error("no named reducer");
 * ```
 */
export function reduceValues(
  rule: string,
  values: readonly string[],
): { readonly value: string } | null {
  const value = values.length === 0 ? null : reduce(rule.trim(), values);
  return value === null ? null : { value };
}

/** The value given most often, compared after normalisation; the earliest of equals. */
export function majority(
  values: readonly string[],
): { readonly value: string; readonly votes: number; readonly index: number } | null {
  const groups = new Map<string, { value: string; votes: number; index: number }>();
  for (const [index, value] of values.entries()) {
    const key = valueKey(value);
    const group = groups.get(key);
    if (group) group.votes++;
    else groups.set(key, { value, votes: 1, index });
  }
  let best: { value: string; votes: number; index: number } | null = null;
  for (const group of groups.values()) if (!best || group.votes > best.votes) best = group;
  return best;
}

function reduce(rule: string, values: readonly string[]): string | null {
  if (rule.startsWith("count:")) return count(rule.slice("count:".length), values);
  switch (rule) {
    case "sum":
      return overNumbers(values, add);
    case "product":
      return values.join("").length > mostDigits ? null : overNumbers(values, multiply);
    case "min":
      return overNumbers(values, (a, b) => (compare(b, a) < 0 ? b : a));
    case "max":
      return overNumbers(values, (a, b) => (compare(b, a) > 0 ? b : a));
    case "concat":
      return values.every(isValue) ? values.map(cleanAnswer).join(", ") : null;
    case "union":
      return union(values);
    case "vote":
      return values.every(isValue) ? majority(values)!.value : null;
    case "all":
      return overBooleans(values, (answers) => answers.every(Boolean));
    case "any":
      return overBooleans(values, (answers) => answers.some(Boolean));
    default:
      return null;
  }
}

function overNumbers(
  values: readonly string[],
  combine: (a: Rational, b: Rational) => Rational,
): string | null {
  const numbers = values.map(parseNumber);
  if (!numbers.every((number): number is ReadNumber => number !== null && !number.percent)) {
    return null;
  }
  const decimal = numbers.some((number) => number.decimal);
  return formatRational(numbers.map((number) => number.value).reduce(combine), decimal);
}

function count(wanted: string, values: readonly string[]): string | null {
  if (wanted.trim() === "") return null;
  const yes = asBoolean(wanted);
  if (yes !== null) {
    return overAllBooleans(
      values,
      (answers) => String(answers.filter((answer) => answer === yes).length),
    );
  }
  if (!values.every(isValue)) return null;
  const key = valueKey(wanted);
  return String(values.filter((value) => valueKey(value) === key).length);
}

function overBooleans(
  values: readonly string[],
  test: (answers: readonly boolean[]) => boolean,
): string | null {
  return overAllBooleans(values, (answers) => (test(answers) ? "yes" : "no"));
}

function overAllBooleans(
  values: readonly string[],
  use: (answers: readonly boolean[]) => string,
): string | null {
  const answers = values.map(asBoolean);
  return answers.every((answer): answer is boolean => answer !== null) ? use(answers) : null;
}

/** `yes`, `Yes, it is.`, `true` …; `null` for what is neither yes nor no. */
function asBoolean(value: string): boolean | null {
  const word = /^(yes|true|no|false)(?=$|[.,;:!])/.exec(textKey(value))?.[1];
  return word === undefined ? null : word === "yes" || word === "true";
}

/** A value is short and stands on one line; anything longer is prose. */
function isValue(value: string): boolean {
  const trimmed = value.trim();
  return trimmed !== "" && trimmed.length <= 1000 && !trimmed.includes("\n");
}

function union(values: readonly string[]): string | null {
  if (!values.every(isValue)) return null;
  const items = new Map<string, string>();
  for (const item of values.flatMap((value) => cleanAnswer(value).split(/[,;]/))) {
    const shown = cleanAnswer(item);
    if (shown !== "" && !items.has(valueKey(shown))) items.set(valueKey(shown), shown);
  }
  return items.size === 0 ? null : [...items.values()].join(", ");
}
