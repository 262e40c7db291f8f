/** Benches that are killed or interrupted at any moment: nothing is lost, nothing is left running. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { seededRandom } from "../../lib/random.ts";
import { parseRow } from "../../lib/records/row.ts";
import { startTestServer, type TestServer } from "../../lib/testing/mod.ts";
import { rrm, rrmCommand } from "../cli/harness.ts";
import { assert, onDeno, test } from "../kit.ts";
import {
  answersSeven,
  childLine,
  type Folder,
  folder,
  readRowFile,
  someTasks,
} from "./bench_kit.ts";

const kills = Number(process.env.RRM_KILLS ?? 8);
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A child process: what it has said on stderr, and how it ended. */
interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  said(): string;
  /** Resolves once it has said this, or has ended. */
  until(text: RegExp): Promise<void>;
}

function start(command: readonly [string, ...string[]]): Started {
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  let wake = () => {};
  child.stderr!.setEncoding("utf8").on("data", (piece: string) => {
    said += piece;
    wake();
  });
  let over = false;
  const ended = new Promise<number | null>((resolve) =>
    child.once("close", (code) => {
      over = true;
      wake();
      resolve(code);
    })
  );
  return {
    child,
    ended,
    said: () => said,
    async until(text) {
      while (!over && !text.test(said)) await new Promise<void>((resolve) => wake = resolve);
    },
  };
}

/** By number: Deno reports the signal in place of the exit code when it sent it itself. */
const signal = ({ child }: Started, name: NodeJS.Signals) => process.kill(child.pid!, name);

/** What a server of the loopback still answers, once the news of a closed connection is through. */
async function leftRunning(server: TestServer): Promise<number> {
  for (let i = 0; i < 250 && server.stats().inFlight > 0; i++) await pause(20);
  return server.stats().inFlight;
}

/** Whole rows of a file that may end in half of one, or not be there. */
async function wholeRows(path: string): Promise<string[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  const lines = text.split("\n");
  lines.pop();
  for (const line of lines) assert.ok("row" in parseRow(JSON.parse(line)));
  return lines.map((line) => JSON.parse(line).row_id);
}

const server = () =>
  startTestServer({
    script: (call) => {
      const plans = call.messages[0]!.content.includes('"type":"child"');
      const role = plans ? "planner" : "worker";
      const text = (answersSeven as (c: typeof call) => string)({ ...call, role });
      return { text, prefillMs: 15, tokensPerSecond: 600 };
    },
  });

async function benchArgs(dir: Folder, { baseUrl }: TestServer, count: number): Promise<string[]> {
  const tasks = await dir.write("tasks.jsonl", someTasks(count));
  return ["bench", tasks, "--base-urls", baseUrl, "--task-concurrency", "3"];
}

test(`kill: ${kills} times at random moments, then to the end: each row once`, async () => {
  await using dir = await folder();
  await using model = await server();
  const count = Math.max(30, 4 * kills);
  const args = await benchArgs(dir, model, count);
  const out = join(dir.path, "killed.jsonl");
  const whole = join(dir.path, "whole.jsonl");
  const random = seededRandom("kill");
  let before: string[] = [];
  let begun = 0;
  for (let i = 0; i < kills; i++) {
    const run = start([...rrmCommand(), ...args, "--out", out] as [string, ...string[]]);
    // Now and then before it has come far, mostly while it works.
    if (random() < 0.8) await run.until(/rows go to/);
    await pause(random() * 400);
    if (/rows go to/.test(run.said())) begun++;
    signal(run, "SIGKILL");
    await run.ended;
    const now = await wholeRows(out);
    assert.deepEqual(now.slice(0, before.length), before, "no row is lost or changed");
    before = now;
    assert.equal(await leftRunning(model), 0);
  }
  assert.ok(begun > kills / 2, `${begun} of ${kills} had begun`);
  assert.ok(before.length > 0 && before.length < 2 * count, `${before.length} rows by then`);
  const last = await rrm([...args, "--out", out]);
  assert.equal(last.code, 0, last.stderr);
  const uninterrupted = await rrm([...args, "--out", whole]);
  assert.equal(uninterrupted.code, 0, uninterrupted.stderr);
  const ids = async (path: string) => (await readRowFile(path)).map((row) => row.row_id).toSorted();
  const found = await ids(out);
  assert.equal(new Set(found).size, 2 * count);
  assert.deepEqual(found, await ids(whole));
  // The live trace was torn too: all but the torn lines parse.
  const live = (await readFile(out.replace(".jsonl", ".events.jsonl"), "utf8")).split("\n");
  const torn = live.filter((line) => {
    try {
      return line !== "" && !JSON.parse(line).run_id;
    } catch {
      return true;
    }
  });
  assert.ok(torn.length <= kills, `${torn.length} torn lines`);
});

/** Serves one quick task and one that takes a minute. */
const slowServer = () =>
  startTestServer({
    script: ({ prompt, messages }) =>
      prompt.includes("question 0?")
        ? "FINAL: 7"
        : messages[0]!.content.includes('"type":"child"')
        ? { text: childLine("a") + childLine("b"), prefillMs: 20 }
        : { text: "FINAL: 7", prefillMs: 60_000 },
  });

for (const times of [1, 2]) {
  test(`interrupt: Ctrl-C ${times === 1 ? "once" : "twice"}: 130, whole rows, nothing left`, async () => {
    await using dir = await folder();
    await using model = await slowServer();
    const tasks = await dir.write("tasks.jsonl", someTasks(3));
    const out = join(dir.path, "rows.jsonl");
    const args = ["bench", tasks, "--base-urls", model.baseUrl, "--out", out];
    const graph = [...args, "--modes", "streaming_parallel"] as const;
    const run = start([...rrmCommand(), ...graph] as [string, ...string[]]);
    await run.until(/t0 streaming_parallel: /);
    // The second task's plan is through, and its children are under way.
    for (let i = 0; i < 200 && model.stats().inFlight < 2; i++) await pause(20);
    const pressed = performance.now();
    for (let i = 0; i < times; i++) signal(run, "SIGINT");
    assert.equal(await run.ended, 130, run.said());
    assert.ok(performance.now() - pressed < 5000);
    assert.deepEqual((await readRowFile(out)).map((row) => row.task_id), ["t0"]);
    assert.equal(await leftRunning(model), 0);
    assert.match(run.said(), /Interrupted/);
    assert.doesNotMatch(run.said(), /\n\s+at /);
    if (times === 1) assert.match(run.said(), /1 row \(this run: 1 ok\)\. 2 not run/);
  });
}

test("interrupt: while a server is being asked what it serves: 130, and nothing was made", async () => {
  await using dir = await folder();
  let reached = () => {};
  const asked = new Promise<void>((resolve) => reached = resolve);
  // It never answers.
  const silent = createServer(() => reached());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as AddressInfo;
  const tasks = await dir.write("tasks.jsonl", someTasks(3));
  const out = join(dir.path, "new/rows.jsonl");
  const args = ["bench", tasks, "--base-urls", `http://127.0.0.1:${port}/v1`, "--out", out];
  const run = start([...rrmCommand(), ...args] as [string, ...string[]]);
  await Promise.race([asked, run.ended]);
  signal(run, "SIGINT");
  assert.equal(await run.ended, 130, run.said());
  assert.deepEqual(await readdir(dir.path), ["tasks.jsonl"]);
  silent.closeAllConnections();
  await new Promise((resolve) => silent.close(resolve));
});

/** A bench of an engine process that never answers; it tells the engine's process id. */
async function startEngineBench(dir: Folder): Promise<{ run: Started; engine: number }> {
  const at = (path: string) => JSON.stringify(pathToFileURL(resolve(path)).href);
  const tasks = await dir.write("tasks.jsonl", [{ id: "t", task: "slow" }]);
  const runtime = onDeno ? ["run", "--no-config", "--no-lock", "-A"] : ["run"];
  const command = [process.execPath, ...runtime, resolve("tests/fixtures/fake_engine.ts")];
  const options = { tasks: [tasks], modes: ["direct"], out: join(dir.path, "rows.jsonl") };
  const script = await dir.write(
    "bench.ts",
    `import process from "node:process";
import { runBench } from ${at("lib/bench/mod.ts")};
import { interruptible } from ${at("lib/cli/interrupt.ts")};
import { engineBackend } from ${at("lib/model/engine/client.ts")};

await using backend = await engineBackend({ command: ${JSON.stringify(command)} });
const result = await interruptible((signal) => runBench(${JSON.stringify(options)}, {
  backend,
  signal,
  onProgress: (progress) => {
    if (progress.type !== "event" || progress.event.type !== "call-first-token") return;
    console.error("engine " + backend.stats().pid + ";");
  },
}));
await backend[Symbol.asyncDispose]();
process.exit(result.interrupted ? 130 : 0);
`,
  );
  const run = start([process.execPath, "run", ...(onDeno ? ["-A"] : []), script]);
  await run.until(/engine \d+;/);
  return { run, engine: Number(/engine (\d+);/.exec(run.said())?.[1]) };
}

/** Whether a process is there; given a moment to go. */
async function isLeft(pid: number): Promise<boolean> {
  for (let i = 0; i < 250; i++) {
    try {
      process.kill(pid, 0);
    } catch {
      return false;
    }
    // One that has ended may wait for its parent to take notice.
    const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    if (/\) Z /.test(state)) return false;
    await pause(20);
  }
  return true;
}

for (const how of [["SIGKILL"], ["SIGINT"], ["SIGINT", "SIGINT"], ["SIGTERM"]] as const) {
  test(`interrupt: the engine process ends with its bench (${how.join(", ")})`, async () => {
    await using dir = await folder();
    const { run, engine } = await startEngineBench(dir);
    assert.ok(engine > 0, run.said());
    for (const name of how) signal(run, name);
    const code = await run.ended;
    if (how[0] !== "SIGKILL") assert.equal(code, 130, run.said());
    assert.equal(await isLeft(engine), false);
    assert.deepEqual(await readRowFile(join(dir.path, "rows.jsonl")), []);
  });
}
