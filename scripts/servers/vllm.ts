/**
 * A real vLLM on the loopback: finds what it takes, starts one, stops it.
 * @module
 */
import { spawn } from "node:child_process";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { cacheFolder, exists } from "../../lib/model/llama/cache.ts";

/** What it takes to start a server. */
export interface VllmParts {
  /** Python environment with vLLM. */
  readonly venv: string;
  /** Folder of a Hugging Face model. */
  readonly model: string;
}

/** A server of ours. */
export interface RunningVllm extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/v1` */
  readonly baseUrl: string;
  /** Its process, which leads a process group of its own. */
  readonly pid: number;
  /** How long it took to be ready, in milliseconds. */
  readonly startMs: number;
  /** The end of its log. */
  said(): Promise<string>;
}

const here = dirname(fileURLToPath(import.meta.url));
const version = "0.32.0";
const readyWithinMs = 300_000;
const goneWithinMs = 10_000;

/** Finds the parts, or says what is missing and how to get it. */
export async function findVllm(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<VllmParts | string> {
  const venv = join(cacheFolder(env), "servers", `vllm-${version}`);
  if (!(await exists(join(venv, "complete")))) {
    return `there is no vLLM in ${venv}: scripts/servers/install_vllm.sh makes it (about 6 GB)`;
  }
  const named = env["RRM_TEST_VLLM_MODEL"];
  const model = resolve(named ?? join(here, "../../../shared/fixtures/tiny-qwen3"));
  if (!(await exists(join(model, "config.json")))) {
    return `there is no model in ${model}: name the folder of a small one (config.json, ` +
      "safetensors, tokenizer) with RRM_TEST_VLLM_MODEL";
  }
  return { venv, model };
}

/** Starts a server and waits until it is ready. Closing it ends it and all its processes. */
export async function startVllm({ venv, model }: VllmParts): Promise<RunningVllm> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "rrm-vllm-"));
  const log = join(folder, "log");
  const output = await open(log, "w");
  const started = performance.now();
  const child = spawn(join(here, "serve_vllm.sh"), [venv, model, String(port)], {
    // A group of its own: vLLM's engine is a second process, and must go with the first.
    detached: true,
    stdio: ["pipe", output.fd, output.fd],
  });
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("close", () => resolve());
  });
  let running = true;
  ended.then(() => running = false);
  const { pid } = child;
  await output.close();
  if (pid === undefined) throw new Error(`${here}/serve_vllm.sh cannot be started`);

  async function stop(): Promise<void> {
    for (const name of ["SIGTERM", "SIGKILL"] as const) {
      signal(pid!, name);
      if (await within(ended, goneWithinMs)) break;
    }
    // Also what its first process left behind.
    signal(pid!, "SIGKILL");
    child.stdin!.destroy();
    await rm(folder, { recursive: true, force: true });
  }

  const said = async () => (await readFile(log, "utf8")).slice(-3000);

  const url = `http://127.0.0.1:${port}`;
  while (!(await healthy(url))) {
    const late = performance.now() - started > readyWithinMs;
    if (running && !late) continue;
    const last = await said();
    await stop();
    const what = late ? `was not ready within ${readyWithinMs / 1000} s` : "ended at its start";
    throw new Error(`vLLM ${what}. It said last:\n${last}`);
  }
  return {
    baseUrl: `${url}/v1`,
    pid,
    startMs: performance.now() - started,
    said,
    [Symbol.asyncDispose]: stop,
  };
}

/** Sends a signal to a server and all its processes; nothing happens where they are gone. */
export function signal(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(-pid, name);
  } catch {
    // Gone already.
  }
}

async function healthy(url: string): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 250));
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function within(ended: Promise<void>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<false>((resolve) => timer = setTimeout(() => resolve(false), ms));
  return await Promise.race([ended.then(() => true), late]).finally(() => clearTimeout(timer));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
