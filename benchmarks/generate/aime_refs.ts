/**
 * References to the problems of AIME 2024: answers and hashes, no statements. Run with
 * `deno run -A benchmarks/generate/aime_refs.ts [STATEMENTS.jsonl] [--check]`; the statements
 * (`id`, `contest`, `number`, `task`, `answer` a line) lie outside of this repository.
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { finish, type TaskFile } from "./finish.ts";

/** Where the statements lie beside a checkout that has them. */
export const statementsPath: string = fileURLToPath(
  new URL("../../../shared/data/aime_2024.jsonl", import.meta.url),
);

/** The file, made from the statements. */
export async function aimeRefs(statements: string): Promise<TaskFile> {
  const text = await readFile(statements, "utf8");
  const lines = text.trim().split("\n").map((line) => {
    const { id, contest, number, task, answer } = JSON.parse(line);
    const sha256 = createHash("sha256").update(task).digest("hex");
    return {
      id,
      contest,
      number,
      answer: Number(answer),
      answer_type: "integer",
      task_ref: { set: "aime_2024", id, sha256 },
    };
  });
  return { name: "aime_2024_rrm_candidates.jsonl", lines };
}

if (import.meta.main) {
  const path = process.argv.slice(2).find((arg) => arg.endsWith(".jsonl")) ?? statementsPath;
  if (existsSync(path)) await finish([await aimeRefs(path)], process.argv);
  else console.error(`SKIP aime_2024_rrm_candidates.jsonl: no statements at ${path}`);
}
