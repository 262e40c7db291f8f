/**
 * A chat completion's event stream, read as it comes, in the wordings of many servers.
 * @module
 */
import { createParser } from "../../deps/eventsource_parser.ts";
import { z } from "../../deps/zod.ts";
import { CallError } from "../call_error.ts";
import type { ModelEvent, Usage } from "../types.ts";
import { type ErrorBody, readErrorText } from "./error_body.ts";
import { isRetried } from "./http_error.ts";

const count = z.number().nullish();

const usageSchema = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: count }).nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: count }).nullish(),
});

const chunkSchema = z.object({
  choices: z.array(z.object({
    delta: z.object({
      content: z.string().nullish(),
      reasoning: z.string().nullish(),
      reasoning_content: z.string().nullish(),
    }).nullish(),
    finish_reason: z.string().nullish(),
  })).nullish(),
  usage: usageSchema.nullish(),
  error: z.unknown().optional(),
  object: z.unknown().optional(),
});

/** Longest event that is read, in characters: a 1 MB task inside one delta is legal. */
const longestEvent = 16 * 2 ** 20;

/** Reads a reply in pieces of bytes, cut anywhere. */
export interface ReplyReader {
  /** Yields what the piece completes; throws a `CallError` where the server reports a failure. */
  push(bytes: Uint8Array): Iterable<ModelEvent>;
  /** True once the server said that nothing follows. */
  readonly done: boolean;
  /** The reply's last event; throws `cut` where the stream stopped before its finish. */
  end(): ModelEvent;
}

/** Makes a {@linkcode ReplyReader}. */
export function replyReader(): ReplyReader {
  const decoder = new TextDecoder();
  let waiting: string[] = [];
  const parser = createParser({
    onEvent: (event) => waiting.push(event.data),
    maxBufferSize: longestEvent,
  });
  let deltas = 0;
  let completionTokens = 0;
  let promptTold = false;
  let usage: z.infer<typeof usageSchema> | undefined;
  let finishReason: string | undefined;
  let done = false;

  function read(data: string): ModelEvent | undefined {
    if (done) return;
    if (data === "[DONE]") {
      done = true;
      return;
    }
    const chunk = parseChunk(data);
    const failed = (chunk.error !== undefined && chunk.error !== null) || chunk.object === "error";
    if (failed) throw streamError(readErrorText(data), { begun: deltas > 0 });
    const choice = chunk.choices?.[0];
    finishReason = choice?.finish_reason ?? finishReason;
    usage = chunk.usage ?? usage;
    return choice?.delta ? readDelta(choice.delta) : undefined;
  }

  function readDelta(delta: ChunkDelta): ModelEvent | undefined {
    const text = delta.content || undefined;
    // Servers in transition send the same thought under both names.
    const reasoning = delta.reasoning || delta.reasoning_content || undefined;
    const tokens = usage?.completion_tokens ?? 0;
    const counted = tokens > completionTokens;
    if (!text && !reasoning && !counted) return;
    if (text || reasoning) deltas++;
    completionTokens = Math.max(tokens, completionTokens);
    const promptTokens = promptTold ? undefined : usage?.prompt_tokens ?? undefined;
    promptTold ||= promptTokens !== undefined;
    return {
      type: "delta",
      ...(text && { text }),
      ...(reasoning && { reasoning }),
      ...(counted && { completionTokens }),
      ...(promptTokens !== undefined && { promptTokens }),
    };
  }

  return {
    *push(bytes) {
      feed(parser, decoder.decode(bytes, { stream: true }));
      const ready = waiting;
      waiting = [];
      for (const data of ready) {
        const event = read(data);
        if (event) yield event;
      }
    },
    get done() {
      return done;
    },
    end() {
      if (finishReason === undefined) {
        throw new CallError("cut", "The server's stream stopped before its finish.", {
          retryable: true,
        });
      }
      if (finishReason === "abort" || finishReason === "error") {
        throw new CallError(
          "abort",
          `The server ended the reply: finish_reason "${finishReason}".`,
          {
            retryable: true,
          },
        );
      }
      return {
        type: "finish",
        finishReason,
        usage: finalUsage(usage, deltas),
        usageSource: usage ? "api" : "estimated",
      };
    },
  };
}

/** All of a reply. */
export async function* readReply(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<ModelEvent, void> {
  const reader = replyReader();
  for await (const bytes of source) {
    for (const event of reader.push(bytes)) yield event;
    if (reader.done) break;
  }
  yield reader.end();
}

type Chunk = z.infer<typeof chunkSchema>;
type ChunkDelta = NonNullable<NonNullable<NonNullable<Chunk["choices"]>[number]>["delta"]>;

function feed(parser: ReturnType<typeof createParser>, text: string): void {
  try {
    parser.feed(text);
  } catch (cause) {
    throw malformed(`an event of over ${longestEvent} characters`, cause);
  }
}

function parseChunk(data: string): Chunk {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (cause) {
    throw malformed(`not JSON: ${quote(data)}`, cause);
  }
  const chunk = chunkSchema.safeParse(value);
  if (!chunk.success) {
    throw malformed(`${z.prettifyError(chunk.error)}: ${quote(data)}`, chunk.error);
  }
  return chunk.data;
}

function malformed(what: string, cause: unknown): CallError {
  const message = `The server sent a chunk that cannot be read: ${what}`;
  return new CallError("malformed", message, { retryable: true, cause });
}

/**
 * A failure that a server reports inside a reply that was answered as a success. Before the first
 * word it may be a refusal (vLLM reads grammars after it has answered), as final as by its status;
 * after it, it is an accident, whatever its status (vLLM has said 400 of a dead engine).
 */
export function streamError(
  { message, status }: ErrorBody,
  { begun }: { readonly begun: boolean },
): CallError {
  return new CallError("stream-error", `The server failed while replying: ${message}`, {
    retryable: begun || status === undefined || isRetried(status),
    status,
  });
}

/** Where the server counts nothing, each delta counts as a token. */
function finalUsage(usage: z.infer<typeof usageSchema> | undefined, deltas: number): Usage {
  return {
    prompt_tokens: usage?.prompt_tokens ?? null,
    completion_tokens: usage ? usage.completion_tokens ?? null : deltas,
    reasoning_tokens: usage?.completion_tokens_details?.reasoning_tokens ?? null,
    cached_tokens: usage?.prompt_tokens_details?.cached_tokens ?? null,
    total_tokens: usage?.total_tokens ?? null,
  };
}

function quote(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
