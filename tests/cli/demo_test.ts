import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { assert, test } from "../kit.ts";
import { folder, rrm } from "./harness.ts";

test("demo: table and page; a simulated model is called so at every step", async () => {
  await using dir = await folder();
  const out = join(dir.path, "rows.jsonl");
  const args = ["--backend", "simulated", "--limit", "1", "--modes", "direct,oracle_parallel"];
  const { code, stdout, stderr } = await rrm(["demo", ...args, "--out", out]);
  assert.equal(code, 0, stderr);
  for (const step of ["1/4", "2/4", "3/4", "4/4"]) assert.ok(stderr.includes(step), stderr);
  assert.match(stderr, /A SIMULATED model/);
  assert.match(stdout, /oracle_parallel against direct/);
  assert.match(stdout, /simulated/);
  const page = stdout.trimEnd().split("\n").at(-1)!;
  assert.equal(page, join(dir.path, "index.html"));
  assert.match(await readFile(page, "utf8"), /simulated/);
});

test("demo: where the embedded model cannot be had, it says why and names the other ways", async () => {
  await using dir = await folder();
  const model = join(dir.path, "none.gguf");
  const out = join(dir.path, "rows.jsonl");
  const { code, stdout, stderr } = await rrm(["demo", "--model", model, "--out", out]);
  assert.equal(code, 2, stderr);
  assert.match(stderr, /none\.gguf/);
  for (
    const way of ["--model PATH.gguf", "--base-urls", "--backend simulated", "deno task doctor"]
  ) {
    assert.ok(stderr.includes(way), way);
  }
  assert.equal(stdout, "");
  assert.doesNotMatch(stderr, /\n\s+at /);
});
