/**
 * The embedded backend: llama.cpp in a process of its own, installed on first use.
 * @module
 */
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import process from "node:process";
import { InputError } from "../../errors.ts";
import { findProgram } from "../../runtime/process.ts";
import { type EngineBackend, engineBackend } from "../engine/client.ts";
import { exists, type Progress } from "./cache.ts";
import { findNpm, type Gpu, installLibrary, libraryEntry, libraryFolder } from "./install.ts";
import { defaultModel, defaultModelPath, findPip, getWeights } from "./weights.ts";
import { writeWorker } from "./worker_source.ts";

export { cacheFolder, type Progress } from "./cache.ts";
export { type Gpu, installLibrary, type InstallOptions } from "./install.ts";
export { getWeights, type Weights, type WeightsOptions } from "./weights.ts";
export type { EngineBackend, EngineStats } from "../engine/client.ts";

/** Roles that a LoRA without a role of its own serves: those of a graph. */
export const graphRoles: readonly string[] = ["planner", "worker", "continuation"];

/** Options of {@linkcode llamaBackend}. */
export interface LlamaOptions {
  /** `FILE.gguf` or `hf:OWNER/REPO:FILE`. Default: SmolLM2-135M-Instruct. */
  readonly model?: string | null | undefined;
  /** Path of a GGUF adapter by role; a path alone serves the {@linkcode graphRoles}. */
  readonly lora?: string | Readonly<Record<string, string>> | null | undefined;
  /** Default `off`. */
  readonly gpu?: Gpu | undefined;
  /** Conversations that run, or keep their state, at once. Default 6. */
  readonly sequences?: number | undefined;
  /** Longest prompt and reply of one conversation, in tokens. Default 3072. */
  readonly contextSize?: number | undefined;
  /** Threads that compute. Default: all cores but one; on a shared computer more are slower. */
  readonly threads?: number | null | undefined;
  /** Default: the user's cache. */
  readonly cacheDir?: string | undefined;
  readonly onProgress?: Progress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a model on this computer: installs the engine and fetches the weights where they are
 * missing, then starts the engine in a process of its own. Sessions keep their state across an
 * `await`: when one goes on, only its new tokens are evaluated.
 * @throws {InputError} with the other ways, when the engine or the model cannot be had.
 *
 * @example
 * ```ts
 * import { llamaBackend } from "./mod.ts";
 * export async function contextWindow(): Promise<number | null> {
 *   await using backend = await llamaBackend({ onProgress: console.error });
 *   return backend.info.contextWindow;
 * }
 * ```
 */
export async function llamaBackend(options: LlamaOptions = {}): Promise<EngineBackend> {
  const { gpu = "off", cacheDir, signal } = options;
  const lora = await adapters(options.lora);
  const folder = await installLibrary(options);
  const weights = await getWeights(options);
  const worker = await writeWorker(cacheDir);
  options.onProgress?.(`starting ${weights.name}`);
  const config = {
    library: libraryEntry(folder),
    model: resolve(weights.path),
    name: weights.name,
    lora,
    gpu,
    sequences: options.sequences ?? 6,
    contextSize: options.contextSize ?? 3072,
    threads: options.threads ?? null,
  };
  return await engineBackend({
    command: [...await runtimeCommand(), worker, JSON.stringify(config)],
    kind: "llama",
    signal,
  });
}

/** What the embedded backend finds on this computer; nothing is installed. */
export interface LlamaStatus {
  /** Folder of the engine, `null` where it is not installed. */
  readonly engine: string | null;
  /** File of the built-in model, `null` where it is not fetched. */
  readonly weights: string | null;
  readonly npm: string | null;
  readonly pip: string | null;
}

/** Looks around, for `rrm doctor`. */
export async function llamaStatus(
  { gpu, cacheDir }: { readonly gpu?: Gpu; readonly cacheDir?: string } = {},
): Promise<LlamaStatus> {
  const present = async (path: string) => (await exists(path)) ? path : null;
  return {
    engine: await present(libraryFolder({ gpu, cacheDir })),
    weights: await stat(defaultModelPath(cacheDir))
      .then(
        ({ size }) => size === defaultModel.size ? defaultModelPath(cacheDir) : null,
        () => null,
      ),
    npm: (await findNpm())?.join(" ") ?? null,
    pip: (await findPip())?.join(" ") ?? null,
  };
}

async function adapters(
  lora: LlamaOptions["lora"],
): Promise<Record<string, { readonly path: string; readonly name: string }>> {
  const byRole = typeof lora === "string"
    ? Object.fromEntries(graphRoles.map((role) => [role, lora]))
    : lora ?? {};
  const result: Record<string, { readonly path: string; readonly name: string }> = {};
  for (const [role, path] of Object.entries(byRole)) {
    if (!(await exists(path))) {
      throw new InputError("lora", `There is no adapter ${path} (role ${role}).`, {
        hint: "Give a GGUF adapter file, or `--lora none`.",
      });
    }
    result[role] = { path: resolve(path), name: basename(path).replace(/\.gguf$/i, "") };
  }
  return result;
}

/** The runtime that runs the engine process: this one, or one on the PATH. */
async function runtimeCommand(): Promise<[string, ...string[]]> {
  const flags = ["run", "--no-config", "--no-lock", "--node-modules-dir=manual", "-A"];
  const own = process.execPath;
  if (/(^|[\\/])deno(\.exe)?$/i.test(own)) return [own, ...flags];
  if (/(^|[\\/])bun(\.exe)?$/i.test(own)) return [own, "run"];
  const deno = await findProgram("deno");
  if (deno) return [deno, ...flags];
  const bun = await findProgram("bun");
  if (bun) return [bun, "run"];
  throw new InputError(
    "engine",
    "The embedded engine runs on Deno or Bun; neither is on the PATH.",
  );
}
