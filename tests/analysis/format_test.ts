import { collect } from "../../lib/analysis/facts.ts";
import { csvTables, formatReport } from "../../lib/analysis/format.ts";
import { analyse, type Report } from "../../lib/analysis/report.ts";
import type { Row } from "../../lib/records/row_types.ts";
import { assert, test } from "../kit.ts";
import { pairOf, rowOf } from "./rows_kit.ts";

async function reportOf(...fields: Partial<Row>[]): Promise<Report> {
  return analyse(await collect(fields.map(rowOf)), { directVsOther: true });
}

test("text: arms are columns, figures are rows with units, notes say what is what", async () => {
  const text = formatReport(
    await reportOf(
      ...pairOf("a", [true, true], [4000, 1000]),
      ...pairOf("b", [false, true], [3000, 1500], { repeat: 2 }),
      { task_id: "a", mode: "oracle_parallel", latency_ms: 500 },
      { task_id: "a", timing: "simulated" },
    ),
    { format: "text" },
  );
  const lines = text.split("\n");
  const table = lines.slice(lines.indexOf("Arms, wall time of a real model"));
  assert.match(table[3]!, /^ +direct +streaming_parallel +oracle_parallel$/);
  const column = table[3]!.indexOf("streaming_parallel");
  const figure = (name: string) => table.find((line) => line.startsWith(name))!.slice(column);
  assert.match(figure("latency, s"), /^1\.25 \/ 1\.48 +0\.50 \/ 0\.50$/);
  assert.match(figure("accuracy, %"), /^100\.0 \[34\.2, 100\.0\] \(2 of 2\)/);
  assert.match(text, /speed-up, all pairs +1\.00× +2\.83× \[\S+×, \S+×\] over 2 pairs/);
  assert.match(text, /speed-up, headline rows only +1\.00× +4\.00× over 1 pair\n/);
  assert.match(text, /oracle_parallel was given its plan/);
  assert.match(text, /1 row has simulated time: kept apart/);
  assert.match(text, /Headline rows are selected by both arms being right/);
  assert.doesNotMatch(text, /undefined|NaN|null|\[object/);
  assert.ok(lines.every((line) => line === line.trimEnd()));
});

test("notes: repeats, reduce, truncation, estimates, uneven load are told", async () => {
  const { notes } = await reportOf(
    ...[1, 2].flatMap((repeat) => pairOf("a", [true, true], [4000, 1000], { repeat })),
    ...pairOf("b", [true, true], [4000, 1000], {
      recombiner: "reduce",
      nodes: [],
      truncated: true,
      usage_source: "estimated",
    }),
    { task_id: "c", run_id: "run-2", latency_ms: 1000 },
    { task_id: "d", run_id: "run-2", latency_ms: 1000 },
    { task_id: "e", run_id: "run-2", latency_ms: 1000 },
  );
  const said = notes.join("\n");
  for (
    const expected of [
      /Tasks are repeated/,
      /reduce computes with exact arithmetic, which direct lacks/,
      /Truncated, .* 1 of direct and 1 of streaming_parallel, of 3 pairs/,
      /2 rows hold estimated token counts/,
      /no partner for 3 rows of direct/,
      /met different loads/,
    ]
  ) assert.match(said, expected);
  assert.deepEqual((await reportOf(...pairOf("a", [true, false]))).notes, []);
});

test("text and Markdown: names from rows drive neither a terminal nor a table", async () => {
  const evil = "\u001b[2J|<img src=x>[a](b)\nnext\u202Eline";
  const report = await reportOf(...pairOf(evil, [true, false]));
  const text = formatReport(report, { format: "text" });
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  assert.match(text, /·\[2J\|<img src=x>\[a\]\(b\)·next·line/);
  const markdown = formatReport(report, { format: "markdown" });
  assert.match(markdown, /·\\\[2J\\\|\\<img src=x\\>\\\[a\]\(b\)·next·line/);
  const rows = markdown.split("\n").filter((line) => line.includes("next"));
  for (const row of rows.filter((line) => line.includes("wrong"))) {
    assert.equal(row.split(/(?<!\\)\|/).length, 12);
  }
});

test("JSON: the report itself", async () => {
  const report = await reportOf(...pairOf("a", [true, true]));
  assert.deepEqual(JSON.parse(formatReport(report, { format: "json" })), report);
  assert.equal(report.schema, "rrm.report/1");
});

test("CSV: one line a record, quoted, and no formulas", async () => {
  const files = csvTables(await reportOf(...pairOf('=1+"1",\nx', [true, true], [1000, 500])));
  const pairs = files["pairs.csv"]!;
  assert.match(pairs, /^direct_config,other_arm,task_id,repeat,direct\.rows,/);
  assert.match(pairs, /\r\nconfig-of-direct,streaming_parallel,"'=1\+""1"",\nx",1,1,1,/);
  const arms = files["arms.csv"]!.trimEnd().split("\r\n");
  assert.equal(arms.length, 3);
  assert.equal(arms[0]!.split(",").length, arms[1]!.split(",").length);
});

test("no rows: said, not thrown", async () => {
  const report = analyse(await collect([]), { directVsOther: true });
  assert.equal(formatReport(report, { format: "text" }), "No rows.\n");
  assert.equal(formatReport(report, { format: "markdown" }), "No rows.\n");
});
