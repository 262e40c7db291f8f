/**
 * Numbers as they stand in answers: read exactly, never worked out.
 * @module
 */
import { compare, formatRational, multiply, parseDecimal, rational } from "../rational.ts";
import type { Rational } from "../rational.ts";
import { cleanAnswer } from "./clean.ts";

/** A number that was read. */
export interface ReadNumber {
  readonly value: Rational;
  /** Written with a decimal point: it may be rounded. */
  readonly decimal: boolean;
  /** Followed by a percent sign; `value` is the number before it. */
  readonly percent: boolean;
}

const digits = String.raw`\d{1,3}(?:[, ]\d{3})+(?!\d)|\d+`;
const decimal = String.raw`(?:(?:${digits})(?:\.\d*)?|\.\d+)`;
const braced = String.raw`(?:\{ ?(-?\d+(?:\.\d+)?) ?\}|(\d))`;
/** sign, whole and top and bottom of a TeX fraction, mixed number, plain number or fraction. */
const number = new RegExp(
  String.raw`^([+-]?) ?(?:(\d+)? ?\\frac ?${braced} ?${braced}|(\d+) (\d+)\/(\d+)|(${decimal})` +
    String.raw`(?:[eE]([+-]?\d{1,3})(?![\dA-Za-z]))?(?: ?\/ ?(${decimal}))?)`,
);

/** Words after a number that make it another number or no answer. */
const notUnits = new Set(
  ("and or to not no plus minus times over divided mod choose factorial squared cubed point half " +
    "hundred hundreds thousand thousands million millions billion billions trillion dozen dozens " +
    "than least most between if but").split(" "),
);
/** Units that may follow without a space, or as a single letter. */
const shortUnits = /^(?:[cmnuk]?m|m?s|[km]?g|m?l|h|hrs?|min|ft|in|mi|yd|lbs?|oz|kmh|mph|usd|eur)$/i;

/**
 * The number that `text` is, with signs, separators, currency, units, percent and equations
 * (`x = 73`, `12 + 61 = 73`: what follows the last `=`) understood; `null` if it is anything else.
 * Expressions are not worked out: `2^5` is no number.
 */
export function parseNumber(text: string): ReadNumber | null {
  if (text.length > 4096) return null;
  let clean = cleanAnswer(text);
  if (/[<>!≤≥≠]=?/.test(clean)) return null;
  clean = stripBrackets(cleanAnswer(clean.slice(clean.lastIndexOf("=") + 1)));
  clean = clean.replace(/^([+-]?) ?[€£¥] ?/, "$1").replace(/ ?[€£¥]$/, "");
  const match = number.exec(clean);
  if (!match) return null;
  const rest = clean.slice(match[0].length);
  const percent = /^ ?(?:%|percent)$/i.test(rest);
  if (!percent && rest !== "" && !isUnit(rest)) return null;
  const value = valueOf(match);
  return value && { value, decimal: /\.\d/.test(match[0]) || match[11] !== undefined, percent };
}

/** The one number in a short phrase of plain words (`The total is 73`), else `null`. */
export function numberInPhrase(text: string): ReadNumber | null {
  if (text.length > 400) return null;
  const clean = cleanAnswer(text);
  const reason = /^(.*?\d[%)]?)(?:,|;| \(|) ?\b(?:because|since|as|which|where)\b/.exec(clean);
  const direct = reason && parseNumber(reason[1]!);
  if (direct) return direct;
  const phrase = reason ? reason[1]! : clean;
  const token = /[+-]?\d[\d,]*(?:\.\d+)?/;
  const found = token.exec(phrase);
  if (!found) return null;
  const around = phrase.replace(token, " ");
  const words = around.match(/[A-Za-z]+/g) ?? [];
  const plain = /^[A-Za-z ,.:;'"()!?%-]*$/.test(around) && !/\d[A-Za-z]/.test(phrase);
  if (!plain || words.length === 0) return null;
  if (words.some((word) => notUnits.has(word.toLowerCase()))) return null;
  return parseNumber(found[0].replace(/,+$/, ""));
}

/** Equal, with the last digits of a rounded decimal (six places) and percent forgiven. */
export function sameNumber(a: ReadNumber, b: ReadNumber): boolean {
  const hundredth = rational(1n, 100n);
  if (near(a, b)) return true;
  if (a.percent === b.percent) return false;
  return a.percent
    ? near({ ...a, value: multiply(a.value, hundredth) }, b)
    : near(a, { ...b, value: multiply(b.value, hundredth) });
}

/** How a number is shown: `73`, `1/2`, `0.5`, `10%`. */
export function showNumber({ value, decimal, percent }: ReadNumber): string {
  return formatRational(value, decimal) + (percent ? "%" : "");
}

function near(a: ReadNumber, b: ReadNumber): boolean {
  if (compare(a.value, b.value) === 0) return true;
  if (!a.decimal && !b.decimal) return false;
  const difference = rational(
    a.value.n * b.value.d - b.value.n * a.value.d,
    a.value.d * b.value.d,
  );
  const size = difference.n < 0n ? -difference.n : difference.n;
  return size * 2_000_000n <= difference.d;
}

function valueOf(match: RegExpExecArray): Rational | null {
  const [, sign, whole, topBraced, topDigit, bottomBraced, bottomDigit] = match;
  const [mixed, mixedTop, mixedBottom, plain, exponent, under] = match.slice(7);
  const negate = (value: Rational | null) =>
    value && sign === "-" ? rational(-value.n, value.d) : value;
  const top = topBraced ?? topDigit;
  if (top !== undefined) return negate(mix(whole, top, bottomBraced ?? bottomDigit));
  if (mixed !== undefined) return negate(mix(mixed, mixedTop!, mixedBottom));
  const value = read(plain!);
  if (!value) return null;
  if (under !== undefined) {
    const divisor = read(under);
    return negate(divisor && divide(value, divisor));
  }
  if (exponent === undefined) return negate(value);
  const power = 10n ** BigInt(exponent.replace(/[+-]/, ""));
  return negate(multiply(value, exponent.startsWith("-") ? rational(1n, power) : rational(power)));
}

function mix(whole: string | undefined, top: string, bottom: string | undefined): Rational | null {
  const [w, t, b] = [read(whole ?? "0"), read(top), read(bottom ?? "")];
  if (!w || !t || !b) return null;
  const part = divide(t, b);
  return part && rational(w.n * part.d + part.n, part.d);
}

function divide(a: Rational, b: Rational): Rational | null {
  return b.n === 0n ? null : rational(a.n * b.d, a.d * b.n);
}

function read(text: string): Rational | null {
  return parseDecimal(text.replace(/[, ]/g, ""));
}

function stripBrackets(text: string): string {
  let clean = text;
  while (/^(?:\{.*\}|\(.*\)|\[.*\])$/.test(clean)) clean = clean.slice(1, -1).trim();
  return clean;
}

function isUnit(rest: string): boolean {
  const words = rest.trim().replace(/\^ ?\{?[23]\}?$/, "").split(/[ /]/);
  if (words.length > 4 || words.some((word) => !/^[A-Za-zµ]+\.?$/.test(word))) return false;
  if (words.some((word) => notUnits.has(word.toLowerCase()))) return false;
  const short = !rest.startsWith(" ") || words[0]!.length === 1;
  return !short || shortUnits.test(words[0]!);
}
