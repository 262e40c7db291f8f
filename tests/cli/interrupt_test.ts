import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { assert, test } from "../kit.ts";
import { type Folder, folder, rrmCommand } from "./harness.ts";

/** A bench whose second task takes a minute. */
async function startSlowBench(dir: Folder): Promise<ChildProcess> {
  const tasks = await dir.write("tasks.jsonl", [{ id: "quick", task: "1" }, {
    id: "s",
    task: "2",
  }]);
  const rules = [{ match: "1", text: "FINAL: 1" }, { text: "FINAL: 2", prefillMs: 60_000 }];
  const model = await dir.write("script.json", JSON.stringify(rules));
  const out = join(dir.path, "rows.jsonl");
  const args = ["bench", tasks, "--backend", "scripted", "--model", model, "--out", out];
  const [program, ...start] = rrmCommand();
  return spawn(program, [...start, ...args, "--modes", "direct"], { stdio: "pipe" });
}

function until(child: ChildProcess, text: RegExp): Promise<void> {
  let seen = "";
  return new Promise((resolve, reject) => {
    child.stderr!.setEncoding("utf8").on("data", (piece: string) => {
      seen += piece;
      if (text.test(seen)) resolve();
    });
    child.once("exit", () => reject(new Error(`it ended before it said ${text}: ${seen}`)));
  });
}

/** Ctrl-C. (`child.kill` would have Deno report the signal in place of the exit code.) */
const press = (child: ChildProcess) => process.kill(child.pid!, "SIGINT");

const exitOf = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));

test("interrupt: Ctrl-C once ends cleanly with 130; what was finished is on disk", async () => {
  await using dir = await folder();
  const child = await startSlowBench(dir);
  const exit = exitOf(child);
  await until(child, /quick direct/);
  press(child);
  assert.equal(await exit, 130);
  const rows = (await readFile(join(dir.path, "rows.jsonl"), "utf8")).trimEnd().split("\n");
  assert.deepEqual(rows.map((row) => JSON.parse(row).task_id), ["quick"]);
});

test("interrupt: Ctrl-C twice ends at once with 130", async () => {
  await using dir = await folder();
  const child = await startSlowBench(dir);
  const exit = exitOf(child);
  await until(child, /quick direct/);
  press(child);
  press(child);
  assert.equal(await exit, 130);
  const text = await readFile(join(dir.path, "rows.jsonl"), "utf8");
  assert.equal(text.trimEnd().split("\n").length, 1);
});
