import { CallError } from "../../lib/model/call_error.ts";
import { connectChat } from "../../lib/model/chat/mod.ts";
import { requestBody } from "../../lib/model/chat/request.ts";
import type { AttemptRequest, Completer } from "../../lib/model/types.ts";
import { startTestServer } from "../../lib/testing/server.ts";
import type { Fault, TestServerOptions } from "../../lib/testing/server_options.ts";
import { deltaShapes } from "../../lib/testing/server_options.ts";
import { assert, test } from "../kit.ts";
import { capture, capturedRequest, playback } from "./chat_kit.ts";
import { attempt, hear, type Heard } from "./scripted_kit.ts";

const ask = (chat: Completer, request: AttemptRequest = attempt("hi")): Promise<Heard> =>
  hear(chat.complete(request.turn, request));

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !holds(); i++) await later(5);
  assert.ok(holds());
}

/** Asks a server that has one fault. */
async function askFaulty(fault: Fault, more: TestServerOptions = {}): Promise<Heard> {
  await using server = await startTestServer({
    script: () => ({ text: "one two three four five" }),
    fault: () => fault,
    ...more,
  });
  const chat = await connectChat({ baseUrl: server.baseUrl });
  const heard = await ask(chat);
  assert.equal(heard.finish, undefined);
  return heard;
}

test("chat: the body of a request is what a real server accepted", async () => {
  const turn = [{ role: "user" as const, content: "Add 12 and 30." }];
  const traits = { model: "tiny", vllm: true, continuousUsage: true };
  const body = (more: Partial<AttemptRequest>) =>
    requestBody(turn, attempt("", { temperature: 0, ...more }), 6, traits);
  const continuous = await capturedRequest("g_continuous_usage");
  assert.deepEqual(body({}), continuous);
  const off = await capturedRequest("b2_think_off");
  assert.deepEqual(body({ thinking: "off" })["chat_template_kwargs"], off["chat_template_kwargs"]);
  const budget = await capturedRequest("b6_thinking_token_budget");
  assert.equal(body({ thinking: 5 })["thinking_token_budget"], budget["thinking_token_budget"]);
  const byGrammar = await capturedRequest("c3s_structured_outputs_grammar_stream");
  const { grammar } = byGrammar["structured_outputs"] as { grammar: string };
  assert.deepEqual(
    body({ constraint: { kind: "grammar", grammar } })["structured_outputs"],
    byGrammar["structured_outputs"],
  );
  const bySchema = (await capturedRequest("c1_response_format_json_schema"))["response_format"] as {
    type: string;
    json_schema: { schema: Record<string, unknown> };
  };
  const constraint = { kind: "json-schema", schema: bySchema.json_schema.schema } as const;
  const sent = body({ constraint })["response_format"] as typeof bySchema;
  assert.equal(sent.type, bySchema.type);
  assert.deepEqual(sent.json_schema.schema, bySchema.json_schema.schema);
});

test("chat: other servers are asked for nothing that only vLLM knows", () => {
  const body = requestBody(
    [],
    attempt("", {
      constraint: { kind: "grammar", grammar: "root ::= x" },
      stop: ["END"],
      seed: 7,
      topP: 0.9,
    }),
    100,
    { model: "m", vllm: false, continuousUsage: true },
  );
  assert.deepEqual(body, {
    model: "m",
    messages: [],
    max_tokens: 100,
    seed: 7,
    top_p: 0.9,
    stop: ["END"],
    stream: true,
    stream_options: { include_usage: true },
  });
});

for (const [name, shape] of Object.entries(deltaShapes)) {
  test(`chat: a reply in the shape "${name}"`, async () => {
    await using server = await startTestServer({
      script: () => ({ reasoning: "let me think", text: "é 東京 🙂 done" }),
      shape: { ...shape, tokensPerDelta: 2 },
      apiKey: "sesame",
    });
    const chat = await connectChat({ baseUrl: server.baseUrl, apiKey: "sesame" });
    assert.equal(chat.info.timing, "simulated");
    const { events, text, reasoning, finish } = await ask(chat);
    assert.deepEqual(events.slice(0, 2).map((event) => event.type), ["sent", "answered"]);
    assert.equal(reasoning, "let me think");
    assert.equal(text, "é 東京 🙂 done");
    assert.equal(finish?.usageSource, "api");
    assert.equal(finish?.usage.completion_tokens, server.stats().completionTokens);
    assert.equal(server.stats().promptTokens, finish?.usage.prompt_tokens);
  });
}

test("chat: a real server is api, its tokenizer counts, and the window clamps", async () => {
  const bodies: Record<string, unknown>[] = [];
  await using server = await startTestServer({
    claimReal: true,
    maxModelLen: 100,
    onRequest: ({ path, body }) => {
      if (path.endsWith("completions")) bodies.push(body as Record<string, unknown>);
    },
  });
  const chat = await connectChat({ baseUrl: server.baseUrl, continuousUsage: false });
  assert.equal(chat.info.timing, "api");
  assert.equal(chat.info.contextWindow, 100);
  const turn = attempt("one two three").turn;
  assert.equal(await chat.countTokens!(turn, attempt("").signal), 7);
  await ask(chat, attempt("one two three", { maxTokens: 7000 }));
  assert.equal(bodies[0]!["max_tokens"], 100 - 13); // 13 bytes + 24 are about 13 tokens
  assert.deepEqual(bodies[0]!["stream_options"], { include_usage: true });
});

test("chat: a prompt that does not fit names what does", async () => {
  await using server = await startTestServer({ maxModelLen: 1000 });
  const chat = await connectChat({ baseUrl: server.baseUrl });
  const prompt = "a b ".repeat(300); // 601 tokens, by estimate 400
  const { error } = await ask(chat, attempt(prompt, { maxTokens: 900 }));
  assert.ok(error instanceof CallError);
  assert.equal(error.code, "context");
  assert.equal(error.maxTokens, 1000 - (600 + 4 + 1));
  const again = await ask(chat, attempt(prompt, { maxTokens: error.maxTokens }));
  assert.equal(again.error, undefined);
  const hopeless = await ask(chat, attempt("a b ".repeat(700)));
  assert.equal((hopeless.error as CallError).code, "context");
  assert.equal((hopeless.error as CallError).maxTokens, undefined);
});

test("chat: captured refusals of a real server", async () => {
  const models = (await capture("m_models")).raw;
  const answer = async (name: string) => {
    await using server = await playback({
      "/v1/models": models,
      "/v1/chat/completions": (await capture(name)).raw,
      "/tokenize": (await capture("j0_tokenize")).raw,
    });
    const chat = await connectChat({ baseUrl: server.baseUrl });
    const { error } = await ask(chat, attempt("x", { maxTokens: 100_000 }));
    assert.ok(error instanceof CallError, name);
    return error;
  };
  const busy = await answer("q1_overload_stream");
  assert.deepEqual([busy.code, busy.status, busy.retryable], ["http", 503, true]);
  assert.match(busy.message, /currently busy/);
  const tooMany = await answer("d2_max_tokens_overflow");
  assert.deepEqual([tooMany.code, tooMany.retryable, tooMany.maxTokens], ["context", false, 2014]);
  const tooLong = await answer("d1_context_overflow");
  assert.equal(tooLong.code, "context");
  const unknown = await answer("d3_unknown_model");
  assert.deepEqual([unknown.status, unknown.retryable], [404, false]);
  assert.match(unknown.hint!, /--model/);
  assert.match((await answer("d4_bad_temperature")).message, /must be non-negative/);
  assert.match((await answer("d9_404")).message, /Not Found/);
  assert.match((await answer("router_bad_json")).message, /Failed to parse the request body/);
  const whole = await answer("a0_nostream");
  assert.equal(whole.code, "malformed");
  assert.match(whole.message, /not with an event stream/);
});

test("chat: faults of a server", async () => {
  const cases: [Fault, string, number | undefined, string][] = [
    [{ kind: "status", status: 429, retryAfter: "2" }, "http", 429, ""],
    [{ kind: "status", status: 500, body: "Internal Server Error" }, "http", 500, ""],
    [{ kind: "cut", beforeChunk: 0 }, "cut", undefined, ""],
    [{ kind: "cut", beforeChunk: 3 }, "cut", undefined, "one two"],
    [{ kind: "cut", afterBytes: 10 }, "cut", undefined, ""],
    [{ kind: "malformed", beforeChunk: 2 }, "malformed", undefined, "one"],
    [{ kind: "stream-error", beforeChunk: 2 }, "stream-error", 500, "one"],
    [{ kind: "stream-error", beforeChunk: 1, error: "busy" }, "stream-error", undefined, ""],
    [{ kind: "abort", beforeChunk: 4 }, "abort", undefined, "one two three"],
  ];
  for (const [fault, code, status, text] of cases) {
    const heard = await askFaulty(fault);
    const { error } = heard;
    assert.ok(error instanceof CallError, `${JSON.stringify(fault)}: ${error}`);
    assert.deepEqual([error.code, error.status, heard.text], [code, status, text]);
    assert.equal(error.retryable, true);
    if (status === 429) assert.equal(error.retryAfterMs, 2000);
  }
  const dated = await askFaulty({
    kind: "status",
    status: 503,
    retryAfter: new Date(Date.now() + 30_000).toUTCString(),
  });
  const { retryAfterMs } = dated.error as CallError;
  assert.ok(retryAfterMs! > 25_000 && retryAfterMs! <= 31_000, String(retryAfterMs));
  const refused = await askFaulty({ kind: "status", status: 401, body: { error: "Unauthorized" } });
  assert.equal((refused.error as CallError).retryable, false);
  assert.match((refused.error as CallError).hint!, /--api-key-env/);
});

test("chat: a server that is gone", async () => {
  const server = await startTestServer();
  const chat = await connectChat({ baseUrl: server.baseUrl });
  await server.close();
  const { error, events } = await ask(chat);
  assert.deepEqual(events.map((event) => event.type), ["sent"]);
  assert.deepEqual([(error as CallError).code, (error as CallError).retryable], [
    "connection",
    true,
  ]);
});

test("chat: an abort rejects with its reason and closes the connection", async () => {
  const faults: (Fault | null)[] = [null, { kind: "hang" }, { kind: "stall", beforeChunk: 2 }];
  for (const fault of faults) {
    await using server = await startTestServer({
      script: () => ({ text: "a ".repeat(500), tokensPerSecond: 100 }),
      fault: () => fault,
    });
    const chat = await connectChat({ baseUrl: server.baseUrl });
    const abort = new AbortController();
    const reason = new Error("the race is over");
    const heard = ask(chat, attempt("x", { signal: abort.signal }));
    await until(() => server.stats().inFlight === 1);
    await later(40);
    abort.abort(reason);
    assert.equal((await heard).error, reason);
    await until(() => server.stats().inFlight === 0);
    const { aborted, completed, completionTokens } = server.stats();
    assert.deepEqual([aborted, completed], [1, 0]);
    assert.ok(completionTokens < 100);
  }
});

test("chat: a reader that leaves closes the connection too", async () => {
  await using server = await startTestServer({
    script: () => ({ text: "a ".repeat(500), tokensPerSecond: 200 }),
  });
  const chat = await connectChat({ baseUrl: server.baseUrl });
  const request = attempt("x");
  for await (const event of chat.complete(request.turn, request)) {
    if (event.type === "delta") break;
  }
  await until(() => server.stats().aborted === 1);
});

test("chat: an own fetch serves, and its failures are named", async () => {
  await using server = await startTestServer();
  const seen: string[] = [];
  const chat = await connectChat({
    baseUrl: server.baseUrl,
    fetch: (input, init) => {
      seen.push(String(input).replace(/.*:\d+/, ""));
      if (seen.length === 3) return Promise.resolve(new Response("no", { status: 418 }));
      return fetch(input, init);
    },
  });
  assert.match(String((await ask(chat)).error), /The server answered 418: no/);
  assert.equal((await ask(chat)).text, "This is a scripted reply.");
  assert.deepEqual(seen, [
    "/v1/models",
    "/tokenize",
    "/v1/chat/completions",
    "/v1/chat/completions",
  ]);
});
