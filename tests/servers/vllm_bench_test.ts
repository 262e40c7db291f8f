/** Benches over a real vLLM. The model of these tests solves nothing: rows are what is checked. */
import { join } from "node:path";
import { type BenchOptions, runBench } from "../../lib/bench/mod.ts";
import { probeServer } from "../../lib/model/chat/mod.ts";
import { transcriptBackend } from "../../lib/model/transcript.ts";
import type { Backend } from "../../lib/model/types.ts";
import { eventGrammar } from "../../lib/protocol/mod.ts";
import type { Row } from "../../lib/records/row_types.ts";
import { assert, test } from "../kit.ts";
import { folder, readRowFile } from "../bench/bench_kit.ts";
import { baseUrl, connect, metric, skip, until, withoutWindow } from "./vllm_kit.ts";

const tasks = ["benchmarks/contest_mini.jsonl"];

/** Two modes on three tasks, with replies short enough for a slow machine. */
async function bench(options: Partial<BenchOptions> = {}, backend?: Backend): Promise<Row[]> {
  await using dir = await folder();
  const { out } = await runBench({
    tasks,
    limit: 3,
    baseUrls: [baseUrl],
    modes: ["direct", "streaming_parallel"],
    maxOutputTokens: 300,
    plannerMaxOutputTokens: 300,
    recombinerMaxOutputTokens: 200,
    temperature: 0.7,
    seed: 1,
    ...options,
    out: join(dir.path, "rows.jsonl"),
  }, backend && { backend });
  return await readRowFile(out);
}

function checkRow(row: Row): void {
  const said = JSON.stringify({ ...row, texts: undefined });
  assert.equal(row.timing, "api", said);
  assert.equal(row.usage_source, "api", said);
  assert.equal(row.backend, "vllm");
  assert.deepEqual(row.base_urls, [baseUrl]);
  assert.equal(row.status, "ok", said);
  assert.equal(row.attempts, row.model_calls, said);
  assert.ok(row.model_calls >= 1);
  assert.ok(row.time_to_first_token_ms! > 0 && row.time_to_first_token_ms! <= row.latency_ms);
  assert.ok(row.latency_ms >= row.critical_path_ms - 1e-6, said);
  const { prompt_tokens, completion_tokens, total_tokens } = row.usage;
  assert.equal(total_tokens, prompt_tokens! + completion_tokens!);
  for (const reason of Object.keys(row.finish_reasons)) assert.match(reason, /^(stop|length)$/);
}

test("vllm: rows of direct and streaming_parallel, and the server counted the same", async () => {
  const counted = () =>
    Promise.all([metric("vllm:prompt_tokens_total"), metric("vllm:generation_tokens_total")]);
  const [prompt, completion] = await counted();
  const rows = await bench();
  assert.equal(rows.length, 6);
  for (const row of rows) checkRow(row);
  for (const row of rows.filter(({ mode }) => mode === "direct")) {
    assert.equal(row.model_calls, 1);
    assert.equal(row.graph_status, "none");
    assert.equal(row.trust_label, "direct");
  }
  for (const row of rows.filter(({ mode }) => mode === "streaming_parallel")) {
    assert.match(row.graph_status, /^(emitted|atomic|fallback)$/);
    assert.ok(!["direct", "headline", "simulated_timing", "error"].includes(row.trust_label));
  }
  const sum = (pick: "prompt_tokens" | "completion_tokens") =>
    rows.reduce((total, { usage }) => total + usage[pick]!, 0);
  await until(async () => (await counted())[1] >= completion + sum("completion_tokens"), 5000);
  assert.deepEqual(await counted(), [
    prompt + sum("prompt_tokens"),
    completion + sum("completion_tokens"),
  ]);
}, { skip });

/**
 * The server, with whatever grammar a call asks for made one of short plans, whose children wait
 * for nobody (this model would make up names to wait for).
 */
async function planning(): Promise<Backend> {
  const chat = await connect();
  const grammar = eventGrammar({ kinds: ["plan"], maxChildren: 4, textChars: 60 })
    .replace(/^ids ::= .*$/m, 'ids ::= "[]"');
  const constraint = { kind: "grammar", grammar } as const;
  return transcriptBackend({
    ...chat,
    complete: (messages, request) =>
      chat.complete(messages, request.constraint ? { ...request, constraint } : request),
  });
}

test("vllm: children run while their parent still plans", async () => {
  await using backend = await planning();
  const rows = await bench({
    modes: ["streaming_parallel"],
    constrain: "grammar",
    vllmThinking: "off",
    temperature: 1,
    plannerMaxOutputTokens: 1000,
  }, backend);
  for (const row of rows) {
    checkRow(row);
    assert.equal(row.graph_status, "emitted");
    assert.ok(row.child_count >= 2 && row.node_count === row.child_count + 1);
    assert.equal(row.events.repaired, 0);
    assert.ok(row.model_calls >= row.child_count + 1);
    assert.match(row.trust_label, /^(wrong_answer|truncated|degraded)$/);
  }
  console.log(`  overlap: ${rows.map((row) => `${Math.round(row.overlap_ms)} ms`).join(", ")}`);
  assert.ok(rows.some((row) => row.overlap_ms > 0 && row.first_child_lead_ms! > 0));
}, { skip });

test("vllm: a limit beyond a window not known is corrected once, and the row says so", async () => {
  const window = (await probeServer(baseUrl)).models[0]!.max_model_len!;
  await using dir = await folder();
  const task = "1 ".repeat(Math.floor(window * 0.45));
  const file = await dir.write("tasks.jsonl", [{ id: "long", task, answer: 1 }]);
  await using backend = transcriptBackend(await connect({ fetch: withoutWindow }));
  const [row] = await bench({
    tasks: [file],
    modes: ["direct"],
    maxOutputTokens: 10 * window,
  }, backend);
  const [refused, corrected] = row!.calls;
  assert.equal(row!.status, "ok", row!.errors.join());
  assert.match(`${refused!.error}`, /^context: .*400/);
  assert.equal(refused!.answered, false);
  assert.deepEqual([row!.attempts, row!.model_calls], [2, 1]);
  assert.ok(corrected!.max_tokens < window / 4, `${corrected!.max_tokens}`);
}, { skip });

test("vllm: an interrupted bench leaves nothing running on the server", async () => {
  await using dir = await folder();
  const stop = new AbortController();
  const { interrupted, rows } = await runBench({
    tasks,
    baseUrls: [baseUrl],
    modes: ["streaming_parallel"],
    taskConcurrency: 4,
    constrain: "grammar",
    out: join(dir.path, "rows.jsonl"),
  }, {
    signal: stop.signal,
    onProgress(progress) {
      if (progress.type === "event" && progress.event.type === "call-first-token") stop.abort();
    },
  });
  assert.equal(interrupted, true);
  assert.equal(rows, 0);
  await until(async () => await metric("vllm:num_requests_running") === 0, 1000);
}, { skip });
