/**
 * Reads one object of almost-JSON. On JSON it agrees with `JSON.parse`, but for TeX in strings.
 * @module
 */
import { isQuote, isSmart, isSpace, quoteCloses } from "./characters.ts";
import { readEscape, showsTex } from "./tex.ts";

/** A number as it was written: ids and answers must not be rounded. */
export class Numeral {
  constructor(readonly text: string) {}
}

/** A value of almost-JSON. Objects have no prototype. */
export type Value = string | boolean | null | Numeral | Value[] | { [key: string]: Value };

/** What {@linkcode readObject} found. */
export type ObjectReading =
  | {
    readonly value: { readonly [key: string]: Value };
    /** Where the object ended; what follows was no part of it. */
    readonly end: number;
    readonly repairs: readonly string[];
  }
  | { readonly failure: "invalid_json" | "unclosed_string" | "truncated" };

const deepest = 40;
// Anything but the escapes that are surely JSON's.
const suspicious = /\\(?:[^"\\/n]|n[a-z])/;
const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const word = /[\p{L}_][\p{L}\p{N}_-]{0,99}/uy;

/** Reads the object that `text` begins with. */
export function readObject(text: string): ObjectReading {
  if (!suspicious.test(text)) {
    try {
      const value = JSON.parse(text);
      const repairs = text.includes("\n") ? ["multiline_object"] : [];
      if (!holdsNumber(value)) return { value, end: text.length, repairs };
    } catch {
      // Read below, by the tolerant reader.
    }
  }
  const parser = new Parser(text);
  try {
    const value = parser.object(0);
    return { value, end: parser.at, repairs: [...parser.repairs] };
  } catch (error) {
    if (error instanceof Failure) return { failure: error.reason };
    throw error;
  }
}

function holdsNumber(value: unknown): boolean {
  return Object.values(value as object).some((item) =>
    typeof item === "number" ||
    Array.isArray(item) && item.some((inner) => typeof inner === "number")
  );
}

class Failure {
  constructor(readonly reason: "invalid_json" | "unclosed_string" | "truncated") {}
}

class Parser {
  at = 0;
  readonly repairs = new Set<string>();
  readonly #text: string;
  #tex: boolean | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  object(depth: number): { [key: string]: Value } {
    const value: { [key: string]: Value } = Object.create(null);
    this.#enter(depth);
    while (true) {
      const end = this.at;
      const multiline = this.repairs.has("multiline_object");
      this.#space();
      const mark = this.#text[this.at];
      if (mark === ",") {
        this.#comma();
        continue;
      }
      if (mark === "}") {
        this.at++;
        return value;
      }
      if (mark === undefined || mark === "]") return this.#missing("missing_brace", value);
      if (this.#afterValue && depth === 0 && this.#text.slice(end, this.at).includes("\n")) {
        this.at = end;
        if (!multiline) this.repairs.delete("multiline_object");
        return this.#missing("missing_brace", value);
      }
      if (this.#afterValue) throw new Failure("invalid_json");
      const key = this.#key();
      this.#space();
      if (this.at >= this.#text.length) throw new Failure("truncated");
      if (this.#text[this.at] !== ":") throw new Failure("invalid_json");
      this.at++;
      this.#space();
      // Two events run together would otherwise read as one.
      if (depth === 0 && key === "type" && key in value) throw new Failure("invalid_json");
      value[key] = this.#value(depth + 1, "object");
      this.#afterValue = true;
    }
  }

  /** A value has just been read, so a comma or an end is due. */
  #afterValue = false;

  #array(depth: number): Value[] {
    const items: Value[] = [];
    this.#enter(depth);
    while (true) {
      this.#space();
      const mark = this.#text[this.at];
      if (mark === ",") {
        this.#comma();
        continue;
      }
      if (mark === "]") {
        this.at++;
        return items;
      }
      if (mark === undefined || mark === "}") return this.#missing("missing_bracket", items);
      if (this.#afterValue) throw new Failure("invalid_json");
      items.push(this.#value(depth + 1, "array"));
      this.#afterValue = true;
    }
  }

  #enter(depth: number): void {
    if (depth > deepest) throw new Failure("invalid_json");
    this.at++;
    this.#afterValue = false;
  }

  #missing<T>(repair: string, value: T): T {
    this.repairs.add(repair);
    return value;
  }

  #comma(): void {
    if (!this.#afterValue) this.repairs.add("trailing_comma");
    this.at++;
    this.#afterValue = false;
    this.#space();
    const next = this.#text[this.at];
    if (next === "}" || next === "]" || next === undefined) this.repairs.add("trailing_comma");
  }

  #key(): string {
    if (isQuote(this.#text.charCodeAt(this.at))) return this.#string("key");
    word.lastIndex = this.at;
    const found = word.exec(this.#text);
    if (!found) throw new Failure("invalid_json");
    this.at = word.lastIndex;
    this.repairs.add("unquoted_keys");
    return found[0];
  }

  #value(depth: number, within: "object" | "array"): Value {
    const mark = this.#text[this.at];
    if (mark === undefined) throw new Failure("truncated");
    if (isQuote(mark.charCodeAt(0))) return this.#string(within);
    if (mark === "{") return this.object(depth);
    if (mark === "[") return this.#array(depth);
    number.lastIndex = this.at;
    const digits = number.exec(this.#text);
    if (digits) {
      this.at = number.lastIndex;
      return new Numeral(digits[0]);
    }
    return this.#word();
  }

  #word(): Value {
    word.lastIndex = this.at;
    const found = word.exec(this.#text)?.[0];
    if (found === undefined) throw new Failure("invalid_json");
    this.at = word.lastIndex;
    // A word at the very end may have been cut.
    if (this.at >= this.#text.length) throw new Failure("truncated");
    if (found === "true" || found === "false") return found === "true";
    if (found === "null") return null;
    if (found === "True" || found === "False" || found === "None") {
      this.repairs.add("python_literals");
      return found === "None" ? null : found === "True";
    }
    this.repairs.add("unquoted_values");
    return found;
  }

  #string(position: "key" | "object" | "array"): string {
    const text = this.#text;
    const open = text.charCodeAt(this.at++);
    if (isSmart(open)) this.repairs.add("smart_quotes");
    else if (open === 39) this.repairs.add("single_quotes");
    const parts: string[] = [];
    let from = this.at;
    const flush = (value: string, next: number) => {
      parts.push(text.slice(from, this.at), value);
      this.at = from = next;
    };
    while (true) {
      const code = text.charCodeAt(this.at);
      if (Number.isNaN(code)) throw new Failure("unclosed_string");
      if (quoteCloses(open, code)) {
        if (this.#ends(position)) {
          parts.push(text.slice(from, this.at++));
          return parts.join("");
        }
        this.repairs.add("inner_quotes");
        this.at++;
      } else if (code === 92) {
        if (open !== 34 && quoteCloses(open, text.charCodeAt(this.at + 1))) {
          flush(text[this.at + 1]!, this.at + 2);
          continue;
        }
        const escape = readEscape(text, this.at, this.#tex ??= showsTex(text));
        if (escape.literal) this.repairs.add("tex_escapes");
        flush(escape.value, escape.next);
      } else if (code === 13 && text.charCodeAt(this.at + 1) === 10) {
        flush("", this.at + 1);
      } else if (code === 10 || code === 9 || code === 13) {
        this.repairs.add("raw_whitespace");
        this.at++;
      } else if (code < 32 || code === 127) {
        this.repairs.add("control_characters");
        flush("", this.at + 1);
      } else this.at++;
    }
  }

  /** Whether the quote here ends its string: what follows must be able to follow a string. */
  #ends(position: "key" | "object" | "array"): boolean {
    const text = this.#text;
    let i = this.at + 1;
    while (text[i] === " " || text[i] === "\t") i++;
    const next = text[i];
    if (next === undefined || next === "\n" || next === "\r") return true;
    if (position === "key") return next === ":";
    if (next === "}" || next === "]") return true;
    if (next !== ",") return isControl(text.charCodeAt(i));
    if (position === "array") return true;
    i++;
    while (isSpace(text.charCodeAt(i))) i++;
    if (i >= text.length || text[i] === "}" || text[i] === ",") return true;
    return isKeyAt(text, i);
  }

  #space(): void {
    while (true) {
      const code = this.#text.charCodeAt(this.at);
      if (code === 10) this.repairs.add("multiline_object");
      else if (isControl(code)) this.repairs.add("control_characters");
      else if (!isSpace(code)) return;
      this.at++;
    }
  }
}

function isControl(code: number): boolean {
  return code < 32 && !isSpace(code) || code === 127 || code === 0xfeff;
}

/** Whether a key and its colon stand at `i`. Looks no further than the next quote. */
function isKeyAt(text: string, i: number): boolean {
  const open = text.charCodeAt(i);
  if (isQuote(open)) {
    i++;
    while (i < text.length && !quoteCloses(open, text.charCodeAt(i))) i += text[i] === "\\" ? 2 : 1;
    i++;
  } else {
    word.lastIndex = i;
    if (!word.test(text)) return false;
    i = word.lastIndex;
  }
  while (isSpace(text.charCodeAt(i))) i++;
  return text[i] === ":" || i >= text.length;
}
