import process from "node:process";
import { fileURLToPath } from "node:url";
import { InputError } from "../../../lib/errors.ts";
import { CallError } from "../../../lib/model/call_error.ts";
import { type EngineBackend, engineBackend } from "../../../lib/model/engine/client.ts";
import type { AttemptRequest, ModelEvent, Session } from "../../../lib/model/types.ts";
import { assert, onDeno, test } from "../../kit.ts";
import { attempt } from "../scripted_kit.ts";

const script = fileURLToPath(new URL("../../fixtures/fake_engine.ts", import.meta.url));

function fake(...flags: string[]): Promise<EngineBackend> {
  const runtime = onDeno ? ["run", "--no-config", "--no-lock", "-A"] : ["run"];
  return engineBackend({
    command: [process.execPath, ...runtime, script, ...flags],
    startTimeoutMs: flags[0] === "--silent" ? 500 : 30_000,
  });
}

const ask = (content: string, options: Partial<AttemptRequest> = {}) =>
  attempt(content, { maxTokens: 16, ...options });

async function drain(session: Session, request: AttemptRequest): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of session.generate(request)) events.push(event);
  return events;
}

async function textOf(session: Session, request: AttemptRequest): Promise<string> {
  const events = await drain(session, request);
  return events.map((event) => event.type === "delta" ? event.text : "").join("");
}

function cachedOf(events: readonly ModelEvent[]): number | null {
  const last = events.at(-1)!;
  return last.type === "finish" ? last.usage.cached_tokens : null;
}

async function failure(work: Promise<unknown>): Promise<CallError> {
  const error = await work.then(() => null, (error) => error);
  assert.ok(error instanceof CallError, `expected a CallError, got ${error}`);
  return error;
}

test("an engine's reply streams, with the engine's own counts", async () => {
  await using backend = await fake();
  assert.equal(backend.info.model, "fake");
  assert.equal(backend.info.timing, "api");
  assert.deepEqual(backend.info.lora, { planner: "tuned" });
  const session = backend.open();
  const events = await drain(session, ask("one two three"));
  assert.deepEqual(events.map(({ type }) => type), [
    "sent",
    "answered",
    "delta",
    "delta",
    "finish",
  ]);
  assert.deepEqual(events[0], { type: "sent", replica: "engine", model: "fake", lora: null });
  assert.deepEqual(events[4], {
    type: "finish",
    finishReason: "stop",
    usageSource: "engine",
    usage: {
      prompt_tokens: 3,
      completion_tokens: 2,
      reasoning_tokens: null,
      cached_tokens: 0,
      total_tokens: 5,
    },
  });
  assert.deepEqual(session.messages, [
    { role: "user", content: "one two three" },
    { role: "assistant", content: "3 words" },
  ]);
  assert.equal(cachedOf(await drain(session, ask("four", { role: "planner" }))), 5);
  const count = await backend.countTokens!([{ role: "user", content: "a b" }], ask("").signal);
  assert.equal(count, 2);
});

test("settings reach the engine; a constraint it cannot do does not", async () => {
  await using backend = await fake();
  const request = ask("settings", {
    temperature: 0.5,
    topP: 0.9,
    seed: 3,
    stop: ["x"],
    constraint: { kind: "json-schema", schema: {} },
  });
  const text = await textOf(backend.open(), request);
  assert.deepEqual(JSON.parse(text.slice(0, text.lastIndexOf(" "))), {
    role: "direct",
    max_tokens: 16,
    temperature: 0.5,
    top_p: 0.9,
    seed: 3,
    stop: ["x"],
    thinking: null,
    constraint: null,
  });
});

test("fork shares the past, adopt adds to it, and neither touches the other", async () => {
  await using backend = await fake();
  const session = backend.open();
  await drain(session, ask("one two three"));
  const fork = session.fork();
  fork.adopt([{ role: "user", content: "q" }], "cut reply");
  assert.equal(fork.messages.length, 4);
  assert.equal(session.messages.length, 2);
  assert.equal(await textOf(fork, ask("next")), "9 words");
  assert.equal(await textOf(session, ask("next")), "6 words");
});

test("a crash fails the call, and the session goes on from its transcript", async () => {
  await using backend = await fake();
  const session = backend.open();
  await drain(session, ask("one two three"));
  const other = backend.open();
  const pending = failure(drain(other, ask("slow")));
  const error = await failure(drain(session, ask("crash")));
  assert.equal(error.code, "engine");
  assert.equal(error.retryable, true);
  assert.match(error.message, /exit status 3[^]*segmentation fault/);
  assert.equal((await pending).code, "engine");
  assert.equal(session.messages.length, 2);
  const [again, anew] = await Promise.all([
    drain(session, ask("four")),
    drain(other, ask("a b")),
  ]);
  assert.equal(cachedOf(again), 0);
  assert.equal(cachedOf(anew), 0);
  assert.equal(session.messages.at(-1)!.content, "6 words");
  assert.equal(backend.stats().starts, 2);
  assert.equal(backend.stats().reprefilledTokens, 5);
});

test("an adopted reply survives a crash", async () => {
  await using backend = await fake();
  const session = backend.open();
  await failure(drain(session, ask("crash")));
  session.adopt([{ role: "user", content: "q" }], "kept text");
  assert.equal(await textOf(session, ask("go on")), "5 words");
});

test("foreign lines are passed over; an object off the protocol ends the engine", async () => {
  await using backend = await fake();
  assert.equal(await textOf(backend.open(), ask("garbage")), "1 words");
  const error = await failure(drain(backend.open(), ask("nonsense")));
  assert.equal(error.code, "engine");
  assert.match(error.message, /protocol/);
  assert.equal(await textOf(backend.open(), ask("hello")), "1 words");
});

test("a cancelled call throws the reason and leaves the session as it was", async () => {
  await using backend = await fake();
  const session = backend.open();
  await drain(session, ask("one two three"));
  for (const content of ["slow", "late"]) {
    const controller = new AbortController();
    const reason = new Error("enough");
    await assert.rejects(async () => {
      for await (const event of session.generate(ask(content, { signal: controller.signal }))) {
        if (event.type === "delta") controller.abort(reason);
      }
    }, reason);
    assert.equal(session.messages.length, 2);
  }
  assert.equal(await textOf(session, ask("four")), "6 words");
});

test("a reader that leaves early ends the call", async () => {
  await using backend = await fake();
  const session = backend.open();
  for await (const event of session.generate(ask("slow"))) if (event.type === "delta") break;
  assert.equal(session.messages.length, 0);
  assert.equal(await textOf(session, ask("four")), "1 words");
});

test("failures say whether a retry may help", async () => {
  await using backend = await fake();
  const context = await failure(drain(backend.open(), ask("context")));
  assert.deepEqual([context.code, context.retryable], ["context", false]);
  const input = await failure(drain(backend.open(), ask("input")));
  assert.deepEqual([input.code, input.retryable], ["engine", false]);
});

test("a session is one conversation at a time, and none after its end", async () => {
  await using backend = await fake();
  const session = backend.open();
  const running = session.generate(ask("late"))[Symbol.asyncIterator]();
  await running.next();
  await assert.rejects(drain(session, ask("second")), { code: "session-busy" });
  await running.return!();
  await session.close();
  await assert.rejects(drain(session, ask("third")), { code: "session-closed" });
});

test("an engine that does not start is named with what it said", async () => {
  for (
    const [flag, said] of [["--dead", /exit status 7[^]*broken/], ["--silent", /0.5 s/], [
      "--old",
      /protocol 0/,
    ]] as const
  ) {
    await assert.rejects(
      fake(flag),
      (error: Error) => error instanceof InputError && said.test(error.message),
    );
  }
  const gone = engineBackend({ command: ["no-such-program-here"] });
  await assert.rejects(gone, (error: Error) => error instanceof InputError);
});

test("closing the backend fails what still runs, and nothing is started again", async () => {
  const backend = await fake();
  const session = backend.open();
  const pending = failure(drain(session, ask("slow")));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await backend[Symbol.asyncDispose]();
  assert.equal((await pending).code, "engine");
  assert.equal((await failure(drain(session, ask("more")))).retryable, false);
});
