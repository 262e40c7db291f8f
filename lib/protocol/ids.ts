/**
 * Ids that are safe as parts of a path, as keys and as names in a trace.
 * @module
 */

const longest = 64;
const unsafe = /[^\p{L}\p{N}_-]/gu;
const reserved: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  "prototype",
]);

/**
 * Makes an id safe: letters, digits, `_` and `-` stay, everything else becomes `_`; names with a
 * meaning to the language get `id_` before them; at most 64 characters. An id that names nothing
 * gives `""`. Equal ids stay equal, so references are made safe by the same rule.
 */
export function safeId(id: string): string {
  const trimmed = id.trim();
  if (!/[\p{L}\p{N}_]/u.test(trimmed)) return "";
  // Cut before the costly steps: an id may be a megabyte long.
  const short = [...trimmed.slice(0, 4 * longest).normalize("NFC")].slice(0, longest).join("");
  const safe = short.replace(unsafe, "_");
  return reserved.has(safe) ? `id_${safe}` : safe;
}
