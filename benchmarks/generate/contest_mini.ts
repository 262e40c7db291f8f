/**
 * Contest-style problems with integer answers from 0 to 999, each found by enumeration.
 * Run with `deno run -A benchmarks/generate/contest_mini.ts [--check]`.
 * @module
 */
import process from "node:process";
import { chances } from "./contest/chances.ts";
import { counting } from "./contest/counting.ts";
import { grids } from "./contest/grids.ts";
import { numbers } from "./contest/numbers.ts";
import { sequences } from "./contest/sequences.ts";
import { finish, type TaskFile } from "./finish.ts";

/** The file, families taking turns. */
export function contestMini(): TaskFile {
  const families = [counting, numbers, sequences, grids, chances];
  const lines: object[] = [];
  for (let i = 0; families.some((family) => i < family.length); i++) {
    for (const { family, task, answer } of families.flatMap((problems) => problems[i] ?? [])) {
      if (!Number.isInteger(answer) || answer < 0 || answer > 999) {
        throw new RangeError(`${answer} is no contest answer: ${task}`);
      }
      const id = `mini_${family}_${String(i + 1).padStart(2, "0")}`;
      lines.push({ id, task, answer, answer_type: "integer", meta: { family } });
    }
  }
  return { name: "contest_mini.jsonl", lines };
}

if (import.meta.main) await finish([contestMini()], process.argv);
