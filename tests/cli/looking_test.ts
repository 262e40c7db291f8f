import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assert, test } from "../kit.ts";
import { type Folder, folder, lookingOnly, rrm } from "./harness.ts";

const tasks = [
  { id: "a", task: "What is 2 + 2?", answer: 4 },
  { id: "b", task: "What is 3 + 3 and <b>why</b>?", answer: 6 },
];
const plan = [
  { type: "child", id: "x", task: "What is 1 + 1?", depends_on: [] },
  { type: "child", id: "y", task: "What is 2 + 0?", depends_on: [] },
  { type: "await", children: ["x", "y"], rule: "sum" },
].map((event) => JSON.stringify(event)).join("\n");
const rules = [
  { role: "planner", text: plan, tokensPerSecond: 2000 },
  { role: "worker", text: "FINAL: 2" },
  { role: "direct", text: "FINAL: 4" },
  { text: "FINAL: 4" },
];

/** Rows of both arms of two tasks. */
async function rowsIn(dir: Folder): Promise<{ readonly rows: string; readonly tasks: string }> {
  const file = await dir.write("tasks.jsonl", tasks);
  const model = await dir.write("script.json", JSON.stringify(rules));
  const rows = join(dir.path, "rows.jsonl");
  const args = ["bench", file, "--backend", "scripted", "--model", model, "--out", rows];
  const { code, stderr } = await rrm(args);
  assert.equal(code, 0, stderr);
  return { rows, tasks: file };
}

/** With the few permissions that looking needs. */
const look = (...args: string[]) => rrm(args, { permissions: lookingOnly });

test("analyze: a table of both arms, as text, JSON, Markdown and CSV", async () => {
  await using dir = await folder();
  const { rows, tasks } = await rowsIn(dir);
  const text = await look("analyze", rows, "--tasks", tasks, "--direct-vs-rrm");
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout, /streaming_parallel/);
  const report = JSON.parse((await look("analyze", rows, "--direct-vs-rrm", "--json")).stdout);
  assert.equal(report.rows, 4);
  assert.equal(report.comparisons[0].pairs, 2);
  assert.match((await look("analyze", rows, "--markdown")).stdout, /^\|.*---/m);
  const csv = await look("analyze", rows, "--csv", join(dir.path, "tables"));
  assert.equal(csv.code, 0, csv.stderr);
  assert.ok((await readdir(join(dir.path, "tables"))).includes("arms.csv"));
});

test("analyze: --tasks grades by its answers, and tells which tasks have no row", async () => {
  await using dir = await folder();
  const { rows } = await rowsIn(dir);
  const other = await dir.write("other.jsonl", [
    { id: "a", task: "What is 2 + 2?", answer: 5 },
    { id: "b", task_ref: { set: "s", id: "b", sha256: "0".repeat(64) }, answer: 4 },
    { id: "c", task: "Never run", answer: 1 },
  ]);
  const { code, stdout, stderr } = await look("analyze", rows, "--tasks", other, "--json");
  assert.equal(code, 0, stderr);
  const report = JSON.parse(stdout);
  assert.equal(report.arms[0].accuracy.count, 1);
  assert.ok(report.notes.some((note: string) => /1 of 3 tasks/.test(note)), report.notes.join());
});

test("analyze: torn and foreign lines and doubles are told, the rest is read", async () => {
  await using dir = await folder();
  const { rows } = await rowsIn(dir);
  const text = await readFile(rows, "utf8");
  await writeFile(
    rows,
    text + text.slice(0, 5000) + '\n{"hello": 1}\nprose\n' + text.slice(0, 400),
  );
  const { code, stdout, stderr } = await look("analyze", rows, "--json");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /rows\.jsonl:\d+: skipped \(torn\)/);
  assert.match(stderr, /rows\.jsonl:\d+: skipped \(foreign\)/);
  assert.equal(JSON.parse(stdout).rows, 4);
  assert.equal((await look("analyze", rows, "--quiet")).stderr, "");
});

test("analyze, render-demo, grade: files without rows, or not there, exit 2", async () => {
  await using dir = await folder();
  const prose = await dir.write("prose.jsonl", "once\nupon\n");
  const empty = await dir.write("empty.jsonl", "");
  for (const verb of ["analyze", "render-demo", "grade"]) {
    for (const file of [prose, empty, join(dir.path, "none.jsonl"), dir.path]) {
      const { code, stdout, stderr } = await look(verb, file);
      assert.equal(code, 2, `${verb} ${file}: ${stderr}`);
      assert.equal(stdout, "");
      assert.doesNotMatch(stderr, /\n\s+at /);
    }
  }
});

test("render-demo: one page with both arms, its folders made, its text escaped", async () => {
  await using dir = await folder();
  const { rows, tasks } = await rowsIn(dir);
  const page = join(dir.path, "deep/er/index.html");
  const title = "<script>alert(1)</script>";
  const args = ["render-demo", rows, "--tasks", tasks, "--out", page, "--title", title];
  const { code, stdout, stderr } = await look(...args);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, page + "\n");
  const html = await readFile(page, "utf8");
  assert.match(html, /Content-Security-Policy/);
  assert.ok(!html.includes(title) && !html.includes("<b>why</b>"));
  const below = await look("render-demo", rows, "--out", join(rows, "index.html"));
  assert.equal(below.code, 2);
  assert.match(below.stderr, /cannot be written/);
});

test("grade: rows and plain lines by the present rules", async () => {
  await using dir = await folder();
  const { rows } = await rowsIn(dir);
  const graded = await look("grade", rows);
  assert.equal(graded.code, 0, graded.stderr);
  const lines = graded.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines.length, 4);
  assert.match(graded.stderr, /4 graded: 2 correct, 2 wrong/);
  assert.match(graded.stderr, /No row changed/);

  const plain = await dir.write("plain.jsonl", [
    { id: "1", text: "so FINAL: 7", answer: 7 },
    { id: "2", text: "\\boxed{8", answer: 8 },
  ]);
  const out = join(dir.path, "grades.jsonl");
  const written = await look("grade", plain, "--out", out, "--json");
  assert.equal(JSON.parse(written.stdout).correct, 1);
  assert.equal((await readFile(out, "utf8")).trimEnd().split("\n").length, 2);
});

test("merge: joins shards; refuses doubles of a configuration, foreign lines and an old <out>", async () => {
  await using dir = await folder();
  const { rows } = await rowsIn(dir);
  const lines = (await readFile(rows, "utf8")).trimEnd().split("\n");
  const write = (name: string, parts: string[]) => dir.write(name, parts.join("\n") + "\n");
  const [one, two] = [
    await write("1.jsonl", lines.slice(0, 3)),
    await write("2.jsonl", lines.slice(2)),
  ];
  const out = join(dir.path, "all.jsonl");
  const merged = await look("merge", out, one, two);
  assert.equal(merged.code, 0, merged.stderr);
  assert.match(merged.stderr, /4 rows: 2 tasks, 2 arms, older doubles left out: 1/);
  assert.equal((await readFile(out, "utf8")).trimEnd().split("\n").length, 4);
  const again = await look("merge", out, one, two);
  assert.equal(again.code, 2);
  assert.match(again.stderr, /exists/);

  const other = JSON.stringify({
    ...JSON.parse(lines[0]!),
    row_id: "other",
    config_hash: "other",
    config: { seed: 3 },
  });
  const third = join(dir.path, "third.jsonl");
  const mixed = await look("merge", third, one, await write("3.jsonl", [other]));
  assert.equal(mixed.code, 2, mixed.stderr);
  assert.match(mixed.stderr, /seed.*\n.*--append/);
  const torn = await look("merge", third, one, await write("4.jsonl", [lines[0]!.slice(0, 99)]));
  assert.equal(torn.code, 2);
  assert.match(torn.stderr, /4\.jsonl:1/);
  assert.equal(await stat(third).catch(() => null), null, "nothing was written");
});
