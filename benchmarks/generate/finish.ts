/**
 * What every generator ends with: write the file, or with `--check` compare it with the stored one.
 * @module
 */
import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** A file of `benchmarks/` and the lines that belong into it. */
export interface TaskFile {
  readonly name: string;
  readonly lines: readonly object[];
}

/** The text of a JSONL file. */
export function jsonl(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** Writes or checks; the exit code is 1 if a stored file differs from a fresh one. */
export async function finish(files: readonly TaskFile[], args: readonly string[]): Promise<void> {
  for (const { name, lines } of files) {
    const path = fileURLToPath(new URL(`../${name}`, import.meta.url));
    const fresh = jsonl(lines);
    if (!args.includes("--check")) {
      await writeFile(path, fresh);
      console.error(`${name}: ${lines.length} tasks written`);
      continue;
    }
    const same = await readFile(path, "utf8").then((stored) => stored === fresh, () => false);
    console.error(`${name}: ${same ? "as generated" : "differs from a fresh generation"}`);
    if (!same) process.exitCode = 1;
  }
}
