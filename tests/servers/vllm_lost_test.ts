/** Servers that go away in the middle of a reply. Runs last: it ends the server of these tests. */
import { join } from "node:path";
import process from "node:process";
import { findVllm, signal, startVllm } from "../../scripts/servers/vllm.ts";
import { runBench } from "../../lib/bench/mod.ts";
import { poolOf } from "../../lib/model/pool.ts";
import { transcriptBackend } from "../../lib/model/transcript.ts";
import type { Backend } from "../../lib/model/types.ts";
import type { Row } from "../../lib/records/row_types.ts";
import { assert, test } from "../kit.ts";
import { folder, readRowFile } from "../bench/bench_kit.ts";
import { baseUrl, connect, pid, skip as noServer } from "./vllm_kit.ts";

const skip = noServer || (pid === null && "it ends its server, and this one is not the tests' own");

/** Replicas that talk for some seconds, whatever they are asked. */
async function talkative(baseUrls: readonly string[]): Promise<Backend> {
  const constraint = { kind: "grammar", grammar: "root ::= [a-z ]{1000,1000}\n" } as const;
  const replicas = await Promise.all(baseUrls.map((baseUrl) => connect({ baseUrl })));
  return transcriptBackend(poolOf(replicas.map((chat) => ({
    ...chat,
    complete: (messages, request) => chat.complete(messages, { ...request, constraint }),
  }))));
}

/** The direct row that was lost; `lose` is called when the first reply of `victim` has begun. */
async function benchLosing(
  victim: string,
  baseUrls: readonly string[],
  lose: () => void,
): Promise<Row> {
  await using dir = await folder();
  await using backend = await talkative(baseUrls);
  const replicas = new Map<string, string>();
  let lost = false;
  const { out } = await runBench({
    tasks: ["benchmarks/contest_mini.jsonl"],
    limit: 3,
    taskConcurrency: 3,
    modes: ["direct"],
    vllmThinking: "off",
    stallTimeout: 10,
    out: join(dir.path, "rows.jsonl"),
  }, {
    backend,
    onProgress(progress) {
      if (progress.type !== "event" || lost) return;
      const { task, event } = progress;
      if (event.type === "call-start") replicas.set(task + event.call, event.replica);
      if (event.type !== "call-first-token") return;
      if (replicas.get(task + event.call) !== victim) return;
      lost = true;
      lose();
    },
  });
  assert.ok(lost);
  const rows = await readRowFile(out);
  assert.equal(rows.length, 3);
  const hit = rows.find((row) =>
    row.calls.some((call) => call.replica === victim && call.answered && call.error)
  );
  assert.ok(hit, JSON.stringify(rows.map(({ calls }) => calls)));
  return hit;
}

test("vllm: what a terminated server was saying is asked again of another", async () => {
  const parts = await findVllm();
  assert.ok(typeof parts !== "string", `${parts}`);
  await using victim = await startVllm(parts);
  console.log(`  a second server: ${(victim.startMs / 1000).toFixed(1)} s`);
  const row = await benchLosing(
    victim.baseUrl,
    [victim.baseUrl, baseUrl],
    // To its first process alone, as a supervisor does. It may end its replies in good order, with
    // an error, or not at all.
    () => process.kill(victim.pid, "SIGTERM"),
  );
  const [first, second] = row.calls;
  console.log(`  it said last: ${first!.error}`);
  assert.match(`${first!.error}`, /^(abort|cut|stream-error|timeout): /);
  assert.equal(first!.used, false);
  assert.equal(second!.attempt, 2);
  assert.equal(second!.replica, baseUrl);
  assert.equal(row.status, "ok", row.errors.join());
  assert.equal(row.attempts, 2);
  assert.ok(row.wasted_tokens > 0);
  assert.ok(row.blame.retry > 0);
}, { skip });

test("vllm: with the only server killed, the row says what failed and how often", async () => {
  const row = await benchLosing(baseUrl, [baseUrl], () => signal(pid!, "SIGKILL"));
  console.log(`  ${row.errors.join("; ")}`);
  assert.equal(row.status, "error");
  assert.equal(row.trust_label, "error");
  assert.equal(row.answer, null);
  assert.equal(row.attempts, 6);
  const [first, ...others] = row.calls;
  assert.match(`${first!.error}`, /^cut: /);
  for (const call of others) {
    assert.match(`${call.error}`, /^connection: .*cannot be reached: .*refused/);
  }
  assert.match(row.errors.join(), /^root: .*cannot be reached: .*refused/);
}, { skip });
