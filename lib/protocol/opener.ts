/**
 * Recognises the beginning of an object: `{`, a key, `:`.
 * @module
 */
import { isQuote, isSpace, quoteCloses } from "./characters.ts";

const typeKeys: ReadonlySet<string> = new Set(["type", "event", "action"]);
const eventKeys: ReadonlySet<string> = new Set([
  ...typeKeys,
  "id",
  "task",
  "depends_on",
  "children",
  "rule",
  "answer",
]);

const longestKey = 40;

/** A small automaton, fed one character at a time. It never looks back. */
export class Opener {
  /** Where the `{` stood. */
  start = 0;
  /** Code of the quote around the key; 0 without one. */
  quote = 0;
  /** Backslashes before each quote: 0, or 1, 3, 7 in an object that was escaped as a whole. */
  slashes = 0;
  #key = "";
  #state: "idle" | "brace" | "key" | "colon" = "idle";

  /** Whether a beginning is being followed. */
  get active(): boolean {
    return this.#state !== "idle";
  }

  /** Whether the key names what an event is. */
  get typed(): boolean {
    return typeKeys.has(this.#key.toLowerCase());
  }

  /** Whether the key is one of an event's. */
  get eventful(): boolean {
    return eventKeys.has(this.#key.toLowerCase());
  }

  reset(): void {
    this.#state = "idle";
  }

  /** Takes the character at `at`; true when it is the colon that completes a beginning. */
  step(code: number, at: number): boolean {
    if (code === 123) {
      this.start = at;
      this.slashes = 0;
      this.#state = "brace";
      return false;
    }
    if (this.#state === "brace") this.#afterBrace(code);
    else if (this.#state === "key") this.#inKey(code);
    if (this.#state === "colon") {
      if (code === 58) {
        this.#state = "idle";
        return true;
      }
      if (!isSpace(code) && !quoteCloses(this.quote, code)) this.#state = "idle";
    }
    return false;
  }

  #afterBrace(code: number): void {
    if (code === 92) {
      this.slashes++;
    } else if (isQuote(code) && (this.slashes & (this.slashes + 1)) === 0) {
      this.#begin(code, "");
    } else if (this.slashes === 1 && (code === 110 || code === 114 || code === 116)) {
      this.slashes = 0; // An escaped newline or tab between brace and key.
    } else if (this.slashes === 0 && isLetter(code)) {
      this.#begin(0, String.fromCharCode(code));
    } else if (!isSpace(code) || this.slashes > 0) {
      this.#state = "idle";
    }
  }

  #begin(quote: number, key: string): void {
    this.quote = quote;
    this.#key = key;
    this.#state = "key";
  }

  #inKey(code: number): void {
    if (this.quote === 0 ? code === 58 || isSpace(code) : quoteCloses(this.quote, code)) {
      this.#state = "colon";
    } else if (code !== 92) {
      const fits = isLetter(code) || code === 45 || code === 46 || code === 32 && this.quote !== 0;
      if (!fits || this.#key.length >= longestKey) this.#state = "idle";
      else this.#key += String.fromCharCode(code);
    }
  }
}

function isLetter(code: number): boolean {
  return code >= 97 && code <= 122 || code >= 65 && code <= 90 || code === 95 ||
    code >= 48 && code <= 57;
}
