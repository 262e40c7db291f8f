import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import process from "node:process";
import { join, normalize } from "node:path";
import { promisify } from "node:util";
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
    const rights = ["--allow-read", "--allow-write", "--allow-env", "--allow-net", "--allow-run"];
    const args = ["run", "--no-prompt", ...rights, ...flags, "main.ts"];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("url import: mod.ts loads from a web server with no import map", async () => {
  const server = await serveCheckout();
  try {
    const script = `import * as rrm from "${server.origin}/mod.ts";
console.log(typeof rrm.InputError, typeof rrm.virtualClock);`;
    assert.equal(await runElsewhere(server.origin, script), "function function\n");
  } finally {
    await server.close();
  }
});
