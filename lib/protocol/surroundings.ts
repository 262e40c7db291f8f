/**
 * What the text around events is: fences, list marks, wrappers, or prose.
 * @module
 */

// deno-lint-ignore no-control-regex
const controls = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+/g;
const fences = /```[ \t]*[\w+-]{0,20}/g;
const listMark = /^(?:[-*+•>]|\d{1,4}[.):]|\([\da-z]{1,4}\)|[a-z][.)])$/i;
const wrapping = /^(?:[[\]{},;\s]|["'][\w -]{1,40}["']\s{0,40}:)+$/;
/** The quotes around an object that is the text of a string. */
const encoding = /^[\\"']{1,8},?$/;
// A wrapper's own text is short; longer text is prose, and no regular expression need look at it.
const longestWrapper = 300;

/** State that goes on over lines. */
export interface Surroundings {
  /** Inside a code fence. */
  fence: boolean;
  /** Inside a list or an object of events. */
  wrapper: boolean;
}

/**
 * Takes in the text before an object on its line; gives the repairs that it stands for.
 * `again`: another object stood before; `encoded`: the object's quotes are escaped.
 */
export function readBefore(
  text: string,
  state: Surroundings,
  { again, encoded }: { readonly again: boolean; readonly encoded: boolean },
): string[] {
  const repairs: string[] = [];
  const rest = strip(text, state, repairs);
  if (rest.endsWith("[")) state.wrapper = true;
  if (state.fence && !repairs.includes("code_fence")) repairs.push("code_fence");
  if (rest !== "" && !(encoded && encoding.test(rest)) && !isSeparator(rest)) {
    if (isWrapping(rest)) state.wrapper = true;
    else repairs.push(listMark.test(rest) ? "list_mark" : "prose");
  }
  if (state.wrapper) repairs.push("wrapper");
  if (again) repairs.push("several_on_line");
  return repairs;
}

/**
 * Takes in the text after the last object of a line, or a line without one; gives the reason why it
 * is ignored. `encoded`: it follows an object whose quotes were escaped.
 */
export function readLine(text: string, state: Surroundings, encoded: boolean): string | null {
  const found: string[] = [];
  const rest = strip(text, state, found);
  if (rest.endsWith("[")) state.wrapper = true;
  if (rest === "") return found.find((name) => name !== "byte_order_mark") ?? null;
  // The end of a string that held the object before.
  if (encoded && encoding.test(rest)) return null;
  if (isSeparator(rest)) return state.wrapper ? null : "separator";
  if (isWrapping(rest)) {
    state.wrapper = !/[\]}]/.test(rest);
    return "wrapper";
  }
  if (/^<\/think(?:ing)?>$/i.test(rest)) return "think";
  state.wrapper = rest.endsWith("[");
  return "prose";
}

function strip(text: string, state: Surroundings, found: string[]): string {
  let rest = text;
  if (rest.includes("\ufeff")) {
    found.push("byte_order_mark");
    rest = rest.replaceAll("\ufeff", "");
  }
  const clean = rest.replace(controls, "");
  if (clean.length < rest.length) found.push("control_characters");
  rest = clean;
  if (rest.includes("```")) {
    found.push("code_fence");
    rest = rest.replace(fences, () => {
      state.fence = !state.fence;
      return " ";
    });
  }
  return rest.trim();
}

function isSeparator(text: string): boolean {
  return /^[,;]/.test(text) && /^[,;\s]{1,300}$/.test(text);
}

function isWrapping(text: string): boolean {
  return text.length <= longestWrapper && wrapping.test(text);
}
