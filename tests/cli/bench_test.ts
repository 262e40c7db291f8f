import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { startTestServer } from "../../lib/testing/mod.ts";
import { assert, test } from "../kit.ts";
import { type Folder, folder, rrm } from "./harness.ts";

const tasks = [
  { id: "a", task: "What is 2 + 2?", answer: 4 },
  { id: "b", task: "What is 3 + 3?", answer: 6 },
];
const script = [{ match: "2 \\+ 2", text: "FINAL: 4" }, { text: "FINAL: 7" }];

async function scripted(dir: Folder, rules: readonly unknown[] = script): Promise<string[]> {
  const model = await dir.write("script.json", JSON.stringify(rules));
  return ["--backend", "scripted", "--model", model, "--out", join(dir.path, "rows.jsonl")];
}

async function rowsOf(dir: Folder): Promise<{ task_id: string; status: string }[]> {
  const text = await readFile(join(dir.path, "rows.jsonl"), "utf8");
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** Exit 2, a message, no stack trace, and nothing written. */
async function refused(dir: Folder, args: readonly string[], message: RegExp): Promise<void> {
  const { code, stdout, stderr } = await rrm(["bench", ...args]);
  assert.equal(code, 2, stderr);
  assert.match(stderr, message);
  assert.doesNotMatch(stderr, /\n\s+at /);
  assert.equal(stdout, "");
  assert.equal(await stat(join(dir.path, "rows.jsonl")).catch(() => null), null);
}

test("bench: rows are written, the result goes to stdout, progress to stderr", async () => {
  await using dir = await folder();
  const file = await dir.write("tasks.jsonl", tasks);
  const args = ["bench", file, ...await scripted(dir), "--modes", "direct"];
  const first = await rrm(args);
  assert.equal(first.code, 0, first.stderr);
  assert.equal(first.stdout, join(dir.path, "rows.jsonl") + "\n");
  assert.match(first.stderr, /a direct: correct/);
  assert.match(first.stderr, /b direct: wrong/);
  assert.equal((await rowsOf(dir)).length, 2);

  const again = await rrm([...args, "--json", "--quiet"]);
  assert.equal(again.code, 0, again.stderr);
  assert.equal(again.stderr, "");
  const result = JSON.parse(again.stdout);
  assert.equal(result.rows, 2);
  assert.equal(result.statuses.ok, 0, "nothing ran again");
});

test("bench: a row that ends in error exits 3, the others are kept", async () => {
  await using dir = await folder();
  const file = await dir.write("tasks.jsonl", tasks);
  const bad = { match: "3 \\+ 3", error: { code: "engine", message: "broke", retryable: false } };
  const args = await scripted(dir, [bad, ...script]);
  const { code, stderr } = await rrm(["bench", file, ...args, "--modes", "direct"]);
  assert.equal(code, 3, stderr);
  assert.deepEqual((await rowsOf(dir)).map((row) => row.status).sort(), ["error", "ok"]);
});

test("bench: a later --modes wins over an earlier one", async () => {
  await using dir = await folder();
  const file = await dir.write("tasks.jsonl", tasks);
  const args = [...await scripted(dir), "--modes", "nonsense", "--modes", "direct"];
  assert.equal((await rrm(["bench", file, ...args])).code, 0);
});

test("bench: bad task files are told line by line", async () => {
  await using dir = await folder();
  const args = [...await scripted(dir), "--modes", "direct"];
  const bad = async (name: string, content: string | readonly unknown[], message: RegExp) =>
    refused(dir, [await dir.write(name, content), ...args], message);
  await refused(dir, [join(dir.path, "none.jsonl"), ...args], /none\.jsonl/);
  await refused(dir, [dir.path, ...args], /folder/);
  await bad("empty.jsonl", "", /empty\.jsonl/);
  await bad("prose.jsonl", "once upon a time\n", /prose\.jsonl:1: /);
  await bad("list.jsonl", JSON.stringify(tasks, null, 1), /not JSONL/);
  await bad("twice.jsonl", [tasks[0], tasks[0]], /twice\.jsonl:2: id: /);
  await bad(
    "types.jsonl",
    [{ id: 7, task: "x" }, { id: "b", task: 3 }],
    /types\.jsonl:1: id: [^]*types\.jsonl:2: task: /,
  );
  await bad("text.jsonl", [{ id: "a", task: "" }], /text\.jsonl:1: task: /);
});

test("bench: unknown modes and styles come with a suggestion", async () => {
  await using dir = await folder();
  const file = await dir.write("tasks.jsonl", tasks);
  const args = [file, ...await scripted(dir)];
  await refused(dir, [...args, "--modes", "streaming_paralel"], /streaming_parallel\?/);
  await refused(dir, [...args, "--prompt-style", "semantik"], /Did you mean semantic\?/);
  await refused(dir, [...args, "--modes", "oracle_parallel"], /oracle_graph/);
  await refused(dir, [...args, "--backend", "hf-kv"], /not in this version/);
});

test("bench: servers that are not there, not servers, or serve something else", async () => {
  await using dir = await folder();
  const file = await dir.write("tasks.jsonl", tasks);
  await using server = await startTestServer({ model: "tiny-model" });
  await using locked = await startTestServer({ model: "tiny-model", apiKey: "secret" });
  const out = ["--out", join(dir.path, "rows.jsonl"), "--modes", "direct"];
  const ask = (url: string, ...more: string[]) => [file, "--base-urls", url, ...out, ...more];
  const gone = server.baseUrl.replace(/:\d+/, ":9");
  await refused(dir, ask(gone), /cannot be reached/);
  await refused(dir, ask("nonsense"), /nonsense/);
  await refused(
    dir,
    ask(server.baseUrl, "--model", "tiny-modle"),
    /tiny-modle.*\n.*Did you mean "tiny-model"/,
  );
  await refused(dir, ask(locked.baseUrl, "--api-key-env", "RRM_NO_SUCH_KEY"), /RRM_NO_SUCH_KEY/);
  await refused(dir, [file, "--backend", "vllm", ...out], /--base-urls/);

  const { code, stderr } = await rrm(["bench", ...ask(`${gone},${server.baseUrl}`)]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /cannot be reached/, "a replica that is missing is told");
});

test("bench: an --out that cannot be written, or holds something else", async () => {
  await using dir = await folder();
  const file = await dir.write("tasks.jsonl", tasks);
  const args = ["bench", file, ...await scripted(dir), "--modes", "direct"];
  const below = await rrm([...args, "--out", join(file, "rows.jsonl")]);
  assert.equal(below.code, 2, below.stderr);
  assert.match(below.stderr, /rows\.jsonl/);
  assert.doesNotMatch(below.stderr, /\n\s+at /);

  assert.equal((await rrm(args)).code, 0);
  const other = await rrm([...args, "--max-output-tokens", "9"]);
  assert.equal(other.code, 2, other.stderr);
  assert.match(other.stderr, /max_tokens/);
  assert.match(other.stderr, /--append/);
  assert.equal((await rowsOf(dir)).length, 2, "nothing was lost");
});
