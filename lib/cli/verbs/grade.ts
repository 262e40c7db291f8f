/**
 * `rrm grade`: grades stored answers by the present rules.
 * @module
 */
import { InputError } from "../../errors.ts";
import type { GradeSummary } from "../../records/regrade.ts";
import { exitCodes } from "../exit.ts";
import { jsonFlag, quietFlag } from "../flags.ts";
import { note, print, printable } from "../terminal.ts";
import type { Verb } from "../verb.ts";

/** Grades again. Reads and writes files only; no model is asked. */
export const grade: Verb = {
  name: "grade",
  args: "<file>",
  summary: "grade rows, or lines {id, text, answer}, by the present rules",
  flags: [
    { flags: "--tasks <file>", help: "answers by task id; they go before those in the lines" },
    { flags: "--out <file>", help: "write the lines {id, answer, answer_rule, correct} there" },
    { ...jsonFlag, help: "the summary as JSON" },
    quietFlag,
  ],
  async run([path = ""], flags) {
    const { tasks, out } = flags as Partial<Record<string, string>>;
    const { readGradable } = await import("../gradable.ts");
    const { regrade } = await import("../../records/regrade.ts");
    const { items, skipped } = await readGradable(path, tasks);
    if (items.length === 0) {
      throw new InputError("grade", [`Nothing to grade in ${path}`, ...skipped].join("\n"), {
        hint: 'Give rows of `rrm bench`, or lines {"id": …, "text": …, "answer": …}.',
      });
    }
    const { lines, summary } = regrade(items);
    const text = lines.map((line) => JSON.stringify(line) + "\n").join("");
    if (flags.quiet !== true && skipped.length > 0) await note(printable(skipped.join("\n")));
    const summed = flags.json === true
      ? JSON.stringify(summary, null, 2)
      : printable(describe(summary));
    if (out === undefined) {
      await print(text);
      if (flags.quiet !== true) await note(summed);
    } else {
      const { writeResult } = await import("../write_result.ts");
      await writeResult("--out", out, text);
      await print(summed);
    }
    return exitCodes.done;
  },
};

function describe({ graded, correct, wrong, ungraded, rules, changed }: GradeSummary): string {
  const found = Object.entries(rules).map(([rule, count]) => `${rule} ${count}`).join(", ");
  const shown = changed.slice(0, 50).map(({ id, row_id, from, to }) =>
    `  ${id} (${row_id}): ${verdict(from)} -> ${verdict(to)}`
  );
  if (changed.length > shown.length) shown.push(`  and ${changed.length - shown.length} more`);
  return [
    `${graded} graded: ${correct} correct, ${wrong} wrong, ${ungraded} without an answer to compare.`,
    `Found by: ${found}.`,
    changed.length === 0 ? "No row changed." : `${changed.length} rows changed:`,
    ...shown,
  ].join("\n");
}

function verdict({ answer, correct }: GradeSummary["changed"][number]["from"]): string {
  const word = correct === null ? "ungraded" : correct ? "correct" : "wrong";
  return `${word} (${answer ?? "no answer"})`;
}
