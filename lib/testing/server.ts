/**
 * A model server on the loopback, for tests: real sockets and real time, no model.
 * @module
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { InputError, messageOf } from "../errors.ts";
import { scriptedPromptTokens, scriptedTokens } from "../model/scripted_reply.ts";
import { answerChat } from "./server_chat.ts";
import { type Counts, readJson, refuse, reply } from "./server_http.ts";
import { deltaShapes, type TestServer, type TestServerOptions } from "./server_options.ts";

/**
 * Starts a server that speaks the OpenAI-compatible HTTP of vLLM on 127.0.0.1: `/health`,
 * `/v1/models`, `/v1/chat/completions` (streamed or not), `/tokenize`. It says in `/v1/models` that
 * it is simulated, so that rows measured against it do too.
 *
 * @throws {InputError} `port` where the port is taken.
 *
 * @example
 * ```ts
 * import { startTestServer } from "@rrm/rrm/testing";
 * await using server = await startTestServer({ script: () => "FINAL: 42", prefillMs: 5 });
 * const models = await (await fetch(`${server.baseUrl}/models`)).json();
 * if (models.data[0].simulated !== true) throw new Error("it must own up");
 * ```
 */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const settings = {
    script: () => "This is a scripted reply.",
    model: "scripted",
    ownedBy: "vllm",
    maxModelLen: 32_768,
    shape: deltaShapes.current,
    claimReal: false,
    ...options,
  };
  const counts: Counts = {
    requests: 0,
    inFlight: 0,
    maxInFlight: 0,
    completed: 0,
    aborted: 0,
    promptTokens: 0,
    completionTokens: 0,
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://loopback").pathname;
    const body = await readJson(request);
    settings.onRequest?.({ path, headers: request.headers, body: body.value });
    const key = request.headers.authorization?.replace(/^Bearer /, "");
    if (path === "/health") return reply(response, 200, undefined);
    if (settings.apiKey !== undefined && key !== settings.apiKey) {
      return reply(response, 401, { error: "Unauthorized" });
    }
    if (body.error !== undefined) return refuse(response, 400, "Bad Request", body.error);
    if (path === "/v1/models") return reply(response, 200, modelList(settings));
    if (path === "/tokenize") return reply(response, 200, tokenized(body.value, settings));
    if (path === "/v1/chat/completions" && request.method === "POST") {
      return await answerChat(body.value, response, settings, counts);
    }
    return reply(response, 404, { detail: "Not Found" });
  }

  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      // A script that throws is the test's own fault: say so to the client that waits.
      if (response.headersSent) response.destroy();
      else refuse(response, 500, "InternalServerError", messageOf(error));
    });
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      const message = `Port ${options.port} cannot be listened on: ${messageOf(cause)}`;
      reject(new InputError("port", message, { cause }));
    });
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;

  function close(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  }
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    port,
    stats: () => ({ ...counts }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

type Settings = TestServerOptions & { readonly model: string; readonly maxModelLen: number };

function modelList({ model, ownedBy, maxModelLen, claimReal }: Settings): unknown {
  const entry = {
    id: model,
    object: "model",
    created: 0,
    owned_by: ownedBy,
    parent: null,
    max_model_len: maxModelLen,
    ...(!claimReal && { simulated: true }),
  };
  return { object: "list", data: [entry] };
}

function tokenized(body: unknown, { maxModelLen }: Settings): unknown {
  const { messages, prompt } = body as { messages?: []; prompt?: string };
  const count = messages ? scriptedPromptTokens(messages) : scriptedTokens(prompt ?? "").length;
  const tokens = Array.from({ length: count }, (_, i) => i);
  return { count, max_model_len: maxModelLen, tokens, token_strs: null };
}
