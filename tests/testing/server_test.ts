import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { deltaShapes, startTestServer, type TestServerOptions } from "../../lib/testing/mod.ts";
import { assert, test } from "../kit.ts";

async function post(baseUrl: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  return await fetch(`${baseUrl}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(signal && { signal }),
  });
}

const question = { model: "scripted", messages: [{ role: "user", content: "hi" }] };
const streamed = { ...question, stream: true, stream_options: { include_usage: true } };

/** The events of a stream, parsed, with the time each arrived. */
async function events(options: TestServerOptions, body: unknown = streamed) {
  await using server = await startTestServer(options);
  const started = performance.now();
  const response = await post(server.baseUrl, body);
  assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
  const seen: { readonly ms: number; readonly data: string }[] = [];
  let text = "";
  for await (const bytes of response.body!) {
    text += new TextDecoder().decode(bytes, { stream: true });
    const parts = text.split("\n\n");
    text = parts.pop()!;
    const ms = performance.now() - started;
    for (const part of parts) seen.push({ ms, data: part.replace(/^data: /, "") });
  }
  assert.equal(seen.at(-1)?.data, "[DONE]");
  return seen.slice(0, -1).map(({ ms, data }) => ({ ms, chunk: JSON.parse(data) }));
}

test("test server: lists its model and owns up", async () => {
  await using server = await startTestServer({ model: "m", maxModelLen: 99 });
  const list = await (await fetch(`${server.baseUrl}/models`)).json();
  const { id, max_model_len, owned_by, simulated } = list.data[0];
  assert.deepEqual({ id, max_model_len, owned_by, simulated }, {
    id: "m",
    max_model_len: 99,
    owned_by: "vllm",
    simulated: true,
  });
  const health = await fetch(`http://127.0.0.1:${server.port}/health`);
  assert.deepEqual([health.status, await health.text()], [200, ""]);
  const lost = await fetch(`${server.baseUrl}/nothing`);
  assert.deepEqual([lost.status, await lost.json()], [404, { detail: "Not Found" }]);
  await using real = await startTestServer({ claimReal: true });
  const claimed = await (await fetch(`${real.baseUrl}/models`)).json();
  assert.equal(claimed.data[0].simulated, undefined);
});

test("test server: a whole reply", async () => {
  await using server = await startTestServer({
    script: ({ prompt }) => ({ reasoning: "hm", text: `You said ${prompt}` }),
  });
  const reply = await (await post(server.baseUrl, question)).json();
  assert.deepEqual(reply.choices[0].message, {
    role: "assistant",
    content: "You said hi",
    reasoning: "hm",
  });
  assert.deepEqual(reply.usage.completion_tokens_details, { reasoning_tokens: 1 });
  const counted = await fetch(`http://127.0.0.1:${server.port}/tokenize`, {
    method: "POST",
    body: JSON.stringify(question),
  });
  assert.equal((await counted.json()).count, reply.usage.prompt_tokens);
});

test("test server: chunks in the shapes of several versions", async () => {
  const script = () => ({ reasoning: "a b", text: "c d e" });
  const current = await events({ script });
  assert.deepEqual(current.map(({ chunk }) => chunk.choices[0]?.delta ?? "usage"), [
    { role: "assistant", content: "" },
    { reasoning: "a" },
    { reasoning: " b" },
    { content: "c" },
    { content: " d" },
    { content: " e" },
    {},
    "usage",
  ]);
  assert.deepEqual(current.at(-1)!.chunk.usage, {
    prompt_tokens: 5,
    total_tokens: 10,
    completion_tokens: 5,
    prompt_tokens_details: { cached_tokens: null },
    completion_tokens_details: { reasoning_tokens: 2 },
  });
  const transition = await events({
    script,
    shape: { ...deltaShapes.transition, tokensPerDelta: 2 },
  });
  assert.deepEqual(transition.map(({ chunk }) => chunk.choices[0]?.delta ?? "usage"), [
    { role: "assistant", content: "" },
    { reasoning: "a b", reasoning_content: "a b" },
    {},
    { content: "c d" },
    {},
    { content: " e" },
    "usage",
  ]);
  assert.equal(transition.at(-2)!.chunk.choices[0].finish_reason, "stop");
  assert.equal(transition.at(-1)!.chunk.usage.completion_tokens_details, null);
  const older = await events({ script, shape: deltaShapes.older });
  assert.deepEqual(older[1]!.chunk.choices[0].delta, { reasoning_content: "a" });
  assert.deepEqual(Object.keys(older.at(-1)!.chunk.usage).length, 3);
  const continuous = await events({ script }, {
    ...streamed,
    stream_options: { include_usage: true, continuous_usage_stats: true },
  });
  const counts = continuous.map(({ chunk }) => chunk.usage.completion_tokens);
  assert.deepEqual(counts, [0, 1, 2, 3, 4, 5, 5, 5]);
  const silent = await events({ script }, { ...question, stream: true });
  assert.ok(silent.every(({ chunk }) => chunk.usage === undefined));
});

test("test server: times are kept, and lateness does not add up", async () => {
  const delaysMs = [10, 0, 30, 20, 20, 20, 20, 20];
  const chunks = delaysMs.map((_, i) => `${i}`);
  const seen = await events({ script: () => ({ chunks, delaysMs, prefillMs: 60 }) });
  const due = delaysMs.map((_, i) => 60 + delaysMs.slice(0, i + 1).reduce((a, b) => a + b));
  const late = due.map((ms, i) => seen[i + 1]!.ms - ms);
  // Timers may fire a part of a millisecond early; how late is up to the load of the machine.
  assert.ok(Math.min(...late) > -2, `early: ${late}`);
  assert.ok(Math.min(...late.slice(4)) < 60, `drifts: ${late}`);
});

test("test server: refuses as a real one does", async () => {
  await using server = await startTestServer({ maxModelLen: 50 });
  const refusal = async (body: unknown) => {
    const response = await post(server.baseUrl, body);
    return [response.status, (await response.json()).error.message];
  };
  const [status, message] = await refusal({ ...question, model: "other" });
  assert.equal(status, 404);
  assert.match(message, /`other` does not exist\. Valid aliases: scripted/);
  assert.match((await refusal({ ...question, max_tokens: 500 }))[1], /max_tokens=500 cannot/);
  assert.match((await refusal({ ...question, max_tokens: 49 }))[1], /at least 2 input tokens/);
  assert.equal((await refusal("{ broken"))[0], 400);
  assert.match((await refusal({ model: "scripted" }))[1], /messages/);
  assert.deepEqual(server.stats().inFlight, 0);
});

test("test server: a script that throws fails its own call only", async () => {
  await using server = await startTestServer({
    script: ({ index }) => {
      if (index === 0) throw new Error("typo in the script");
      return "fine";
    },
  });
  const failed = await post(server.baseUrl, question);
  assert.equal(failed.status, 500);
  assert.match((await failed.json()).error.message, /typo in the script/);
  assert.equal(
    (await (await post(server.baseUrl, question)).json()).choices[0].message.content,
    "fine",
  );
});

test("test server: counts what is in flight, and who hangs up", async () => {
  await using server = await startTestServer({
    script: () => ({ text: "a b c", prefillMs: 80 }),
  });
  const all = await Promise.all([1, 2, 3].map(() => post(server.baseUrl, question)));
  for (const response of all) await response.text();
  const abort = new AbortController();
  const fourth = await post(server.baseUrl, streamed, abort.signal);
  abort.abort();
  await assert.rejects(fourth.text());
  for (let i = 0; i < 200 && server.stats().aborted === 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.deepEqual(server.stats(), {
    requests: 4,
    inFlight: 0,
    maxInFlight: 3,
    completed: 3,
    aborted: 1,
    promptTokens: 20,
    completionTokens: 9,
  });
});

test("test server: a taken port is said so", async () => {
  await using server = await startTestServer();
  await assert.rejects(startTestServer({ port: server.port }), /Port \d+ cannot be listened on/);
});

const serve = fileURLToPath(new URL("../../lib/testing/serve.ts", import.meta.url));
const deno = "Deno" in globalThis;

function shell(...args: string[]) {
  const run = deno ? ["run", "-A", "--no-check", serve] : [serve];
  return spawn(process.execPath, [...run, ...args], { stdio: ["pipe", "pipe", "pipe"] });
}

test("serve: starts servers, stops with its standard input", async () => {
  const child = shell("--port", "0,0", "--stdin-exit", "--speed", "100");
  const [line] = await once(child.stdout, "data");
  const urls = String(line).trim().split(",");
  assert.equal(urls.length, 2);
  const reply = await post(urls[1]!, {
    model: "simulated",
    messages: [{ role: "user", content: "What number is stated? The box holds 15 eggs." }],
  });
  assert.match((await reply.json()).choices[0].message.content, /FINAL: 15$/);
  const closed = once(child, "close");
  child.stdin.end();
  assert.deepEqual(await closed, [0, null]);
});

test("serve: stops when idle, and refuses what it does not know", async () => {
  assert.deepEqual(await once(shell("--port", "0", "--idle-exit", "0.3"), "close"), [0, null]);
  const wrong = shell("--prot", "0");
  let said = "";
  wrong.stderr.on("data", (data) => said += data);
  assert.deepEqual(await once(wrong, "close"), [2, null]);
  assert.match(said, /--prot/);
});
