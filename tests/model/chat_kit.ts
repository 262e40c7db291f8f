/** Captured replies, and a server that plays them back. */
import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** A captured response. */
export interface Capture {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** As it came over the wire. */
  readonly raw: Uint8Array;
}

const folder = new URL("../fixtures/vllm/", import.meta.url);

/** Reads `NAME.raw`. */
export async function capture(name: string): Promise<Capture> {
  const raw = await readFile(new URL(`${name}.raw`, folder));
  const split = raw.indexOf("\r\n\r\n");
  const [status, ...lines] = raw.subarray(0, split).toString("latin1").split("\r\n");
  const headers = new Headers(lines.map((line) => line.split(": ", 2) as [string, string]));
  const rest = raw.subarray(split + 4);
  const chunked = headers.get("transfer-encoding") === "chunked";
  return {
    status: Number(status!.split(" ")[1]),
    headers,
    body: chunked ? dechunked(rest) : rest,
    raw,
  };
}

/** Reads `NAME.req.json`. */
export async function capturedRequest(name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(new URL(`${name}.req.json`, folder), "utf8"));
}

function dechunked(bytes: Buffer): Uint8Array {
  const parts: Buffer[] = [];
  for (let at = 0;;) {
    const end = bytes.indexOf("\r\n", at);
    const size = parseInt(bytes.subarray(at, end).toString("latin1"), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

/** Plays whole responses back, byte for byte: the path of a request picks one. */
export async function playback(
  responses: Readonly<Record<string, Uint8Array>>,
): Promise<AsyncDisposable & { readonly baseUrl: string }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    let text = "";
    socket.on("data", (data) => {
      text += data;
      const path = /^\w+ (\S+)/.exec(text)?.[1] ?? "";
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      const head = text.indexOf("\r\n\r\n");
      if (head < 0 || text.length < head + 4 + length) return;
      text = "";
      socket.end(responses[path] ?? "HTTP/1.1 500 Not Played\r\ncontent-length: 0\r\n\r\n");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
    },
  };
}
