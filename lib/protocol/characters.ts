/**
 * Classes of characters, by UTF-16 code.
 * @module
 */

/** White space of JSON. */
export function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

/** Typographic quotes, double or single. */
export function isSmart(code: number): boolean {
  return code >= 0x2018 && code <= 0x201f;
}

/** Any quote that may open a string. */
export function isQuote(code: number): boolean {
  return code === 34 || code === 39 || isSmart(code);
}

/** Whether `code` can close a string that `open` opened. */
export function quoteCloses(open: number, code: number): boolean {
  if (open === 34 || open === 39) return code === open;
  if (open >= 0x201c) return code === 34 || code >= 0x201c && code <= 0x201f;
  return code === 39 || code >= 0x2018 && code <= 0x201b;
}
