/**
 * Takes the dress off an answer: TeX, Markdown, odd spaces and dashes.
 * @module
 */

/** Longer texts are no short answers: they are compared as they are. */
const longest = 4096;

const textCommand =
  /\\(?:text(?:bf|it|rm|sf|tt|normal)?|math(?:rm|bf|it|sf|tt)|mbox|operatorname|emph|underline) ?\{([^{}]*)\}/g;

const replacements: readonly (readonly [RegExp, string])[] = [
  [/[\u2212\u2010-\u2013\uFE63\uFF0D]/g, "-"],
  [/[\t\v\f\r\u00A0\u2000-\u200A\u202F]/g, " "],
  [/[\u200B-\u200D\u2060\uFEFF]/g, ""],
  [/[\u2018\u2019]/g, "'"],
  [/[\u201C\u201D]/g, '"'],
  [/\\(?:left|right|[bB]igg?[lr]?|displaystyle)(?![A-Za-z])/g, ""],
  [/\{,\}/g, ","],
  [/\\[,;:!()[\]]/g, ""],
  [/\\ |~|\\q?quad(?![A-Za-z])/g, " "],
  [/\\[dt]frac(?![A-Za-z])/g, "\\frac"],
  [/\^ ?\{? ?\\circ ?\}?|\\degree(?![A-Za-z])|°/g, " degrees"],
  [textCommand, " $1 "],
  [/\\([%$#&_{}])/g, "$1"],
  [/\$/g, ""],
];

const wrappers: readonly (readonly [string, string])[] = [
  ["**", "**"],
  ["__", "__"],
  ["*", "*"],
  ["`", "`"],
  ['"', '"'],
  ["'", "'"],
];

/** `text` without TeX dress, Markdown marks around it, and a closing full stop. */
export function cleanAnswer(text: string): string {
  let clean = text.trim();
  if (clean.length > longest) return clean;
  // \{ and \} of a set must survive the removal of \left and \right before them.
  for (const [pattern, by] of replacements) clean = clean.replace(pattern, by);
  return unwrap(clean.replace(/ +/g, " "));
}

/** The key under which two texts are the same answer. */
export function textKey(text: string): string {
  const clean = cleanAnswer(text).normalize("NFC").toLowerCase().replaceAll("\n", " ");
  if (clean.length > longest) return clean;
  return /[\\^+=*/]/.test(clean) ? clean.replaceAll(" ", "") : clean;
}

/** Takes away marks that come in pairs around the whole, and punctuation at the end. */
function unwrap(text: string): string {
  let clean = text.trim();
  while (true) {
    const before = clean;
    clean = trimEndOf(clean, ".,;:! ");
    // Bold that began before the answer: **FINAL: 73**
    if (clean.endsWith("**") && clean.indexOf("**") === clean.length - 2) {
      clean = clean.slice(0, -2);
    }
    for (const [open, close] of wrappers) {
      if (
        clean.length > open.length + close.length - 1 && clean.startsWith(open) &&
        clean.endsWith(close)
      ) {
        clean = clean.slice(open.length, clean.length - close.length).trim();
      }
    }
    if (clean === before) return clean;
  }
}

function trimEndOf(text: string, marks: string): string {
  let end = text.length;
  while (end > 0 && marks.includes(text[end - 1]!)) end--;
  // A factorial is not an exclamation.
  if (/\d/.test(text[end - 1] ?? "") && text[end] === "!") return text.slice(0, end + 1);
  return text.slice(0, end);
}
