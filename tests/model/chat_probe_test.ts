import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { InputError } from "../../lib/errors.ts";
import { readErrorText } from "../../lib/model/chat/error_body.ts";
import { retryAfter } from "../../lib/model/chat/http_error.ts";
import { connectChat, probeServer } from "../../lib/model/chat/mod.ts";
import { clampToWindow, fittingMaxTokens, readOverflow } from "../../lib/model/chat/overflow.ts";
import { startTestServer } from "../../lib/testing/server.ts";
import { assert, test } from "../kit.ts";
import { capture, playback } from "./chat_kit.ts";

async function problem(promise: Promise<unknown>): Promise<InputError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return error;
  }
  throw new Error("it went well");
}

test("probe: what a real server says", async () => {
  await using server = await playback({ "/v1/models": (await capture("m_models")).raw });
  const info = await probeServer(server.baseUrl + "/");
  assert.deepEqual(info, {
    baseUrl: server.baseUrl,
    models: [{
      id: "tiny",
      max_model_len: 2048,
      owned_by: "vllm",
      parent: null,
      simulated: false,
    }],
    vllm: true,
    simulated: false,
  });
});

test("probe: a test server owns up, and wants its key", async () => {
  await using server = await startTestServer({ model: "Qwen/Qwen3-14B", apiKey: "sesame" });
  const { baseUrl } = server;
  assert.equal((await probeServer(baseUrl, { apiKey: "sesame" })).simulated, true);
  const missing = await problem(probeServer(baseUrl));
  assert.equal(missing.code, "api-key-missing");
  assert.match(missing.hint!, /--api-key-env/);
  assert.equal((await problem(probeServer(baseUrl, { apiKey: "x" }))).code, "api-key-refused");
  const open = { baseUrl, apiKey: "sesame" };
  assert.equal((await connectChat(open)).info.model, "Qwen/Qwen3-14B");
  const unknown = await problem(connectChat({ ...open, model: "qwen3-14b" }));
  assert.equal(unknown.code, "unknown-model");
  assert.match(unknown.message, /serves: Qwen\/Qwen3-14B\./);
  assert.match(unknown.hint!, /Did you mean "Qwen\/Qwen3-14B"/);
  const typo = await problem(connectChat({ ...open, model: "Qwen/Qwen3-41B" }));
  assert.match(typo.hint!, /Did you mean/);
  const other = await problem(connectChat({ ...open, model: "gpt" }));
  assert.doesNotMatch(other.hint!, /Did you mean/);
});

test("probe: no server, no OpenAI server, no URL", async () => {
  const gone = await startTestServer();
  await gone.close();
  const away = await problem(probeServer(gone.baseUrl));
  assert.equal(away.code, "unreachable");
  assert.match(
    away.message,
    new RegExp(`127\\.0\\.0\\.1:${gone.port}/v1/models cannot be reached`),
  );
  const pages: Record<string, [number, string]> = {
    "/v1/models": [200, "<!doctype html><title>hi</title>"],
    "/a/models": [404, `{"detail":"Not Found"}`],
    "/b/models": [200, `{"hello":"world"}`],
    "/c/models": [503, "starting"],
  };
  const web = createServer((request, response) => {
    const [status, body] = pages[request.url!]!;
    response.writeHead(status, { connection: "close" }).end(body);
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  const at = (path: string) =>
    problem(probeServer(`http://127.0.0.1:${(web.address() as AddressInfo).port}${path}`));
  try {
    const html = await at("/v1");
    assert.equal(html.code, "not-openai-server");
    assert.match(html.message, /a web page/);
    const noPath = await at("/a");
    assert.match(noPath.message, /404: Not Found/);
    assert.match(noPath.hint!, /end in \/v1/);
    assert.match((await at("/b")).message, /no list of models/);
    assert.equal((await at("/c")).code, "unreachable");
  } finally {
    await new Promise((resolve) => web.close(resolve));
  }
  assert.equal((await problem(probeServer("localhost:8000"))).code, "base-url");
  assert.equal((await problem(probeServer("nonsense"))).code, "base-url");
});

test("error bodies: every shape gives a message", () => {
  const cases: [string, string, number | undefined][] = [
    [`{"error":{"message":"too hot","type":"X","param":null,"code":400}}`, "too hot", 400],
    [`{"object":"error","message":"too cold","type":"X","code":422}`, "too cold", 422],
    [`{"error":"Unauthorized"}`, "Unauthorized", undefined],
    [`{"detail":"Not Found"}`, "Not Found", undefined],
    [
      `{"detail":[{"msg":"field required","loc":["body"]},{"msg":"bad"}]}`,
      "field required; bad",
      undefined,
    ],
    [`{"error":{"code":"context_length_exceeded","message":"long"}}`, "long", undefined],
    [`{"odd":1}`, `{"odd":1}`, undefined],
    ["upstream died", "upstream died", undefined],
    ["", "(empty body)", undefined],
    ["null", "null", undefined],
  ];
  for (const [text, message, status] of cases) {
    assert.deepEqual([readErrorText(text).message, readErrorText(text).status], [message, status]);
  }
  assert.ok(readErrorText("x".repeat(5000)).message.length < 700);
});

test("overflow: the wordings of several servers", () => {
  const cases: [string, { window: number | null; prompt: number | null } | null][] = [
    [
      "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (3000 in the messages, 2000 in the completion). Please reduce the length of the messages or completion.",
      { window: 4096, prompt: 3000 },
    ],
    [
      "'max_tokens' or 'max_completion_tokens' is too large: 5000. This model's maximum context length is 4096 tokens and your request has 3000 input tokens (5000 > 4096 - 3000).",
      { window: 4096, prompt: 3000 },
    ],
    [
      "This model's maximum context length is 16384 tokens. However, you requested 8192 output tokens and your prompt contains at least 8193 input tokens, for a total of at least 16385 tokens.",
      { window: 16384, prompt: null },
    ],
    [
      "This model's maximum context length is 2048 tokens. However, your prompt contains 30108 characters (more than 26624 characters, which is the upper bound for 2048 input tokens).",
      { window: 2048, prompt: null },
    ],
    [
      "max_tokens=100000 cannot be greater than max_model_len=2048. Please request fewer output tokens.",
      { window: 2048, prompt: null },
    ],
    ["This model's maximum context length is 8192 tokens.", { window: 8192, prompt: null }],
    ["temperature must be non-negative", null],
  ];
  for (const [message, expected] of cases) {
    assert.deepEqual(readOverflow(message, undefined), expected, message);
  }
  assert.deepEqual(readOverflow("too long", "context_length_exceeded"), {
    window: null,
    prompt: null,
  });
  assert.equal(fittingMaxTokens(2000, 3000, 4096), 1096);
  assert.equal(fittingMaxTokens(1000, 3000, 4096), undefined);
  assert.equal(fittingMaxTokens(1000, 5000, 4096), undefined);
  assert.equal(clampToWindow(7000, 100, 32_768), 7000);
  assert.equal(clampToWindow(7000, 1000, 4096), 3096);
  assert.equal(clampToWindow(7000, 9000, 4096), 512);
});

test("Retry-After: seconds, milliseconds, a date on the server's clock", () => {
  const of = (headers: Record<string, string>) => retryAfter(new Headers(headers));
  assert.equal(of({ "retry-after": "1.5" }), 1500);
  assert.equal(of({ "retry-after-ms": "20", "retry-after": "1" }), 20);
  const date = "Sat, 21 Nov 2026 12:00:00 GMT";
  assert.equal(of({ "retry-after": "Sat, 21 Nov 2026 12:00:10 GMT", date }), 10_000);
  assert.equal(of({ "retry-after": "Sat, 21 Nov 2026 11:00:00 GMT", date }), undefined);
  assert.equal(of({ "retry-after": "soon" }), undefined);
  assert.equal(of({}), undefined);
});
