/**
 * Opens the model that a bench asks for. Everything that can be wrong is found here, before a call.
 * @module
 */
import process from "node:process";
import { InputError, messageOf, RrmError } from "../errors.ts";
import type { Backend, Completer } from "../model/types.ts";
import type { BenchOptions } from "./config.ts";
import { DEFAULTS } from "./settings.ts";

/** Options of {@linkcode connectBackend}. */
export interface ConnectOptions {
  /** Gives up connecting; its reason is then thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Told what goes on: installs, downloads, warnings. */
  readonly onMessage?: (message: string) => void;
}

/**
 * Opens the backend of a bench: the embedded model, a pool of servers, a script, or the simulated
 * model. Servers that do not answer are left out with a message; with none left it fails.
 *
 * @throws {InputError} when no model can be had, with the other ways to get one.
 */
export async function connectBackend(
  options: BenchOptions,
  { signal, onMessage = () => {} }: ConnectOptions = {},
): Promise<Backend> {
  const kind = options.backend ?? (options.baseUrls?.length ? "vllm" : "llama");
  switch (kind) {
    case "llama": {
      const { llamaBackend } = await import("../model/llama/mod.ts");
      return await llamaBackend({
        ...(options.model !== undefined && { model: options.model }),
        ...(options.lora !== undefined && options.lora !== "none" && { lora: options.lora }),
        ...(options.gpu !== undefined && { gpu: options.gpu }),
        onProgress: onMessage,
        ...(signal && { signal }),
      });
    }
    case "vllm":
    case "chat":
      return await connectServers(options, kind, { signal, onMessage });
    case "simulated": {
      const { simulatedBackend } = await import("../model/simulated.ts");
      return simulatedBackend({ seed: options.seed ?? 0 });
    }
    case "scripted": {
      if (!options.model) {
        throw new InputError("model", "--backend scripted needs --model SCRIPT.json", {
          hint: "The script is a list of rules; see docs/testing.md.",
        });
      }
      const { loadScript, scriptedBackend } = await import("../model/scripted.ts");
      return scriptedBackend(await loadScript(options.model));
    }
  }
}

async function connectServers(
  options: BenchOptions,
  kind: "vllm" | "chat",
  { signal, onMessage }: Required<Pick<ConnectOptions, "onMessage">> & ConnectOptions,
): Promise<Backend> {
  const urls = options.baseUrls ?? [];
  if (urls.length === 0) {
    throw new InputError("base-urls", `--backend ${kind} needs --base-urls`, {
      hint:
        "For example --base-urls http://127.0.0.1:8000/v1; several, parted by commas, make a pool.",
    });
  }
  const name = options.apiKeyEnv ?? DEFAULTS.apiKeyEnv;
  const apiKey = process.env[name];
  if (options.apiKeyEnv !== undefined && !apiKey) {
    throw new InputError("api-key", `--api-key-env ${name}: this variable is not set`, {
      hint: `Set it: export ${name}=…`,
    });
  }
  const { connectChat } = await import("../model/chat/mod.ts");
  const { poolOf } = await import("../model/pool.ts");
  const { transcriptBackend } = await import("../model/transcript.ts");
  const found = await Promise.allSettled(urls.map((baseUrl) =>
    connectChat({
      baseUrl,
      kind,
      ...(options.model !== undefined && { model: options.model }),
      ...(apiKey !== undefined && { apiKey }),
      continuousUsage: (options.continuousUsage ?? "on") === "on",
      ...(signal && { signal }),
    })
  ));
  signal?.throwIfAborted();
  const replicas: Completer[] = [];
  const failures: unknown[] = [];
  for (const result of found) {
    if (result.status === "fulfilled") replicas.push(result.value);
    else failures.push(result.reason);
  }
  // A server that is down may come back; one that is wrong (another model, no key) will not.
  const wrong = failures.find((error) =>
    RrmError.isInstance(error) && error.code !== "unreachable"
  );
  if (wrong || replicas.length === 0) {
    for (const replica of replicas) await replica[Symbol.asyncDispose]();
    throw wrong ?? failures[0];
  }
  for (const failure of failures) onMessage(`Left out: ${messageOf(failure)}`);
  const models = new Set(replicas.map((replica) => replica.info.model));
  if (models.size > 1) {
    for (const replica of replicas) await replica[Symbol.asyncDispose]();
    throw new InputError("model", `The servers serve different models: ${[...models].join(", ")}`, {
      hint: "A pool is made of replicas of one model; name it with --model.",
    });
  }
  return transcriptBackend(poolOf(replicas));
}
