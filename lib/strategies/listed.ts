/**
 * A reply that names a reducer and lists items with their values.
 * @module
 */

/** What such a reply says. */
export interface Listed {
  readonly values: readonly string[];
  readonly reducer: string;
}

const REDUCER_LINE = /^\W*(?:reduce|reducer|rule)\b\W*([\w-]+(?:\s*:\s*[^*`]+)?)/i;
const ITEM_LINE = /^.*\S\s*(?:=>?|->|→)\s*(\S.*)$/;

/**
 * Reads the last line `REDUCE: reducer` and the lines `item = value` that follow it, else those
 * before it; other lines are passed over. `null` without a reducer or without items.
 */
export function readListed(text: string): Listed | null {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const at = lines.findLastIndex((line) => REDUCER_LINE.test(line));
  if (at < 0) return null;
  const reducer = REDUCER_LINE.exec(lines[at]!)![1]!.trim().replace(/\s*:\s*/, ":");
  const after = valuesIn(lines.slice(at + 1));
  const values = after.length > 0 ? after : valuesIn(lines.slice(0, at));
  return values.length > 0 ? { values, reducer } : null;
}

function valuesIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => ITEM_LINE.exec(line)?.[1] ?? [])
    .map((value) => value.replace(/[*`]/g, "").trim());
}
