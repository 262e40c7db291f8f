/** Budgets: never overshot by the server's own count, and no row for what was not begun. */
import { join } from "node:path";
import { type BenchOptions, type BenchResult, runBench } from "../../lib/bench/mod.ts";
import type { Script } from "../../lib/model/scripted_reply.ts";
import type { Row } from "../../lib/records/row_types.ts";
import { startTestServer, type TestServer, type TestServerStats } from "../../lib/testing/mod.ts";
import { assert, test } from "../kit.ts";
import { childLine, type Folder, folder, readRowFile, someTasks } from "./bench_kit.ts";

/** A plan of four children to whoever is shown the event schema; a short answer to all else. */
const script: Script = ({ messages }) => {
  const plans = messages[0]!.content.includes('"type":"child"') &&
    messages.every((message) => message.role !== "assistant");
  return plans
    ? {
      text: ["a", "b", "c", "d"].map((id) => childLine(id)).join(""),
      tokensPerSecond: 2000,
    }
    : { text: "It is seven.\nFINAL: 7", prefillMs: 5 };
};

interface Outcome extends BenchResult {
  readonly all: Row[];
  readonly messages: string[];
  /** What the server counted meanwhile. */
  readonly counted: TestServerStats;
}

async function run(
  dir: Folder,
  server: TestServer,
  count: number,
  options: Omit<BenchOptions, "tasks">,
): Promise<Outcome> {
  const tasks = [await dir.write("tasks.jsonl", someTasks(count))];
  const before = server.stats();
  const messages: string[] = [];
  const result = await runBench({
    baseUrls: [server.baseUrl],
    modes: ["direct"],
    out: join(dir.path, "rows.jsonl"),
    ...options,
    tasks,
  }, {
    onProgress: (progress) => progress.type === "message" && messages.push(progress.text),
  });
  const after = server.stats();
  return {
    ...result,
    all: await readRowFile(result.out),
    messages,
    counted: {
      ...after,
      requests: after.requests - before.requests,
      promptTokens: after.promptTokens - before.promptTokens,
      completionTokens: after.completionTokens - before.completionTokens,
    },
  };
}

const statuses = (rows: readonly Row[]) => rows.map((row) => row.status);

test("--max-calls: exact; tasks that were not begun have no row; a resume goes on", async () => {
  await using dir = await folder();
  await using server = await startTestServer({ script });
  const first = await run(dir, server, 5, { maxCalls: 2 });
  assert.equal(first.counted.requests, 2);
  assert.deepEqual(statuses(first.all), ["ok", "ok"]);
  assert.deepEqual([first.missing, first.statuses.budget], [3, 0]);
  assert.match(first.messages.join("\n"), /budget ends it: spent 2 calls/);
  const second = await run(dir, server, 5, { maxCalls: 2 });
  assert.equal(second.counted.requests, 2, "the budget is one bench's, not the file's");
  const third = await run(dir, server, 5, {});
  assert.equal(third.counted.requests, 1);
  assert.equal(new Set(third.all.map((row) => row.row_id)).size, 5);
});

test("--max-calls: a graph that it cuts ends as budget, and runs again", async () => {
  await using dir = await folder();
  await using server = await startTestServer({ script });
  const modes = ["streaming_parallel"];
  // A whole graph takes six calls: plan, four children, continuation.
  const first = await run(dir, server, 3, { modes, maxCalls: 9 });
  assert.equal(first.counted.requests, 9);
  assert.deepEqual(statuses(first.all), ["ok", "budget"]);
  const [, cut] = first.all;
  assert.equal(cut!.trust_label, "incomplete");
  assert.equal(cut!.correct, null);
  assert.equal(cut!.model_calls, 3);
  assert.equal(first.missing, 1);
  const second = await run(dir, server, 3, { modes });
  assert.equal(second.counted.requests, 12);
  assert.deepEqual(statuses(second.all), ["ok", "ok", "ok"]);
});

for (const taskConcurrency of [1, 4]) {
  for (const maxCalls of [1, 7, 20]) {
    test(`--max-calls ${maxCalls} with ${taskConcurrency} tasks at a time: never more`, async () => {
      await using dir = await folder();
      await using server = await startTestServer({ script });
      const modes = ["direct", "streaming_parallel"];
      const { counted, all, missing } = await run(dir, server, 5, {
        modes,
        maxCalls,
        taskConcurrency,
      });
      assert.equal(counted.requests, maxCalls);
      assert.equal(all.reduce((sum, row) => sum + row.attempts, 0) >= maxCalls, true);
      assert.equal(all.length + missing, 10);
      assert.ok(all.every((row) => row.calls.some((call) => call.started_ms !== null)));
    });
  }
}

test("--max-total-tokens: never overshot; what was reserved and not used serves later calls", async () => {
  await using dir = await folder();
  await using server = await startTestServer({ script });
  for (const maxTotalTokens of [300, 3000, 5000]) {
    for (const mode of ["direct", "streaming_parallel"]) {
      const { counted, all } = await run(dir, server, 80, {
        modes: [mode],
        maxTotalTokens,
        maxOutputTokens: 100,
        plannerMaxOutputTokens: 200,
        recombinerMaxOutputTokens: 100,
        taskConcurrency: 3,
        overwrite: true,
      });
      const used = counted.promptTokens + counted.completionTokens;
      assert.ok(used <= maxTotalTokens, `${mode}: ${used} of ${maxTotalTokens}`);
      // What is left is less than the worst case of the next call.
      const next = mode === "direct" ? 250 : 1300;
      if (maxTotalTokens > 300) assert.ok(used > maxTotalTokens - next, `${mode}: only ${used}`);
      const told = all.reduce((sum, row) => sum + row.usage.total_tokens!, 0);
      assert.equal(told, used, "rows say what the server counted");
    }
  }
});

test("--max-usd: dollars by the price file, never overshot, and in the rows", async () => {
  await using dir = await folder();
  await using server = await startTestServer({ script });
  const price = { prompt: 1000, completion: 5000 };
  const prices = await dir.write("prices.json", JSON.stringify({ scripted: price, other: price }));
  const { counted, all, messages } = await run(dir, server, 30, {
    maxUsd: 2,
    prices,
    maxOutputTokens: 60,
    taskConcurrency: 3,
  });
  const dollars = (counted.promptTokens * price.prompt +
    counted.completionTokens * price.completion) / 1e6;
  assert.ok(dollars <= 2, `${dollars} spent`);
  assert.ok(dollars > 1.3, `only ${dollars} spent`);
  const told = all.reduce((sum, row) => sum + row.cost_usd!, 0);
  assert.ok(Math.abs(told - dollars) < 1e-9);
  assert.ok(messages.at(-1)!.includes(`$${dollars.toFixed(4)}`), messages.at(-1));
  const unpriced = await run(dir, server, 30, { overwrite: true, limit: 1 });
  assert.equal(unpriced.all[0]!.cost_usd, null, "no price, no number");
});

test("--task-max-calls and --task-max-tokens: each task has its own", async () => {
  await using dir = await folder();
  await using server = await startTestServer({ script });
  const modes = ["direct", "streaming_parallel"];
  const calls = await run(dir, server, 3, { modes, taskMaxCalls: 3, taskConcurrency: 2 });
  assert.equal(calls.counted.requests, 3 * (1 + 3));
  assert.deepEqual(statuses(calls.all).toSorted(), [
    ...Array(3).fill("budget"),
    ...Array(3).fill("ok"),
  ]);
  assert.equal(calls.missing, 0);

  const taskMaxTokens = 900;
  const tokens = await run(dir, server, 3, {
    modes: ["streaming_parallel"],
    taskMaxTokens,
    maxOutputTokens: 50,
    plannerMaxOutputTokens: 200,
    recombinerMaxOutputTokens: 50,
    overwrite: true,
  });
  assert.equal(tokens.all.length, 3);
  for (const row of tokens.all) {
    assert.ok(row.usage.total_tokens! <= taskMaxTokens, `${row.usage.total_tokens}`);
  }
  // Too little for a single call: the task ends as budget, and the bench goes on.
  const none = await run(dir, server, 3, { taskMaxTokens: 10, overwrite: true });
  assert.deepEqual(statuses(none.all), ["budget", "budget", "budget"]);
  assert.equal(none.counted.requests, 0);
});

test("--task-timeout: what runs is cancelled, the row says budget, the next task runs", async () => {
  await using dir = await folder();
  await using server = await startTestServer({
    script: ({ prompt }) =>
      prompt.includes("question 1?")
        ? { text: "FINAL: 7", prefillMs: 60_000 }
        : { text: "FINAL: 7", prefillMs: 5 },
  });
  const { all } = await run(dir, server, 3, { taskTimeout: 0.4 });
  assert.deepEqual(statuses(all), ["ok", "budget", "ok"]);
  const late = all[1]!;
  assert.ok(late.latency_ms >= 390 && late.latency_ms < 3000, `${late.latency_ms}`);
  assert.deepEqual([late.answer, late.correct], [null, null]);
  // The server has noticed that nobody listens any more.
  for (let i = 0; i < 100 && server.stats().inFlight > 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.deepEqual([server.stats().inFlight, server.stats().aborted], [0, 1]);
  const again = await run(dir, server, 3, { taskTimeout: 0.4 });
  assert.equal(again.counted.requests, 1, "it runs again");
  assert.deepEqual(statuses(again.all).toSorted(), ["budget", "ok", "ok"]);
});
