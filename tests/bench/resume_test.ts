/** A bench that goes on: what is kept, what runs again, what is refused, what comes out where. */
import { appendFile, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runToEnd } from "../../lib/runtime/process.ts";
import type { Script } from "../../lib/model/scripted_reply.ts";
import { rrmCommand } from "../cli/harness.ts";
import { assert, test } from "../kit.ts";
import { answersSeven, bench, folder, readRowFile, someTasks } from "./bench_kit.ts";

/** Counts calls. */
function counted(script: Script = answersSeven): { script: Script; calls: () => number } {
  let calls = 0;
  const ask = script as Exclude<Script, readonly unknown[]>;
  return { script: (call) => (calls++, ask(call)), calls: () => calls };
}

const failing = (...ids: number[]): Script => ({ prompt }) =>
  ids.some((id) => prompt.includes(`question ${id}?`))
    ? { error: { code: "engine", message: "broke", retryable: false } }
    : "FINAL: 7";

test("resume: rows are kept as they are, and only what is missing runs", async () => {
  await using dir = await folder();
  const first = await bench(dir, { tasks: someTasks(2) });
  const before = await readFile(first.out, "utf8");
  const { script, calls } = counted();
  const second = await bench(dir, { tasks: someTasks(5), script });
  assert.equal(calls(), 3);
  assert.equal(second.rows, 5);
  assert.equal(second.statuses.ok, 3);
  assert.ok((await readFile(first.out, "utf8")).startsWith(before), "not a byte was changed");
  assert.deepEqual(second.all.map((row) => row.task_id), ["t0", "t1", "t2", "t3", "t4"]);
  assert.equal(
    new Set(second.all.map((row) => row.run_id)).size,
    2,
    "a resume is a run of its own",
  );
  const third = await bench(dir, { tasks: someTasks(5), script });
  assert.equal(calls(), 3);
  assert.deepEqual([third.rows, third.missing], [5, 0]);
});

test("resume: rows that ended without success run again, those of other runs stay", async () => {
  await using dir = await folder();
  const first = await bench(dir, { script: failing(1, 2) });
  assert.deepEqual(first.all.map((row) => row.status), ["ok", "error", "error"]);
  // Written by hand: whatever ended a row early, it runs again.
  const rows = first.all.map((row, i) =>
    i === 1 ? { ...row, status: "cancelled" } : i === 2 ? { ...row, status: "budget" } : row
  );
  await dir.write("rows.jsonl", rows);
  const some = await bench(dir, { ids: ["t0", "t1"] });
  assert.deepEqual(
    some.all.map((row) => [row.task_id, row.status]),
    [["t0", "ok"], ["t2", "budget"], ["t1", "ok"]],
    "t2 was not asked for, and its row is not lost",
  );
  assert.match(some.messages.join("\n"), /run again: 1/);
  const all = await bench(dir, {});
  assert.deepEqual(all.all.map((row) => [row.task_id, row.status]).toSorted(), [
    ["t0", "ok"],
    ["t1", "ok"],
    ["t2", "ok"],
  ]);
});

test("resume: a torn last line is cut off with a warning, wherever it was torn", async () => {
  await using dir = await folder();
  const { out, all } = await bench(dir, { tasks: someTasks(2) });
  const whole = await readFile(out, "utf8");
  const last = whole.slice(whole.indexOf("\n") + 1);
  for (const cut of [1, 2, 20, last.length >> 1, last.length - 2]) {
    await writeFile(out, whole.slice(0, whole.length - last.length + cut));
    const again = await bench(dir, { tasks: someTasks(2) });
    assert.deepEqual(again.all.map((row) => row.row_id), all.map((row) => row.row_id));
    assert.equal(again.statuses.ok, 1, `cut at ${cut}`);
    assert.match(again.messages.join("\n"), /rows\.jsonl:2: torn line cut off/);
  }
  await writeFile(out, whole.slice(0, -1));
  const ended = await bench(dir, { tasks: someTasks(3) });
  assert.equal(ended.statuses.ok, 1, "a row that only lacks its line end is whole");
  assert.equal(ended.all.length, 3);
});

test("resume: another arm is refused by name of what differs; --append and --overwrite", async () => {
  await using dir = await folder();
  const { out } = await bench(dir, { modes: ["direct", "streaming_parallel"] });
  const before = await readFile(out, "utf8");
  const { script, calls } = counted();
  const deeper = { maxDepth: 2, plannerMaxOutputTokens: 99, script };
  const other = { ...deeper, modes: ["direct", "streaming_parallel"], temperature: 0.5 };
  await assert.rejects(bench(dir, other), (error: Error & { code: string; hint: string }) => {
    assert.equal(error.code, "resume-arm");
    assert.match(error.message, /direct.*temperature: null → 0\.5/);
    assert.match(error.hint, /--append.*--overwrite/);
    return true;
  });
  await assert.rejects(
    bench(dir, { ...deeper, modes: ["streaming_parallel"] }),
    /streaming_parallel.*max_depth: 1 → 2; max_tokens\.planner: 1536 → 99$/,
  );
  assert.equal(calls(), 0);
  assert.equal(await readFile(out, "utf8"), before, "nothing was lost");

  // Settings that direct does not use leave its rows what they are.
  const direct = await bench(dir, { ...deeper, modes: ["direct"] });
  assert.deepEqual([direct.statuses.ok, calls()], [0, 0]);
  // A mode of which the file holds nothing needs no --append.
  assert.equal((await bench(dir, { ...deeper, modes: ["planned_parallel"] })).statuses.ok, 3);

  const appended = await bench(dir, { ...other, append: true });
  assert.equal(appended.statuses.ok, 6);
  assert.equal(appended.all.length, 15);
  assert.ok((await readFile(out, "utf8")).startsWith(before));
  assert.equal(new Set(appended.all.map((row) => row.row_id)).size, 15);
  const resumed = await bench(dir, { ...other, append: true });
  assert.deepEqual([resumed.statuses.ok, resumed.all.length], [0, 15]);

  const anew = await bench(dir, { ...other, overwrite: true });
  assert.equal(anew.all.length, 6);
  const events = await readFile(out.replace(".jsonl", ".events.jsonl"), "utf8");
  const runs = new Set(events.trimEnd().split("\n").map((line) => JSON.parse(line).run_id));
  assert.deepEqual([...runs], [anew.runId], "the live trace begins anew too");
});

test("resume: a row keeps its id over runs; task, mode, repeat and settings are in it", async () => {
  await using one = await folder();
  await using two = await folder();
  const options = { modes: ["direct", "streaming_parallel"], repeats: 2, seed: 5 };
  const a = await bench(one, options);
  const b = await bench(two, { ...options, taskConcurrency: 4, taskTimeout: 60, maxCalls: 500 });
  const ids = (rows: typeof a.all) => rows.map((row) => row.row_id).toSorted();
  assert.equal(new Set(ids(a.all)).size, 12);
  assert.deepEqual(ids(a.all), ids(b.all));
  const changed = someTasks(3).map((task) => ({ ...task, answer: 8 }));
  const c = await bench(two, { ...options, tasks: changed });
  assert.equal(c.statuses.ok, 12, "a task whose answer was corrected is another task");
  assert.equal(c.all.length, 24);
});

test("order: the arms of a task run next to each other, repeats before the next task", async () => {
  await using dir = await folder();
  const { all } = await bench(dir, {
    tasks: someTasks(2),
    modes: ["direct", "streaming_parallel", "sequential"],
    repeats: 2,
  });
  const modes = ["direct", "streaming_parallel", "sequential"];
  assert.deepEqual(
    all.map((row) => `${row.task_id} ${row.repeat} ${row.mode}`),
    ["t0 0", "t0 1", "t1 0", "t1 1"].flatMap((run) => modes.map((mode) => `${run} ${mode}`)),
  );
});

test("repeats: each has its seed, in the row and in every request", async () => {
  await using dir = await folder();
  const seeds: (number | null)[] = [];
  const script: Script = ({ request }) => (seeds.push(request.seed), "FINAL: 7");
  const { all } = await bench(dir, { tasks: someTasks(1), repeats: 3, seed: 40, script });
  assert.deepEqual(seeds, [40, 41, 42]);
  assert.deepEqual(all.map((row) => row.seed), [40, 41, 42]);
  assert.equal(new Set(all.map((row) => row.config_hash)).size, 1, "one arm");
  seeds.length = 0;
  const more = await bench(dir, { tasks: someTasks(1), repeats: 4, seed: 40, script });
  assert.deepEqual(seeds, [43], "more repeats run only what is missing");
  assert.equal(more.rows, 4);
  await using other = await folder();
  const unseeded = await bench(other, { tasks: someTasks(1), repeats: 2 });
  assert.deepEqual(unseeded.all.map((row) => row.seed), [null, null]);
});

test("shards: together they are the whole, and nothing twice", async () => {
  await using dir = await folder();
  const whole = await bench(dir, { tasks: someTasks(7), out: join(dir.path, "whole.jsonl") });
  const parts = [];
  for (const index of [1, 2, 3]) {
    const out = join(dir.path, `part${index}.jsonl`);
    const part = await bench(dir, { tasks: someTasks(7), shard: { index, count: 3 }, out });
    parts.push(...part.all.map((row) => row.row_id));
  }
  assert.deepEqual(parts.toSorted(), whole.all.map((row) => row.row_id).toSorted());
});

test("out: by default a file of its own in traces/, and never one that exists", async () => {
  await using dir = await folder();
  const tasks = await dir.write("tasks.jsonl", someTasks(2));
  const model = await dir.write("script.json", '[{"text":"FINAL: 7"}]');
  const args = ["bench", tasks, "--backend", "scripted", "--model", model, "--modes", "direct"];
  const outs = new Set<string>();
  for (let i = 0; i < 2; i++) {
    const { stdout, stderr } = await runToEnd({
      command: [...rrmCommand(), ...args],
      cwd: dir.path,
      signal: AbortSignal.timeout(60_000),
    });
    const out = stdout.trimEnd();
    assert.match(out, /^traces\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}\.jsonl$/, stderr);
    assert.equal((await readRowFile(join(dir.path, out))).length, 2);
    outs.add(out);
  }
  assert.equal(outs.size, 2);
});

test("live trace: every line parses, belongs somewhere, and is on the bench's clock", async () => {
  await using dir = await folder();
  const seen: number[] = [];
  const modes = ["direct", "streaming_parallel"];
  const result = await bench(dir, {
    modes,
    script: (call) => ({ text: (answersSeven as (c: typeof call) => string)(call), prefillMs: 15 }),
    run: {
      onProgress: (progress) => {
        if (progress.type === "event") seen.push(progress.event.at_ms);
      },
    },
  });
  const read = async () => {
    const text = await readFile(result.out.replace(".jsonl", ".events.jsonl"), "utf8");
    assert.ok(text.endsWith("\n"));
    return text.trimEnd().split("\n").map((line) => JSON.parse(line));
  };
  const events = await read();
  assert.deepEqual(events.map((event) => event.at_ms), seen);
  const rows = new Map(result.all.map((row) => [row.row_id, row]));
  for (const event of events) {
    const row = rows.get(event.row_id)!;
    assert.deepEqual([event.run_id, event.task_id, event.mode], [
      result.runId,
      row.task_id,
      row.mode,
    ]);
    assert.ok(event.at_ms >= row.bench_offset_ms);
    assert.ok(event.at_ms <= row.bench_offset_ms + row.latency_ms + 1e-6);
  }
  const ends = events.filter(({ type, node }) => type === "node-end" && node === "root");
  assert.equal(ends.length, 6);
  assert.ok(ends.every((end, i) => i === 0 || end.at_ms > ends[i - 1].at_ms));

  // A run that was killed left half a line: the next run's first line does not join it.
  await appendFile(result.out.replace(".jsonl", ".events.jsonl"), '{"run_id":"half');
  await bench(dir, { modes, tasks: someTasks(4) });
  const text = await readFile(result.out.replace(".jsonl", ".events.jsonl"), "utf8");
  const bad = text.trimEnd().split("\n").filter((line) => {
    try {
      return JSON.parse(line).run_id === undefined;
    } catch {
      return true;
    }
  });
  assert.deepEqual(bad, ['{"run_id":"half']);
});

test("live trace: one that cannot be written is told once, and the bench goes on", async () => {
  await using dir = await folder();
  await mkdir(join(dir.path, "rows.events.jsonl"));
  const { all, messages } = await bench(dir, {});
  assert.equal(all.length, 3);
  assert.equal(messages.filter((text) => /live trace .* cannot be written/.test(text)).length, 1);
});

test("trace text: as much of it as asked for, in rows and in the live trace", async () => {
  await using dir = await folder();
  const long = { id: "t", task: `secret ${"x".repeat(500)} end-of-task`, answer: 7 };
  const texts = async (traceText: "full" | "preview" | "none") => {
    const { out } = await bench(dir, { tasks: [long], traceText, overwrite: true });
    return await Promise.all(
      [out, out.replace(".jsonl", ".events.jsonl")].map((path) => readFile(path, "utf8")),
    );
  };
  for (const text of await texts("full")) assert.match(text, /end-of-task/);
  for (const text of await texts("preview")) {
    assert.match(text, /secret/);
    assert.doesNotMatch(text, /end-of-task/);
  }
  for (const text of await texts("none")) assert.doesNotMatch(text, /secret/);
});

test("a context is read by the model, and stands in rows by its name only", async () => {
  await using dir = await folder();
  await writeFile(join(dir.path, "notes.txt"), "the key is under the mat\n".repeat(50));
  let asked = "";
  const { all, out } = await bench(dir, {
    tasks: [{ id: "t", task: "Where is the key?", context: { path: "notes.txt" } }],
    script: ({ prompt }) => (asked = prompt, "FINAL: mat"),
  });
  assert.match(asked, /the key is under the mat/);
  assert.doesNotMatch(await readFile(out, "utf8"), /under the mat/);
  const [row] = all;
  assert.equal(row!.context!.length, 50 * 25);
  assert.match(row!.context!.path!, /notes\.txt$/);
  assert.ok(Object.values(row!.texts).some((text) => text.includes(row!.context!.hash)));
  assert.match(row!.prompt_preview!, /Where is the key/);
});

test("nothing is left behind by a bench that is refused", async () => {
  await using dir = await folder();
  const out = join(dir.path, "made/rows.jsonl");
  await assert.rejects(bench(dir, { out, modes: ["oracle_parallel"] }), /oracle_graph/);
  await assert.rejects(bench(dir, { out, maxUsd: 1 }), /prices/);
  assert.equal(await stat(join(dir.path, "made")).catch(() => null), null);
  await dir.write("other.jsonl", [{ id: "x", task: "not a row" }]);
  const other = join(dir.path, "other.jsonl");
  const before = await readFile(other, "utf8");
  for (const overwrite of [false, true]) {
    await assert.rejects(bench(dir, { out: other, overwrite }), { code: "out-file" });
  }
  // The slip of the hand: the task file as --out.
  await assert.rejects(bench(dir, { out: join(dir.path, "tasks.jsonl"), overwrite: true }), {
    code: "out-file",
  });
  assert.equal(await readFile(other, "utf8"), before);
  assert.equal((await readRowFile(join(dir.path, "tasks.jsonl"))).length, 3);
});
