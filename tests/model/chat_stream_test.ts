import { Buffer } from "node:buffer";
import { CallError } from "../../lib/model/call_error.ts";
import { readReply } from "../../lib/model/chat/stream.ts";
import { assert, test } from "../kit.ts";
import { capture } from "./chat_kit.ts";
import { hear, type Heard } from "./scripted_kit.ts";

async function* pieces(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    yield bytes.subarray(from, cut);
    from = cut;
  }
}

const read = (bytes: Uint8Array, cuts: readonly number[] = []): Promise<Heard> =>
  hear(readReply(pieces(bytes, cuts)));

const stream = (...events: (string | object)[]): Uint8Array =>
  Buffer.from(
    events.map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`)
      .join(""),
  );

const chunk = (delta: object, finish_reason: string | null = null, more: object = {}) => ({
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta, finish_reason }],
  ...more,
});

const codeOf = (error: unknown) => error instanceof CallError ? error.code : String(error);

test("chat stream: captured replies", async () => {
  const thinking = await read((await capture("a_stream_usage")).body);
  assert.equal(thinking.reasoning, "\nI add 22 and 22. The sum is 42.\n");
  assert.equal(thinking.text, "\n\nThe answer is 42.");
  assert.deepEqual(thinking.finish, {
    type: "finish",
    finishReason: "stop",
    usage: {
      prompt_tokens: 28,
      completion_tokens: 31,
      reasoning_tokens: 19,
      cached_tokens: 0,
      total_tokens: 59,
    },
    usageSource: "api",
  });
  const events = await read((await capture("c3s_structured_outputs_grammar_stream")).body);
  assert.equal(events.text.trim().split("\n").length, 4);
  // Without usage each delta counts as a token, and says that this is a guess.
  assert.equal(events.finish?.usageSource, "estimated");
  assert.equal(events.finish?.usage.completion_tokens, 82);
  const cut = await read((await capture("n4_length")).body);
  assert.equal(cut.text, "The answer is"); // " is" came with the finish reason
  assert.equal(cut.finish?.finishReason, "length");
});

test("chat stream: usage on every chunk", async () => {
  const { events } = await read((await capture("g_continuous_usage")).body);
  const deltas = events.filter((event) => event.type === "delta");
  assert.deepEqual(deltas.map((delta) => delta.completionTokens).at(-1), 6);
  assert.equal(deltas[0]?.promptTokens, 28);
  const counts = deltas.map((delta) => delta.completionTokens ?? 0);
  assert.deepEqual(counts, [...counts].sort((a, b) => a - b));
});

test("chat stream: captured failures", async () => {
  const killed = await read((await capture("p1_engine_killed_midstream")).body);
  assert.match(killed.reasoning, /^The capital of France is Paris/);
  assert.equal(codeOf(killed.error), "stream-error");
  assert.equal((killed.error as CallError).status, 500);
  assert.match(String(killed.error), /EngineCore encountered an issue/);
  const shutDown = await read((await capture("p2_sigterm_midstream")).body);
  assert.match(shutDown.text, /The answer is 32/);
  assert.equal(codeOf(shutDown.error), "abort");
  assert.equal(shutDown.finish, undefined);
  for (const { error } of [killed, shutDown]) assert.ok((error as CallError).retryable);
});

test("chat stream: the same events however the bytes are cut", async () => {
  const names = [
    "a_stream_usage",
    "b2_think_off",
    "g_continuous_usage",
    "p1_engine_killed_midstream",
  ];
  const bodies = await Promise.all(names.map(async (name) => (await capture(name)).body));
  const unicode = Buffer.from(bodies[0]!).toString().replaceAll("answer", "naïve 答え 🙂\u2028");
  bodies.push(Buffer.from(unicode), Buffer.from(unicode.replaceAll("\n", "\r\n")));
  for (const body of bodies) {
    const whole = JSON.stringify(await read(body));
    for (let at = 1; at < body.length; at += body === bodies[4] ? 1 : 7) {
      assert.equal(JSON.stringify(await read(body, [at])), whole, `cut at byte ${at}`);
    }
    for (const size of [1, 2, 3, 5, 16, 97]) {
      const cuts = Array.from(
        { length: Math.floor((body.length - 1) / size) },
        (_, i) => (i + 1) * size,
      );
      assert.equal(JSON.stringify(await read(body, cuts)), whole, `pieces of ${size} bytes`);
    }
  }
});

test("chat stream: cut at any byte before the finish is no reply", async () => {
  const { body } = await capture("b2_think_off");
  const finish = Buffer.from(body).indexOf('"finish_reason":"stop"');
  for (let at = 0; at < finish; at += 11) {
    const { error, finish } = await read(body.subarray(0, at));
    assert.equal(codeOf(error), "cut", `at byte ${at}`);
    assert.equal(finish, undefined);
  }
  const { finish: told } = await read(body.subarray(0, body.length - "data: [DONE]\n\n".length));
  assert.equal(told?.finishReason, "stop"); // only [DONE] is missing
});

test("chat stream: one thought under two names is one thought", async () => {
  const both = await read(stream(
    chunk({ role: "assistant", content: "" }),
    chunk({ reasoning: "hm", reasoning_content: "hm" }),
    chunk({ reasoning: "", reasoning_content: "m" }),
    chunk({}),
    chunk({ content: "yes" }, "stop"),
    "[DONE]",
  ));
  assert.equal(both.reasoning, "hmm");
  assert.equal(both.text, "yes");
  const older = await read(stream(chunk({ reasoning_content: "hm" }), chunk({}, "stop"), "[DONE]"));
  assert.equal(older.reasoning, "hm");
});

test("chat stream: null fields, comments, keep-alives and what follows [DONE] do no harm", async () => {
  const { text, finish } = await read(Buffer.concat([
    Buffer.from("\uFEFF: ping\n\nevent: message\nid: 7\n"),
    stream(chunk({ content: null, reasoning: null }, null, { usage: null, error: null })),
    Buffer.from(": ping\n\n"),
    stream(
      chunk({ content: "a" }, null),
      { choices: [{ index: 0, delta: null, finish_reason: "stop" }] },
      {
        choices: [],
        usage: { prompt_tokens: 3, completion_tokens: 1, prompt_tokens_details: null },
      },
      "[DONE]",
      "{ nonsense",
    ),
  ]));
  assert.equal(text, "a");
  assert.deepEqual([finish?.usage.prompt_tokens, finish?.usage.total_tokens], [3, null]);
});

test("chat stream: error objects in their shapes, and chunks that cannot be read", async () => {
  const cases: [Uint8Array, string, RegExp][] = [
    [
      stream(chunk({ content: "a" }), { error: { message: "out of memory", code: 503 } }),
      "stream-error",
      /out of memory/,
    ],
    [stream({ error: "busy" }), "stream-error", /busy/],
    [stream({ object: "error", message: "old wording", code: 500 }), "stream-error", /old wording/],
    [stream('{"choices":[{"delta":'), "malformed", /not JSON/],
    [stream(chunk({ content: 5 })), "malformed", /content/],
    [stream("[1,2]"), "malformed", /expected object/],
    [stream(chunk({ content: "a" }, "error"), "[DONE]"), "abort", /finish_reason "error"/],
    [stream(chunk({ content: "a" }), "[DONE]"), "cut", /before its finish/],
    [stream(), "cut", /before its finish/],
  ];
  for (const [bytes, code, message] of cases) {
    const { error, finish } = await read(bytes);
    assert.equal(codeOf(error), code);
    assert.match(String(error), message);
    assert.ok((error as CallError).retryable);
    assert.equal(finish, undefined);
  }
});

test("chat stream: a refusal before the first word is final, the same words later are not", async () => {
  const refusal = { error: { message: "Invalid grammar", code: 400 } };
  const first = await read(stream(chunk({ role: "assistant", content: "" }), refusal, "[DONE]"));
  assert.equal(codeOf(first.error), "stream-error");
  assert.equal((first.error as CallError).retryable, false);
  const later = await read(stream(chunk({ content: "a" }), refusal, "[DONE]"));
  assert.equal((later.error as CallError).retryable, true);
});

test("chat stream: a 1 MB delta is read, an endless event is refused", async () => {
  const long = "x".repeat(2 ** 20);
  const whole = await read(stream(chunk({ content: long }, "stop"), "[DONE]"), [99, 2 ** 19]);
  assert.equal(whole.text.length, long.length);
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("data: ");
    while (true) yield Buffer.from(long);
  }
  assert.equal(codeOf((await hear(readReply(endless()))).error), "malformed");
});
