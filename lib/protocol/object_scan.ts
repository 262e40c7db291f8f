/**
 * Follows one object of almost-JSON to its closing brace, a character at a time.
 * @module
 */
import { isQuote, quoteCloses } from "./characters.ts";

const brace = 123;
const bracket = 91;

/** The state within one object, begun right after its first key. */
export class ObjectScan {
  /** Code of the quote that opened the current string; 0 outside of strings. */
  string = 0;
  /** A value may stand here: after a colon, a comma or an opening bracket. */
  valueDue = true;
  /** Nothing but marks stood on the current line so far. */
  lineHead = false;
  /** Where the current line began, if that was within the object; else -1. */
  lineStart = -1;
  #stack: number[] = [brace];
  #slashes = 0;
  /** A quote was seen in a string, and what follows will tell whether it ended it. */
  #maybe = false;

  /**
   * @param quote Code of the quote around its first key; 0 without one.
   * @param escapes Backslashes before each of its quotes.
   * @param container Its first key is none of an event's.
   */
  constructor(
    readonly quote: number,
    readonly escapes: number,
    readonly container: boolean,
  ) {}

  /** Takes a character; true when it closes the object. */
  step(code: number, at: number): boolean {
    if (code === 10) {
      this.lineHead = true;
      this.lineStart = at + 1;
    } else if (this.lineHead && isWordly(code)) {
      this.lineHead = false;
    }
    if (this.#maybe) {
      if (code === 32 || code === 9) return false;
      this.#maybe = false;
      if (endsString(code)) this.string = 0;
    }
    if (this.string !== 0) {
      this.#inString(code);
      return false;
    }
    return this.#between(code);
  }

  #inString(code: number): void {
    if (code === 92) {
      this.#slashes++;
      return;
    }
    if (quoteCloses(this.string, code) && this.#unescaped()) {
      if (this.escapes === 0) this.#maybe = true;
      else this.string = 0;
    }
    this.#slashes = 0;
  }

  #between(code: number): boolean {
    if (code === 92) {
      this.#slashes++;
      return false;
    }
    const escaped = this.#slashes > 0;
    const opens = isQuote(code) && this.valueDue && this.#unescaped();
    this.#slashes = 0;
    if (code <= 32 || escaped && this.escapes > 0 && !isQuote(code)) return false;
    if (opens) this.string = code;
    if (code === 125) return this.#close(brace);
    if (code === 93) return this.#close(bracket);
    if (code === brace || code === bracket) this.#stack.push(code);
    this.valueDue = code === 58 || code === 44 || code === brace || code === bracket;
    return false;
  }

  #unescaped(): boolean {
    return this.#slashes % (2 * (this.escapes + 1)) === this.escapes;
  }

  /** Closes what is open inside the one meant; a closing mark that fits nothing is passed over. */
  #close(mark: number): boolean {
    this.valueDue = false;
    if (mark === bracket && this.#stack.at(-1) !== bracket) return false;
    while (this.#stack.pop() !== mark);
    return this.#stack.length === 0;
  }
}

function endsString(code: number): boolean {
  return code === 44 || code === 125 || code === 93 || code === 58 || code === 10 || code === 13 ||
    code < 32;
}

/** Letters and the like: what a list mark, a bracket or a quote is not. */
function isWordly(code: number): boolean {
  return code >= 97 && code <= 122 || code >= 65 && code <= 90 || code >= 0xc0 && code < 0x2000;
}
