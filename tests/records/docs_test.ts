import { readFile } from "node:fs/promises";
import { gradeText } from "../../lib/records/grading/mod.ts";
import { parseGradable, regrade } from "../../lib/records/regrade.ts";
import { parseRow } from "../../lib/records/row.ts";
import { parseTaskLine } from "../../lib/records/task_line.ts";
import { sampleRows } from "../report/sample_rows.ts";
import { assert, test } from "../kit.ts";

const page = await readFile(new URL("../../docs/records.md", import.meta.url), "utf8");

function example(kind: string): string {
  const block = page.split("```json " + kind + "\n")[1]?.split("\n```")[0];
  assert.ok(block, `docs/records.md has no ${kind} example`);
  return block;
}

test("the examples of docs/records.md are valid", () => {
  const task = parseTaskLine(example("task"));
  assert.ok("line" in task, JSON.stringify(task));
  assert.equal(task.line.oracle_graph?.length, 3);
  const row = parseRow(JSON.parse(example("row")));
  assert.ok("row" in row, JSON.stringify(row));
  const { texts, nodes, answer, expected } = row.row;
  const conclusion = texts[nodes[0]!.conclusion!]!;
  assert.deepEqual(gradeText(conclusion, { answer: expected as number }).answer, answer);
  const plain = parseGradable(JSON.parse(example("plain")));
  assert.ok("item" in plain);
  assert.deepEqual(regrade([plain.item]).lines, [JSON.parse(example("grade"))]);
});

test("docs/records.md names every field of a row and every label", async () => {
  const types = await readFile(new URL("../../lib/records/row_types.ts", import.meta.url), "utf8");
  const fields = Object.keys(sampleRows(1)[0]!); // a Row lacks no field
  const labelType = /export type TrustLabel =[^;]*;/.exec(types)![0];
  const labels = [...labelType.matchAll(/\| "(\w+)"/g)].map(([, name]) => name!);
  assert.ok(fields.length > 60 && labels.length === 18);
  const missing = [...fields, ...labels].filter((name) => !page.includes(`\`${name}\``));
  assert.deepEqual(missing, []);
});
