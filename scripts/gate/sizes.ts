/**
 * File length: what does not fit is two ideas.
 * @module
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { listFiles } from "./files.ts";

/** Most lines of a file of the library. */
export const maxLines = 350;

/** Files of `lib` that are too long. */
export async function checkSizes(root: string): Promise<string[]> {
  const problems: string[] = [];
  for (const file of await listFiles(root, [".ts", ".tsx"])) {
    if (!file.startsWith("lib/")) continue;
    const lines = (await readFile(join(root, file), "utf8")).trimEnd().split("\n").length;
    if (lines > maxLines) problems.push(`${file}: ${lines} lines, at most ${maxLines}: split it`);
  }
  return problems;
}
