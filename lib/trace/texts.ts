/**
 * Texts, each kept once under its hash.
 * @module
 */
import { hash } from "../hash.ts";

/** How much of each text is kept: all, the first 200 characters, or none. Hashes always stay. */
export type TraceText = "full" | "preview" | "none";

const previewLength = 200;

/** A growing set of texts by hash. */
export interface TextStore {
  /** Keeps `text`, as far as the store keeps texts, and returns its hash. */
  put(text: string): string;
  /** All that was kept. */
  all(): Record<string, string>;
}

/** An empty {@linkcode TextStore}. */
export function createTexts(keep: TraceText): TextStore {
  const hashes = new Map<string, string>();
  return {
    put(text) {
      let name = hashes.get(text);
      if (name === undefined) hashes.set(text, name = hash(text));
      return name;
    },
    all() {
      if (keep === "none") return {};
      const kept = keep === "full" ? (text: string) => text : preview;
      return Object.fromEntries([...hashes].map(([text, name]) => [name, kept(text)]));
    },
  };
}

/** The first 200 characters of a text, never half of a surrogate pair. */
export function preview(text: string): string {
  if (text.length <= previewLength) return text;
  const last = text.charCodeAt(previewLength - 1);
  const splits = last >= 0xd800 && last < 0xdc00;
  return text.slice(0, splits ? previewLength - 1 : previewLength);
}
