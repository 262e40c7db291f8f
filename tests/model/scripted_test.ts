import { virtualClock } from "../../lib/clock.ts";
import { CallError } from "../../lib/model/call_error.ts";
import { scriptedBackend } from "../../lib/model/scripted.ts";
import { scriptedTokens } from "../../lib/model/scripted_reply.ts";
import { assert, test } from "../kit.ts";
import { attempt, hear } from "./scripted_kit.ts";

test("scripted: a function replies, the conversation grows, forks part ways", async () => {
  await using backend = scriptedBackend(({ prompt, messages }) => `${prompt}#${messages.length}`);
  const session = backend.open();
  assert.equal((await hear(session.generate(attempt("one")))).text, "one#1");
  assert.equal((await hear(session.generate(attempt("two")))).text, "two#3");
  const fork = session.fork();
  assert.equal((await hear(fork.generate(attempt("three")))).text, "three#5");
  assert.equal(session.messages.length, 4);
  assert.equal(fork.messages.length, 6);
  fork.adopt([{ role: "user", content: "cut" }], "half an ans");
  assert.deepEqual(fork.messages.at(-1), { role: "assistant", content: "half an ans" });
});

test("scripted: a failed, cut or aborted attempt leaves the session as it was", async () => {
  await using backend = scriptedBackend([
    { error: { code: "http", status: 503, retryAfterMs: 250 } },
    { text: "half a sen", error: { code: "cut" } },
    { text: "too slow", prefillMs: 1e6 },
    "whole",
  ], { clock: virtualClock() });
  const session = backend.open();
  const refused = await hear(session.generate(attempt("x")));
  assert.deepEqual(refused.events.map((event) => event.type), ["sent"]);
  assert.ok(refused.error instanceof CallError && refused.error.retryable);
  assert.equal(refused.error.retryAfterMs, 250);
  const cut = await hear(session.generate(attempt("x")));
  assert.equal(cut.text, "half a sen");
  assert.equal((cut.error as CallError).code, "cut");
  const reason = new Error("no longer needed");
  const abort = new AbortController();
  const slow = hear(session.generate(attempt("x", { signal: abort.signal })));
  abort.abort(reason);
  assert.equal((await slow).error, reason);
  assert.deepEqual(session.messages, []);
  assert.equal((await hear(session.generate(attempt("x")))).text, "whole");
  assert.equal(session.messages.length, 2);
  const over = await hear(session.generate(attempt("x")));
  assert.match(String(over.error), /no reply for call 5/);
});

test("scripted: times are exact on a virtual clock", async () => {
  const clock = virtualClock();
  await using backend = scriptedBackend(
    [
      { chunks: ["a", "b", "c"], prefillMs: 100, delaysMs: [5, 10, 20] },
      { reasoning: "one two", text: "three four", prefillMs: 50, tokensPerSecond: 100 },
    ],
    { clock },
  );
  const times = async () => {
    const start = clock.now();
    const seen: [string, number][] = [];
    for await (const event of backend.open().generate(attempt("x"))) {
      seen.push([event.type, clock.now() - start]);
    }
    return seen;
  };
  assert.deepEqual(await times(), [
    ["sent", 0],
    ["answered", 100],
    ["delta", 105],
    ["delta", 115],
    ["delta", 135],
    ["finish", 135],
  ]);
  assert.deepEqual((await times()).map(([, at]) => at), [0, 50, 60, 70, 80, 90, 90]);
});

test("scripted: maxTokens cuts, usage is counted", async () => {
  await using scripted = scriptedBackend(() => ({ reasoning: "x y", text: "a b c d e" }));
  const full = await hear(scripted.open().generate(attempt("hello there")));
  assert.deepEqual(full.finish?.usage, {
    prompt_tokens: 6,
    completion_tokens: 7,
    reasoning_tokens: 2,
    cached_tokens: null,
    total_tokens: 13,
  });
  const cut = await hear(scripted.open().generate(attempt("hello there", { maxTokens: 4 })));
  assert.equal(cut.text, "a b");
  assert.equal(cut.finish?.finishReason, "length");
  assert.equal(cut.finish?.usage.completion_tokens, 4);
  assert.equal(
    await scripted.countTokens!([{ role: "user", content: "hello there" }], attempt("").signal),
    6,
  );
});

test("scripted: a second reply at the same time needs a fork", async () => {
  await using backend = scriptedBackend(() => ({ text: "a b", tokensPerSecond: 10 }), {
    clock: virtualClock(),
  });
  const session = backend.open();
  const first = hear(session.generate(attempt("x")));
  assert.match(String((await hear(session.generate(attempt("y")))).error), /middle of a reply/);
  assert.equal((await first).text, "a b");
});

test("scripted: tokens lose no character", () => {
  for (
    const text of [
      "",
      " \n\n x",
      'plan {"type":"child"}\n',
      "naïve café 東京 🙂🙂",
      "a\u0000\ud800b",
    ]
  ) {
    assert.equal(scriptedTokens(text).join(""), text);
  }
});
