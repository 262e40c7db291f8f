import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import process from "node:process";
import { join, normalize } from "node:path";
import { promisify } from "node:util";
import { llamaStatus } from "../../lib/model/llama/mod.ts";
import { assert, test } from "../kit.ts";

/** Serves the checkout as a plain web server would. */
async function serveCheckout(): Promise<{ origin: string; close(): Promise<void> }> {
  const types: Record<string, string> = { ts: "text/typescript", tsx: "text/tsx" };
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(request.url ?? "/"));
    const body = await readFile(join(".", path)).catch(() => null);
    const type = types[path.split(".").at(-1)!] ?? "text/plain";
    response.writeHead(body ? 200 : 404, { "content-type": type }).end(body ?? "no such file");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Runs `script` in an empty folder, in a Deno that knows no configuration. */
async function runElsewhere(origin: string, script: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rrm-url-"));
  try {
    await writeFile(join(folder, "main.ts"), script);
    const host = new URL(origin).host;
    const flags = ["--no-config", "--no-lock", `--allow-import=${host}`, `--reload=${origin}/`];
    const rights = [
      "--allow-read",
      "--allow-write",
      "--allow-env",
      "--allow-net",
      "--allow-run",
      "--allow-sys",
    ];
    const args = ["run", "--quiet", "--no-prompt", ...rights, ...flags, "main.ts"];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function onServer(script: (origin: string) => string): Promise<string> {
  const server = await serveCheckout();
  try {
    return await runElsewhere(server.origin, script(server.origin));
  } finally {
    await server.close();
  }
}

test("url import: mod.ts runs a bench and renders its page, with no import map", async () => {
  const said = await onServer((origin) => `
import * as rrm from "${origin}/mod.ts";
await Deno.writeTextFile("tasks.jsonl", JSON.stringify({ id: "a", task: "2 + 2?", answer: 4 }));
const { out, rows } = await rrm.runBench({ tasks: ["tasks.jsonl"], backend: "simulated" });
const items = await Array.fromAsync(rrm.readRows(out));
const page = rrm.renderDemo({ rows: items.map((item) => item.row), title: "By URL" });
console.log(rows, page.includes("<title>By URL</title>"), page.includes("streaming_parallel"));`);
  assert.equal(said, "2 true true\n");
});

test("url import: the testing kit loads", async () => {
  const said = await onServer((origin) => `
import { startTestServer } from "${origin}/lib/testing/mod.ts";
await using server = await startTestServer();
const { data } = await (await fetch(server.baseUrl + "/models")).json();
console.log(data[0].id);`);
  assert.equal(said, "scripted\n");
});

const { engine, weights } = await llamaStatus();

test("url import: the embedded engine starts", async () => {
  const said = await onServer((origin) => `
import { connectBackend } from "${origin}/mod.ts";
await using backend = await connectBackend({ tasks: [], backend: "llama" });
console.log(backend.info.timing);`);
  assert.equal(said, "api\n");
}, {
  skip: engine && weights ? false : "the embedded model is not installed: run `rrm demo` first",
});
