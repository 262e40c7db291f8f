/**
 * Asks a server what it is before anything is spent on it.
 * @module
 */
import { z } from "../../deps/zod.ts";
import { didYouMean } from "../../did_you_mean.ts";
import { InputError, messageOf } from "../../errors.ts";
import { readErrorText } from "./error_body.ts";
import { type HttpOptions, send, textOf } from "./http.ts";

/** Options of {@linkcode probeServer}. */
export interface ProbeOptions extends HttpOptions {
  /** Ends the asking: the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A model that a server serves. */
export interface ServedModel {
  /** What requests call it. */
  readonly id: string;
  /** Longest prompt and reply together, in tokens. */
  readonly max_model_len: number | null;
  /** `vllm` for vLLM; others name a company or a person. */
  readonly owned_by: string | null;
  /** The model that an adapter belongs to. */
  readonly parent: string | null;
  /** The server says of itself that it is no real model. */
  readonly simulated: boolean;
}

/** What a server is. */
export interface ServerInfo {
  /** As given, without a slash at its end. */
  readonly baseUrl: string;
  /** In the server's order. */
  readonly models: readonly ServedModel[];
  /** It is a vLLM server (or speaks like one). */
  readonly vllm: boolean;
  /** It says that it serves no real model. */
  readonly simulated: boolean;
}

const text = z.string().nullish().transform((value) => value ?? null);

const modelsSchema = z.object({
  data: z.array(z.object({
    id: z.string(),
    max_model_len: z.number().int().positive().nullish().transform((value) => value ?? null),
    owned_by: text,
    parent: text,
    simulated: z.boolean().nullish().transform((value) => value ?? false),
  })),
});

/**
 * Reads `/models` below an OpenAI-compatible base URL.
 *
 * @throws {InputError} `base-url` (no URL), `unreachable` (5xx included: it may still be starting),
 * `api-key-missing`, `api-key-refused`, `not-openai-server`.
 */
export async function probeServer(
  baseUrl: string,
  options: ProbeOptions = {},
): Promise<ServerInfo> {
  const base = baseUrl.replace(/\/+$/, "");
  checkUrl(base);
  const signal = options.signal ?? new AbortController().signal;
  const { status, body } = await fetchModels(`${base}/models`, signal, options);
  if (status !== 200) throw refused(base, status, body, options.apiKey);
  const models = parseModels(base, body);
  return {
    baseUrl: base,
    models,
    vllm: models.some((model) => model.owned_by === "vllm"),
    simulated: models.some((model) => model.simulated),
  };
}

/**
 * The model that is meant: the named one, or a server's only one (adapters aside).
 *
 * @throws {InputError} `unknown-model`, with the names that the server serves.
 */
export function chooseModel(server: ServerInfo, name: string | undefined): ServedModel {
  const ids = server.models.map((model) => model.id);
  const listed = `${server.baseUrl} serves: ${ids.join(", ") || "no model"}.`;
  if (name === undefined) {
    const bases = server.models.filter((model) => model.parent === null);
    if (bases.length === 1) return bases[0]!;
    throw new InputError("unknown-model", `No model was named, and ${listed}`, {
      hint: "Name one with --model.",
    });
  }
  const model = server.models.find(({ id }) => id === name);
  if (model) return model;
  // People leave out the owner in owner/model.
  const guess = ids.find((id) => id.toLowerCase().endsWith(`/${name.toLowerCase()}`)) ??
    didYouMean(name, ids);
  throw new InputError("unknown-model", `There is no model "${name}"; ${listed}`, {
    hint: guess ? `Did you mean "${guess}"?` : "Name one of them with --model.",
  });
}

function checkUrl(base: string): void {
  if (URL.canParse(base) && /^https?:$/.test(new URL(base).protocol)) return;
  throw new InputError("base-url", `"${base}" is not the URL of a server.`, {
    hint: "Give one such as http://127.0.0.1:8000/v1.",
  });
}

async function fetchModels(
  url: string,
  signal: AbortSignal,
  options: HttpOptions,
): Promise<{ status: number; body: string }> {
  try {
    const response = await send(url, undefined, signal, options);
    return { status: response.status, body: await textOf(response, signal) };
  } catch (cause) {
    signal.throwIfAborted();
    throw new InputError("unreachable", messageOf(cause), {
      cause,
      hint: "Start the server, or correct --base-urls.",
    });
  }
}

function refused(base: string, status: number, body: string, key: string | undefined): InputError {
  const said = `${base}/models answered ${status}: ${readErrorText(body).message}`;
  if (status === 401 || status === 403) {
    return key
      ? new InputError("api-key-refused", said, { hint: "The key is wrong or has expired." })
      : new InputError("api-key-missing", said, {
        hint: "This server wants a key: put it into a variable and name that with --api-key-env.",
      });
  }
  if (status >= 500) {
    return new InputError("unreachable", said, { hint: "It may still be starting: try again." });
  }
  return new InputError("not-openai-server", said, {
    hint: base.endsWith("/v1")
      ? "Is this an OpenAI-compatible server?"
      : `Base URLs usually end in /v1: try ${base}/v1.`,
  });
}

function parseModels(base: string, body: string): readonly ServedModel[] {
  try {
    return modelsSchema.parse(JSON.parse(body)).data;
  } catch (cause) {
    const what = /^\s*</.test(body) ? "a web page" : "no list of models";
    throw new InputError("not-openai-server", `${base}/models answered with ${what}.`, {
      cause,
      hint: base.endsWith("/v1")
        ? "Is this an OpenAI-compatible server?"
        : `Base URLs usually end in /v1: try ${base}/v1.`,
    });
  }
}
