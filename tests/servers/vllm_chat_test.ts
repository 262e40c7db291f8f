/** The client of model servers against a real vLLM. */
import { InputError } from "../../lib/errors.ts";
import { CallError } from "../../lib/model/call_error.ts";
import { probeServer } from "../../lib/model/chat/mod.ts";
import type { Message } from "../../lib/model/types.ts";
import { assert, test } from "../kit.ts";
import { attempt, hear } from "../model/scripted_kit.ts";
import { ask, baseUrl, connect, metric, skip, until, withoutWindow } from "./vllm_kit.ts";

const words = "Repeat: alpha beta gamma delta red blue";
const endless = { kind: "grammar", grammar: `root ::= [a-z ]{4000,4000}\n` } as const;

test("vllm: the server says what it is", async () => {
  const server = await probeServer(`${baseUrl}/`);
  assert.equal(server.vllm, true);
  assert.equal(server.simulated, false);
  const [model] = server.models;
  assert.ok(model && Number.isInteger(model.max_model_len), JSON.stringify(server));
  await using chat = await connect();
  assert.deepEqual(chat.info, {
    kind: "vllm",
    model: model.id,
    baseUrls: [baseUrl],
    timing: "api",
    contextWindow: model.max_model_len,
    constraints: ["grammar", "json-schema"],
    lora: {},
  });
}, { skip });

test("vllm: thinking comes as reasoning, or not at all, or as much as allowed", async () => {
  await using chat = await connect();
  const on = await ask(chat, words, { thinking: "on" });
  assert.equal(on.error, undefined);
  assert.equal(on.finish?.finishReason, "stop");
  assert.ok(on.reasoning.length > 0, JSON.stringify(on));
  assert.ok(!/<\/?think>/.test(on.text + on.reasoning));
  assert.ok(on.finish.usage.reasoning_tokens! > 0);
  const off = await ask(chat, words, { thinking: "off" });
  assert.equal(off.reasoning, "");
  assert.ok(off.text.length > 0);
  assert.ok(!(off.finish!.usage.reasoning_tokens! > 0));
  const few = await ask(chat, words, { thinking: 4 });
  assert.equal(few.error, undefined);
  const { reasoning_tokens: used } = few.finish!.usage;
  assert.ok(used! < on.finish.usage.reasoning_tokens!, `${used}`);
}, { skip });

test("vllm: usage is what the server's own counters say", async () => {
  await using chat = await connect();
  const counted = () =>
    Promise.all([metric("vllm:prompt_tokens_total"), metric("vllm:generation_tokens_total")]);
  const [prompt, completion] = await counted();
  const heard = [
    await ask(chat, words, { thinking: "on" }),
    await ask(chat, words, { thinking: "off" }),
    await ask(chat, words, { maxTokens: 3 }),
  ];
  const sum = (pick: "prompt_tokens" | "completion_tokens") =>
    heard.reduce((total, { finish }) => total + finish!.usage[pick]!, 0);
  assert.ok(heard.every(({ finish }) => finish!.usageSource === "api"));
  assert.equal(heard[2]!.finish!.finishReason, "length");
  assert.equal(heard[2]!.finish!.usage.completion_tokens, 3);
  await until(async () => (await counted())[1] >= completion + sum("completion_tokens"), 5000);
  assert.deepEqual(await counted(), [
    prompt + sum("prompt_tokens"),
    completion + sum("completion_tokens"),
  ]);
}, { skip });

test("vllm: the tokenizer counts prompts as usage does, however much is thought", async () => {
  await using chat = await connect();
  const messages: Message[] = [
    { role: "system", content: "Answer in one word." },
    { role: "user", content: `${words}, é 東京 🙂` },
  ];
  const signal = new AbortController().signal;
  const counted = await chat.countTokens!(messages, signal);
  for (const thinking of ["on", "off"] as const) {
    const request = attempt("", { maxTokens: 2, thinking });
    const { finish } = await hear(chat.complete(messages, request));
    const { prompt_tokens: used } = finish!.usage;
    // Templates write an empty thought where nothing is thought: that is counted in any case.
    assert.ok(counted - used! >= 0 && counted - used! <= 8, `${thinking}: ${used}, ${counted}`);
    if (thinking === "off") assert.equal(used, counted);
  }
}, { skip });

test("vllm: tokens are counted with every chunk, unless that is not wanted", async () => {
  await using chat = await connect();
  const { events, finish } = await ask(chat, words, { thinking: "on" });
  const deltas = events.filter((event) => event.type === "delta");
  const counts = deltas.flatMap((delta) => delta.completionTokens ?? []);
  assert.ok(counts.length > 5);
  assert.deepEqual(counts, counts.toSorted((a, b) => a - b));
  assert.equal(counts.at(-1), finish!.usage.completion_tokens);
  assert.deepEqual(
    deltas.flatMap((delta) => delta.promptTokens ?? []),
    [finish!.usage.prompt_tokens],
  );
  await using plain = await connect({ continuousUsage: false });
  const other = await ask(plain, words, { thinking: "on" });
  assert.ok(
    other.events.every((event) => event.type !== "delta" || !("completionTokens" in event)),
  );
  assert.deepEqual(other.finish!.usage.completion_tokens, finish!.usage.completion_tokens);
  assert.equal(other.finish!.usageSource, "api");
}, { skip });

test("vllm: a limit beyond the window is cut to it before the request", async () => {
  await using chat = await connect();
  const { finish, error } = await ask(chat, words, { maxTokens: 10_000_000 });
  assert.equal(error, undefined);
  assert.ok(finish!.usage.total_tokens! <= chat.info.contextWindow!);
}, { skip });

test("vllm: a refused limit comes with one that fits, where the window was not known", async () => {
  const window = (await probeServer(baseUrl)).models[0]!.max_model_len!;
  await using chat = await connect({ fetch: withoutWindow });
  assert.equal(chat.info.contextWindow, null);
  for (const thinking of ["on", "off"] as const) {
    // Nearly full: the limit that fits is near, and a token too many would show.
    const prompt = "1 ".repeat(Math.floor(window * 0.48));
    const { error } = await ask(chat, prompt, { maxTokens: 10 * window, thinking });
    assert.ok(error instanceof CallError, `${error}`);
    assert.equal(error.code, "context");
    assert.equal(error.status, 400);
    const again = await ask(chat, prompt, { maxTokens: error.maxTokens!, thinking });
    assert.equal(again.error, undefined);
    const { prompt_tokens: read, total_tokens: total } = again.finish!.usage;
    assert.ok(total! <= window);
    assert.ok(read! + error.maxTokens! <= window && read! + error.maxTokens! > window - 16);
  }
}, { skip });

test("vllm: a prompt beyond the window is refused for good", async () => {
  await using chat = await connect();
  const { error } = await ask(chat, "1 ".repeat(chat.info.contextWindow! * 2));
  assert.ok(error instanceof CallError);
  assert.equal(error.code, "context");
  assert.equal(error.retryable, false);
  assert.equal(error.maxTokens, undefined);
  assert.match(error.message, /\d+/);
}, { skip });

test("vllm: an aborted reply stops on the server within a second", async () => {
  await using chat = await connect();
  const abort = new AbortController();
  const request = attempt("Repeat: red", {
    maxTokens: 4000,
    thinking: "off",
    constraint: endless,
    signal: abort.signal,
  });
  const running = () => metric("vllm:num_requests_running");
  let seen = 0;
  const stream = (async () => {
    for await (const event of chat.complete(request.turn, request)) {
      if (event.type === "delta" && ++seen === 3) {
        await until(async () => await running() === 1, 5000);
        abort.abort(new Error("enough"));
      }
    }
  })();
  await assert.rejects(stream, /enough/);
  const waited = await until(async () => await running() === 0, 1000);
  console.log(`  running count 0 after ${waited.toFixed(0)} ms`);
}, { skip });

test("vllm: an unknown model is refused at the start, and by the server", async () => {
  await using chat = await connect();
  await assert.rejects(connect({ model: `${chat.info.model}x` }), (error) => {
    assert.ok(error instanceof InputError);
    assert.equal(error.code, "unknown-model");
    assert.match(`${error.hint}`, new RegExp(`Did you mean "${chat.info.model}"`));
    return true;
  });
  const renaming: typeof fetch = (input, init) =>
    fetch(input, {
      ...init,
      ...(init?.body && { body: String(init.body).replace(/"model":"[^"]*"/, '"model":"gone"') }),
    });
  await using wrong = await connect({ fetch: renaming });
  const { error } = await ask(wrong, words);
  assert.ok(error instanceof CallError);
  assert.equal(error.status, 404);
  assert.equal(error.retryable, false);
  assert.match(error.message, /gone/);
  assert.match(`${error.hint}`, /--model/);
}, { skip });
