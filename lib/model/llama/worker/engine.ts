/**
 * The engine: sessions on one model, a context per adapter, a slot per running reply.
 * @module
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rm } from "node:fs/promises";
import type {
  EvaluateOptions,
  GrammarState,
  Library,
  Llama,
  Model,
  Sequence,
  Token,
} from "./binding.ts";
import type { ChatFormat, ChatMessage } from "./chat_format.ts";
import { adoptedOf, commonPrefix, type Conversation, pastOf, promptOf } from "./conversation.ts";
import { replyText } from "./reply_text.ts";
import { createSlots, type Slot, type Slots } from "./slots.ts";

/** Tokens evaluated between two looks at whether the call was cancelled. */
const prefillChunk = 128;

/** From this length on, a fork copies its parent's state instead of evaluating it again. */
const shortestCopy = 128;

/** What a call asks for; see the protocol. */
export interface GenerateRequest {
  readonly id: number;
  readonly session: string;
  readonly turn: readonly ChatMessage[];
  readonly settings: {
    readonly role: string;
    readonly max_tokens: number;
    readonly temperature: number | null;
    readonly top_p: number | null;
    readonly seed: number | null;
    readonly stop: readonly string[];
    readonly thinking: unknown;
    readonly constraint:
      | { readonly kind: "grammar"; readonly grammar: string }
      | { readonly kind: "json-schema"; readonly schema: unknown }
      | null;
  };
}

/** What the engine runs on. */
export interface EngineParts {
  readonly library: Library;
  readonly llama: Llama;
  readonly model: Model;
  readonly format: ChatFormat;
  /** Path of the adapter by role. */
  readonly lora: Readonly<Record<string, { readonly path: string; readonly name: string }>>;
  readonly sequences: number;
  readonly contextSize: number;
  readonly emit: (reply: Record<string, unknown>) => void;
}

/** A failure with the code that the protocol has for it. */
export class EngineError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The engine's side of the protocol. */
export interface Engine {
  open(session: string, messages: readonly ChatMessage[]): void;
  adopt(session: string, turn: readonly ChatMessage[], reply: string): void;
  fork(session: string, from: string): void;
  close(session: string): void;
  count(messages: readonly ChatMessage[]): number;
  /** Resolves when the reply is over; what happens is emitted. */
  generate(request: GenerateRequest, signal: AbortSignal): Promise<void>;
}

/** Sets an engine up; contexts are made when their adapter is first asked for. */
export function createEngine(parts: EngineParts): Engine {
  const { model, format, emit } = parts;
  const sessions = new Map<string, Conversation>();
  const pools = new Map<string, Promise<Slots<Conversation>>>();

  function conversation(name: string): Conversation {
    const found = sessions.get(name);
    if (!found) throw new EngineError("input", `There is no session ${JSON.stringify(name)}.`);
    return found;
  }

  function poolOf(adapter: string): Promise<Slots<Conversation>> {
    let pool = pools.get(adapter);
    if (!pool) {
      pool = createPool(adapter);
      pools.set(adapter, pool);
      pool.catch(() => pools.delete(adapter));
    }
    return pool;
  }

  async function createPool(adapter: string): Promise<Slots<Conversation>> {
    const { sequences, contextSize } = parts;
    const lora = adapter === "" ? {} : { lora: adapter };
    const context = await model.createContext({ sequences, contextSize, ...lora })
      .catch((error): never => {
        const what = adapter === "" ? `${sequences} x ${contextSize} tokens` : adapter;
        throw new EngineError("input", `No context for ${what}: ${error}`);
      });
    return createSlots(Array.from({ length: sequences }, () => context.getSequence()));
  }

  /** Makes the slot hold as much of the session's past as there is; returns how much that is. */
  async function recall(
    slot: Slot<Conversation>,
    slots: Slots<Conversation>,
    session: Conversation,
    prompt: readonly Token[],
  ): Promise<number> {
    const past = session.tokens.length;
    const { sequence } = slot;
    const origins = originsOf(session);
    let kept = sharedWith(slot, prompt);
    slot.owner = null;
    for (const origin of origins) {
      const source = slots.of(origin)?.sequence;
      const shared = source ? commonPrefix(source.contextTokens, prompt, past) : 0;
      if (!source || shared < shortestCopy || shared <= kept) continue;
      await copyState(source, sequence);
      kept = commonPrefix(sequence.contextTokens, prompt, past);
    }
    session.origin = null;
    await sequence.eraseContextTokenRanges([{ start: kept, end: sequence.nextTokenIndex }]);
    return kept;
  }

  async function samplingOf({ settings }: GenerateRequest): Promise<EvaluateOptions> {
    const grammarEvaluationState = await grammarOf(settings.constraint);
    return {
      temperature: settings.temperature ?? 0,
      topP: settings.top_p ?? 1,
      topK: 0,
      seed: settings.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!,
      yieldEogToken: true,
      ...(grammarEvaluationState ? { grammarEvaluationState } : {}),
    };
  }

  async function grammarOf(
    constraint: GenerateRequest["settings"]["constraint"],
  ): Promise<GrammarState | null> {
    if (constraint === null) return null;
    try {
      const grammar = constraint.kind === "grammar"
        ? await parts.llama.createGrammar({ grammar: constraint.grammar })
        : await parts.llama.createGrammarForJsonSchema(constraint.schema);
      return new parts.library.LlamaGrammarEvaluationState({ model, grammar });
    } catch (error) {
      throw new EngineError("input", `The ${constraint.kind} cannot be used: ${error}`);
    }
  }

  async function generate(request: GenerateRequest, signal: AbortSignal): Promise<void> {
    const { id, settings, turn } = request;
    const session = conversation(request.session);
    const prompt = promptOf(model, format, session.tokens, turn, settings.thinking !== "off");
    const room = parts.contextSize - prompt.length;
    if (room < 1) {
      throw new EngineError(
        "context",
        `The prompt has ${prompt.length} tokens; the window holds ${parts.contextSize}.`,
      );
    }
    const sampling = await samplingOf(request);
    const adapter = parts.lora[settings.role];
    for (const [path, pool] of pools) if (path !== (adapter?.path ?? "")) await drop(pool, session);
    const slots = await poolOf(adapter?.path ?? "");
    const slot = await slots.take(session, (slot) => sharedWith(slot, prompt), signal);
    try {
      emit({ type: "started", id, lora: adapter?.name ?? null });
      const kept = await recall(slot, slots, session, prompt);
      const again = Math.max(0, session.evaluated - kept);
      const limit = Math.min(settings.max_tokens, room);
      const reply = await run(slot, prompt.slice(kept), sampling, limit, request, signal);
      session.tokens = reply.stoppedAt === null
        ? [...prompt, ...reply.tokens]
        : [...prompt, ...model.tokenize(reply.stoppedAt, false, "trimLeadingSpace")];
      const state = slot.sequence.contextTokens;
      session.evaluated = commonPrefix(state, session.tokens, session.tokens.length);
      if (sessions.get(request.session) === session) slot.owner = session;
      emit({
        type: "finish",
        id,
        reason: reply.reason,
        usage: {
          prompt_tokens: prompt.length,
          completion_tokens: reply.made,
          cached_tokens: prompt.length - reply.evaluated,
          reprefilled_tokens: again,
        },
      });
    } catch (error) {
      // What the attempt left behind is erased on the session's next call.
      if (signal.aborted && sessions.get(request.session) === session) slot.owner = session;
      throw error;
    } finally {
      slots.give(slot);
    }
  }

  /** Evaluates what is new of a prompt and streams the reply. */
  async function run(
    slot: Slot<Conversation>,
    fresh: readonly Token[],
    sampling: EvaluateOptions,
    limit: number,
    { id, settings }: GenerateRequest,
    signal: AbortSignal,
  ) {
    const { sequence } = slot;
    const before = sequence.tokenMeter.getState();
    let at = 0;
    for (; fresh.length - at > prefillChunk; at += prefillChunk) {
      signal.throwIfAborted();
      await sequence.evaluateWithoutGeneratingNewTokens(fresh.slice(at, at + prefillChunk));
    }
    signal.throwIfAborted();
    const text = replyText(model, fresh.slice(at), settings.stop);
    const tokens: Token[] = [];
    let said = "";
    let reason: "stop" | "length" = "length";
    const say = (piece: string) => {
      said += piece;
      if (piece) emit({ type: "delta", id, text: piece, completion_tokens: tokens.length });
    };
    for await (const token of sequence.evaluate(fresh.slice(at), sampling)) {
      signal.throwIfAborted();
      if (model.isEogToken(token)) {
        reason = "stop";
        break;
      }
      tokens.push(token);
      say(text.add(token));
      if (text.stopped) {
        reason = "stop";
        break;
      }
      if (tokens.length >= limit) break;
    }
    say(text.rest());
    const used = sequence.tokenMeter.diff(before);
    return {
      tokens,
      reason,
      stoppedAt: text.stopped ? said : null,
      made: used.usedOutputTokens,
      // The meter counts the prompt's last token with the first one it makes.
      evaluated: used.usedInputTokens + 1,
    };
  }

  return {
    open(name, messages) {
      const tokens = pastOf(model, format, messages);
      sessions.set(name, { tokens, evaluated: tokens.length, origin: null });
    },
    adopt(name, turn, reply) {
      const session = conversation(name);
      session.tokens = adoptedOf(model, format, session.tokens, turn, reply);
    },
    fork(name, from) {
      const origin = conversation(from);
      sessions.set(name, { ...origin, origin });
    },
    close(name) {
      const session = sessions.get(name);
      sessions.delete(name);
      if (session) { for (const pool of pools.values()) void drop(pool, session); }
    },
    count: (messages) => promptOf(model, format, [], messages, true).length,
    generate,
  };
}

/**
 * How much of a prompt a slot's state holds already, whoever it was made for: the calls of a role
 * open alike. The last token is always evaluated: it makes the first one of the reply.
 */
function sharedWith({ sequence }: Slot<Conversation>, prompt: readonly Token[]): number {
  return commonPrefix(sequence.contextTokens, prompt, prompt.length - 1);
}

/** The sessions that a fork comes from, the nearest first. */
function originsOf({ origin }: Conversation): Conversation[] {
  return origin ? [origin, ...originsOf(origin)] : [];
}

async function copyState(from: Sequence, to: Sequence): Promise<void> {
  const file = join(tmpdir(), `rrm-${crypto.randomUUID()}.kv`);
  try {
    await from.saveStateToFile(file);
    await to.loadStateFromFile(file, { acceptRisk: true });
  } finally {
    await rm(file, { force: true });
  }
}

/** Frees the slot that a session holds in a pool. */
async function drop(pool: Promise<Slots<Conversation>>, session: Conversation): Promise<void> {
  const slot = (await pool.catch(() => null))?.of(session);
  if (slot && !slot.busy) slot.owner = null;
}
