/**
 * Opens the model that a bench asks for. Everything that can be wrong is found here, before a call.
 * @module
 */
import process from "node:process";
import { InputError, messageOf, RrmError } from "../errors.ts";
import type { Backend, Completer } from "../model/types.ts";
import type { BenchOptions } from "./config.ts";
import { DEFAULTS } from "./settings.ts";

/** A server that says nothing for so many seconds at the start counts as one that is not there. */
const LONGEST_SILENCE_S = 30;

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
  refuseIdle(kind, options);
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
  const found = await Promise.allSettled(
    urls.map((baseUrl) =>
      withPatience(baseUrl, options, signal, (signal) =>
        connectChat({
          baseUrl,
          kind,
          ...(options.model !== undefined && { model: options.model }),
          ...(apiKey !== undefined && { apiKey }),
          continuousUsage: (options.continuousUsage ?? "on") === "on",
          signal,
        }))
    ),
  );
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
  return transcriptBackend(poolOf(replicas));
}

/** Flags that a backend has no use for are refused: a run that ignores them is not what was meant. */
function refuseIdle(kind: string, options: BenchOptions): void {
  const servers = kind === "vllm" || kind === "chat";
  const idle = !servers && options.baseUrls?.length
    ? ["base-urls", "vllm or chat"] as const
    : kind !== "llama" && options.lora !== undefined && options.lora !== "none"
    ? ["lora", "llama"] as const
    : null;
  if (!idle) return;
  throw new InputError(idle[0], `--${idle[0]} is of no use to --backend ${kind}`, {
    hint: `Leave it out, or give --backend ${idle[1]}.`,
  });
}

/** Ends the connecting to a server that accepts but does not answer. */
async function withPatience<T>(
  baseUrl: string,
  options: BenchOptions,
  outer: AbortSignal | undefined,
  connect: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const seconds = Math.min(LONGEST_SILENCE_S, options.firstTokenTimeout ?? Infinity);
  const silence = new AbortController();
  const error = new InputError("unreachable", `${baseUrl} did not answer within ${seconds} s`, {
    hint: "Start the server, or correct --base-urls.",
  });
  const timer = setTimeout(() => silence.abort(error), seconds * 1000);
  try {
    return await connect(outer ? AbortSignal.any([outer, silence.signal]) : silence.signal);
  } finally {
    clearTimeout(timer);
  }
}
