/**
 * What must not stand in a file that others read: paths of one machine, hosts that packages came
 * from here, notes of unfinished work.
 * @module
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { listFiles } from "./files.ts";

const looked: readonly string[] = [
  ".ts",
  ".tsx",
  ".md",
  ".json",
  ".jsonl",
  ".lock",
  ".py",
  ".sh",
  ".html",
  ".css",
  "run",
];

const rules: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  {
    pattern: /(?<![\w.])\/(?:root|work|home\/\w+|Users\/\w+|mnt\/\w+)\//,
    reason: "a path of one machine",
  },
  {
    pattern: /https?:\/\/[\w.-]*(?:registry|artifactory|nexus|pypi-proxy|mirror)[\w.-]*/,
    reason: "a package registry's host",
  },
  { pattern: /\b(?:TODO|FIXME|XXX)\b/, reason: "unfinished work: finish it, or open an issue" },
  { pattern: /\bfor now\b|\btemporarily\b/i, reason: "unfinished work: finish it, or say when" },
  { pattern: /\bplace-?holder\b(?!=)/i, reason: "unfinished work: finish it" },
];

/** Words in `text` that must not be there, with their 1-based lines. */
export function wordsOf(text: string): { line: number; found: string; reason: string }[] {
  const problems: { line: number; found: string; reason: string }[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    for (const { pattern, reason } of rules) {
      const found = pattern.exec(line)?.[0];
      if (found) problems.push({ line: index + 1, found, reason });
    }
  }
  return problems;
}

/** Words that must not be there, as `FILE:LINE: …`. The rules themselves and their test are let be. */
export async function checkWords(root: string): Promise<string[]> {
  const exempt = new Set(["scripts/gate/words.ts", "tests/house/words_test.ts"]);
  const problems: string[] = [];
  for (const file of await listFiles(root, looked)) {
    if (exempt.has(file) || file.startsWith("tests/fixtures/")) continue;
    for (const { line, found, reason } of wordsOf(await readFile(join(root, file), "utf8"))) {
      problems.push(`${file}:${line}: "${found}": ${reason}`);
    }
  }
  return problems;
}
