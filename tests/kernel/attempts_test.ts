import { assert, test } from "../kit.ts";
import { ask, brokenRules, only, runScripted } from "./kernel_kit.ts";
import type { NodeScope } from "../../lib/kernel/types.ts";

const overloaded = { error: { code: "http", status: 503 } };
const cut = { chunks: ["one ", "two "], delaysMs: 10, error: { code: "cut" } };

test("a failed attempt is tried again with growing back-off, and every try is in the trace", async () => {
  const result = await runScripted([overloaded, overloaded, { text: "fine" }], ask);
  assert.equal(result.conclusion.text, "fine");
  const queued = only(result.events, "call-queue").map((event) => event.at_ms);
  assert.equal(queued.length, 3);
  assert.ok(queued[1]! >= 125 && queued[1]! <= 375, `first back-off ${queued[1]}`);
  assert.ok(queued[2]! - queued[1]! >= 250, "the second is longer");
  assert.deepEqual(only(result.events, "call-end").map((event) => event.used), [
    false,
    false,
    true,
  ]);
  assert.deepEqual(brokenRules(result.events, { slots: 4 }), []);
});

test("six attempts in all, then the call fails", async () => {
  const result = await runScripted(() => overloaded, ask);
  assert.equal(result.status, "error");
  assert.equal(only(result.events, "call-queue").length, 6);
});

test("what cannot succeed is not tried again", async () => {
  const result = await runScripted(() => ({ error: { code: "http", retryable: false } }), ask);
  assert.equal(only(result.events, "call-queue").length, 1);
});

test("Retry-After is honoured", async () => {
  const wait = { error: { code: "http", status: 429, retryAfterMs: 5000 } };
  const result = await runScripted([wait, "ok"], ask);
  assert.equal(result.elapsed, 5000);
});

async function collect(node: NodeScope, keepCut: boolean): Promise<string> {
  const session = node.session();
  const turn = [{ role: "user" as const, content: "go" }];
  const generation = node.generate(session, turn, { role: "planner", keepCut: () => keepCut });
  let seen = "";
  for await (const delta of generation) {
    seen = delta.type === "restart" ? `${seen}|` : seen + delta.text;
  }
  const reply = await generation.reply;
  return `${seen}; ${reply.text}; ${reply.cut}; ${
    session.messages.map((m) => m.content).join("/")
  }`;
}

test("a cut reply is sampled again after a restart, and leaves no mark on the session", async () => {
  const result = await runScripted([cut, { chunks: ["whole"] }], (node) => collect(node, false));
  assert.equal(result.conclusion.text, "one two |whole; whole; false; go/whole");
});

test("a cut reply that is kept joins the session and is not sampled again", async () => {
  const result = await runScripted([cut, "never"], (node) => collect(node, true));
  assert.equal(result.conclusion.text, "one two ; one two ; true; go/one two ");
  const end = only(result.events, "call-end");
  assert.equal(end.length, 1);
  assert.equal(end[0]!.used, true);
  assert.match(end[0]!.error!, /^cut/);
});

test("no slot is held while backing off", async () => {
  const replies = [overloaded, { text: "b", prefillMs: 50 }, { text: "a", prefillMs: 50 }];
  const result = await runScripted(replies, async (node) => {
    const children = ["a", "b"].map((id) => node.spawn({ id, task: id, strategy: ask }));
    node.seal();
    return (await node.join(children)).map((conclusion) => conclusion.text).join();
  }, { maxConcurrency: 1 });
  assert.equal(result.conclusion.text, "a,b");
  const starts = only(result.events, "call-start").map((event) => event.call);
  assert.deepEqual(starts, ["c1", "c2", "c3"]);
});

test("silence ends an attempt: before the first byte, between bytes, and in all", async () => {
  const timeouts = { firstTokenMs: 1000, stallMs: 200, callMs: 3000 };
  const slow = await runScripted([{ text: "x", prefillMs: 5000 }, "ok"], ask, { timeouts });
  assert.equal(slow.conclusion.text, "ok");
  assert.match(
    only(slow.events, "call-end")[0]!.error!,
    /timeout: There was no first byte within 1 s/,
  );
  const stalled = await runScripted([{ chunks: ["a", "b"], delaysMs: [1, 900] }, "ok"], ask, {
    timeouts,
  });
  assert.match(only(stalled.events, "call-end")[0]!.error!, /no further byte within 0.2 s/);
  const long = await runScripted([{ chunks: Array(100).fill("a"), delaysMs: 100 }, "ok"], ask, {
    timeouts,
  });
  const end = only(long.events, "call-end")[0]!;
  assert.match(end.error!, /no end within 3 s/);
  assert.equal(end.at_ms, 3000);
});

test("an answer that a server put into the reasoning field is read, and counted", async () => {
  const result = await runScripted([{ text: "", reasoning: "FINAL: 3" }], ask);
  assert.equal(result.conclusion.text, "FINAL: 3");
  assert.deepEqual(only(result.events, "note").map((event) => event.data), [
    { reasoning_as_text: 1 },
  ]);
  const cut = await runScripted(
    [{ text: "", reasoning: "so I think", finishReason: "length" }],
    ask,
  );
  assert.equal(cut.conclusion.text, "");
});
