/**
 * Turns tokens into text as they come: whole characters only, and nothing that may still turn out
 * to be the beginning of a stop text.
 * @module
 */
import type { Model, Token } from "./binding.ts";

/** A reply as it grows. */
export interface ReplyText {
  /** Takes a token; returns the text that is certain now. */
  add(token: Token): string;
  /** The text held back, once the reply is over. */
  rest(): string;
  /** True once a stop text has come; the text before it is all there is. */
  readonly stopped: boolean;
}

/** Characters may be spread over this many tokens. */
const longestCharacter = 8;

/** Begins a reply. `before` are the tokens that precede it. */
export function replyText(
  model: Pick<Model, "detokenize">,
  before: readonly Token[],
  stops: readonly string[],
): ReplyText {
  const last = before.slice(-longestCharacter);
  let pending: Token[] = [];
  let held = "";
  let stopped = false;

  return {
    get stopped() {
      return stopped;
    },
    add(token) {
      pending.push(token);
      const text = model.detokenize(pending, false, last);
      if (text.endsWith("\uFFFD") && pending.length < longestCharacter) return "";
      last.push(...pending);
      last.splice(0, last.length - longestCharacter);
      pending = [];
      held += text;
      const found = stops.map((stop) => held.indexOf(stop)).filter((at) => at >= 0);
      stopped = found.length > 0;
      const certain = stopped ? Math.min(...found) : held.length - openEnd(held, stops);
      const out = held.slice(0, certain);
      held = stopped ? "" : held.slice(certain);
      return out;
    },
    rest() {
      const text = held + (pending.length > 0 ? model.detokenize(pending, false, last) : "");
      return stopped ? "" : text;
    },
  };
}

/** Length of the longest end of `text` that begins a stop text. */
function openEnd(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops) {
    for (let n = Math.min(stop.length - 1, text.length); n > longest; n--) {
      if (stop.startsWith(text.slice(-n))) longest = n;
    }
  }
  return longest;
}
