/**
 * Files of answers to grade.
 * @module
 */
import { readLines } from "../records/lines.ts";
import { type Gradable, parseGradable } from "../records/regrade.ts";
import { readTaskLines } from "./task_lines.ts";

/** Reads rows or plain lines; what is neither is told as `FILE:LINE: reason`. */
export async function readGradable(
  path: string,
  tasks: string | undefined,
): Promise<{ readonly items: Gradable[]; readonly skipped: string[] }> {
  const sheets = tasks === undefined ? [] : await readTaskLines(tasks);
  const byId = new Map(sheets.map((sheet) => [sheet.id, sheet]));
  const items: Gradable[] = [];
  const skipped: string[] = [];
  for await (const { number, text, reason } of readLines(path)) {
    if (text?.trim() === "") continue;
    const parsed = text === null ? { reason: reason ?? "unreadable" } : parse(text, byId);
    if ("item" in parsed) items.push(parsed.item);
    else skipped.push(`${path}:${number}: skipped: ${parsed.reason}`);
  }
  return { items, skipped };
}

function parse(text: string, tasks: Parameters<typeof parseGradable>[1]) {
  try {
    return parseGradable(JSON.parse(text), tasks);
  } catch {
    return { reason: "not JSON" };
  }
}
