/**
 * JSON answers: found in a text, compared without regard to the order of keys.
 * @module
 */

const deepest = 200;

/**
 * The JSON value that a text is, or holds in a code fence or from its first bracket on;
 * `undefined` if there is none, or it is nested beyond 200 levels.
 */
export function parseJsonIn(text: string): unknown {
  const trimmed = text.trim();
  const fenced = /```[a-z]*\s([^`]*)```/i.exec(trimmed)?.[1];
  for (const candidate of [trimmed, fenced, balanced(trimmed)]) {
    if (candidate === undefined || !isShallow(candidate)) continue;
    try {
      return JSON.parse(candidate);
    } catch {
      // The next candidate may do.
    }
  }
  return undefined;
}

/** One text for equal values: keys sorted. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${
    entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")
  }}`;
}

/** From the first bracket to the one that closes it. */
function balanced(text: string): string | undefined {
  const start = text.search(/[[{]/);
  if (start < 0) return undefined;
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const char = text[i]!;
    if (inString) {
      if (char === "\\") i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "[" || char === "{") depth++;
    else if ((char === "]" || char === "}") && --depth === 0) return text.slice(start, i + 1);
  }
  return undefined;
}

function isShallow(text: string): boolean {
  let depth = 0;
  for (const char of text) {
    if (char === "[" || char === "{") depth++;
    else if (char === "]" || char === "}") depth--;
    if (depth > deepest) return false;
  }
  return true;
}
