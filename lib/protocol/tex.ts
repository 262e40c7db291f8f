/**
 * Backslashes in the strings of models: a JSON escape, or TeX that was not escaped?
 *
 * `\"`, `\\`, `\/` and `\uXXXX` are JSON. `\b`, `\f` and `\r` before a letter are TeX: nobody writes
 * a backspace, a form feed or a lone carriage return before a word, but `\beta`, `\frac` and
 * `\right` are common. `\n` and `\t` are a newline and a tab unless the whole run of letters after
 * the backslash is a TeX command (`\neq`, `\times`); so `\nNow`, `\n x` and `\nnext` stay newlines.
 * A few commands read as a newline or tab before an ordinary word (`\nu`, `\ne`, `\to`, `\nless`):
 * they are TeX only where other signs of TeX stand beside them. Any other backslash is literal.
 * @module
 */

const commands: ReadonlySet<string> = words(
  "nabla natural nearrow neg neq newline newcommand ngeq ngtr nleftarrow nleq nolimits nonumber " +
    "norm not notag notin nrightarrow nsubseteq nsupset nsupseteq ntriangleleft ntriangleright " +
    "nvdash nvDash nwarrow tag tanh tau tbinom text textbf textcolor textit textnormal textrm " +
    "textsf textstyle texttt textup tfrac therefore theta thickapprox thinspace tilde times tiny " +
    "top triangle triangledown triangleleft trianglelefteq triangleq triangleright " +
    "trianglerighteq twoheadrightarrow",
);

/** Commands that are also an escape before an ordinary word. */
const doubtful: ReadonlySet<string> = words(
  "ne ni nu ncong nexists nless nmid nparallel nprec nsim nsubset nsucc tan to",
);

const signs =
  /(?:^|[^\\])\\(?:[([]|(?:frac|sqrt|cdot|times|boxed|left|right|sum|prod|int|pi|alpha|beta|gamma|theta|leq?|geq?|neq|infty|mathbb|mathrm|text|begin|equiv|pmod|binom)(?![a-z]))/;

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}

/** What one backslash stands for. */
export interface Escape {
  readonly value: string;
  /** Where the text goes on. */
  readonly next: number;
  /** The backslash was kept as a character though the text did not escape it. */
  readonly literal: boolean;
}

const plain: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
};

/** Whether the text shows TeX that was not escaped: settles the doubtful commands. */
export function showsTex(text: string): boolean {
  return signs.test(text);
}

/** Reads the backslash at `at`. `tex` is {@linkcode showsTex} of the text around. */
export function readEscape(text: string, at: number, tex: boolean): Escape {
  const mark = text[at + 1] ?? "";
  const keep: Escape = { value: "\\", next: at + 1, literal: true };
  if (mark === "u") {
    const hex = text.slice(at + 2, at + 6);
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) return keep;
    return { value: String.fromCharCode(parseInt(hex, 16)), next: at + 6, literal: false };
  }
  const value = Object.hasOwn(plain, mark) ? plain[mark]! : "";
  if (value === "") return keep;
  const letter = /[a-zA-Z]/.test(text[at + 2] ?? "");
  if (letter && (mark === "b" || mark === "f" || mark === "r")) return keep;
  if (letter && (mark === "n" || mark === "t") && isCommand(text, at, tex)) return keep;
  return { value, next: at + 2, literal: false };
}

function isCommand(text: string, at: number, tex: boolean): boolean {
  const word = /^[a-zA-Z]+/.exec(text.slice(at + 1, at + 24))![0];
  if (commands.has(word)) return true;
  if (!doubtful.has(word)) return false;
  const before = text[at - 1] ?? "";
  const after = text[at + 1 + word.length] ?? "";
  return tex || "${(^_".includes(before) && before !== "" || "_^$}".includes(after) && after !== "";
}
