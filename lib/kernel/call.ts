/**
 * One model call: attempts, each with a slot and a reservation, until one answers.
 * @module
 */
import { CallError } from "../model/call_error.ts";
import type { Message, Session } from "../model/types.ts";
import { type AttemptOutcome, describeFailure, runAttempt } from "./attempt.ts";
import { createDeltaQueue, type DeltaQueue } from "./deltas.ts";
import { seededRandom } from "../random.ts";
import { settingsOf, type Tree } from "./tree.ts";
import type { BudgetAmount, GenerateOptions, Generation, Reply } from "./types.ts";

/** Who calls. */
export interface Caller {
  readonly path: string;
  readonly signal: AbortSignal;
}

const BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 30_000;
/** What a chat template adds around a message, at most. */
const TEMPLATE_TOKENS = 32;

/** Starts a call and drains it, whether or not anybody reads. */
export function startCall(
  tree: Tree,
  caller: Caller,
  session: Session,
  turn: readonly Message[],
  options: GenerateOptions,
): Generation {
  const queue = createDeltaQueue();
  const state: CallState = { tree, caller, session, turn, options, queue, call: "" };
  const reply = run(state).then(
    (done) => (queue.end(), done),
    (error) => {
      queue.end(error);
      throw error;
    },
  );
  reply.catch(() => {}); // Whoever reads the reply or the deltas gets the error.
  return {
    get call() {
      return state.call;
    },
    reply,
    line(line) {
      const { atMs, atToken, ...rest } = line;
      tree.emit({ type: "call-line", call: state.call, at_token: atToken, ...rest }, atMs);
    },
    [Symbol.asyncIterator]: () => queue[Symbol.asyncIterator](),
  };
}

interface CallState {
  readonly tree: Tree;
  readonly caller: Caller;
  readonly session: Session;
  readonly turn: readonly Message[];
  readonly options: GenerateOptions;
  readonly queue: DeltaQueue;
  /** Id of the present attempt. */
  call: string;
}

async function run(state: CallState): Promise<Reply> {
  const { tree, caller, session, turn, options } = state;
  const role = settingsOf(tree, options.role);
  let maxTokens = Math.min(role.maxTokens, options.maxTokens ?? Infinity);
  let corrected = false;
  const avoid: string[] = [];
  for (let attempt = 1;; attempt++) {
    const call = state.call = tree.nextId("c");
    tree.emit({
      type: "call-queue",
      call,
      node: caller.path,
      role: options.role,
      attempt,
      messages: [...session.messages, ...turn],
      thinking: role.thinking,
      max_tokens: maxTokens,
    });
    const outcome = await attemptWithinLimits(state, maxTokens, avoid);
    const failed = outcome.error;
    const text = outcome.text + outcome.reasoning;
    let cut = false;
    if (failed !== undefined && text && !caller.signal.aborted) {
      await state.queue.drained();
      cut = options.keepCut?.() ?? false;
      if (cut) session.adopt(turn, outcome.text);
    }
    const used = failed === undefined || cut;
    tree.emit({
      type: "call-end",
      call,
      finish_reason: outcome.finishReason,
      error: failed === undefined ? null : describeFailure(failed),
      usage: outcome.usage,
      usage_source: outcome.usageSource,
      output: outcome.text,
      reasoning: outcome.reasoning,
      used,
    }, outcome.endedMs);
    if (used) {
      const finishReason = outcome.finishReason ?? "cut";
      // Some servers put a whole answer into the reasoning field; one that ran out of room is none.
      const misplaced = !outcome.text && outcome.reasoning !== "" && finishReason === "stop";
      if (misplaced) {
        const data = { reasoning_as_text: 1 };
        tree.emit({ type: "note", node: caller.path, kind: "metrics", data });
      }
      return {
        call,
        text: misplaced ? outcome.reasoning : outcome.text,
        reasoning: outcome.reasoning,
        finishReason,
        truncated: finishReason === "length",
        cut,
      };
    }
    if (caller.signal.aborted) throw caller.signal.reason;
    if (text) {
      state.queue.push({ type: "restart", text: "", atMs: outcome.endedMs, atToken: 0 });
    }
    if (failed instanceof CallError && failed.maxTokens !== undefined && !corrected) {
      // The estimate of the prompt was off; the server said what fits.
      corrected = true;
      maxTokens = Math.min(maxTokens, failed.maxTokens);
      continue;
    }
    const hopeless = !(failed instanceof CallError) || !failed.retryable;
    if (hopeless || attempt >= tree.maxAttempts) throw failed;
    if (outcome.replica !== undefined) avoid.push(outcome.replica);
    await tree.clock.sleep(backoff(tree, call, attempt, failed), { signal: caller.signal });
  }
}

/** An attempt with its reservation and its slot; both are given back before it returns. */
async function attemptWithinLimits(
  state: CallState,
  maxTokens: number,
  avoid: readonly string[],
): Promise<AttemptOutcome> {
  const { tree, caller, session, turn, options } = state;
  const { signal } = caller;
  const role = settingsOf(tree, options.role);
  let settle = (_used: BudgetAmount) => {};
  let release = () => {};
  let worst: BudgetAmount = { calls: 1, tokens: 0, usd: 0 };
  try {
    if (tree.budget) {
      const prompt = tree.budget.needsTokens ? await promptBound(state) : 0;
      const usd = tree.price?.(prompt, maxTokens) ?? 0;
      worst = { calls: 1, tokens: prompt + maxTokens, usd };
      const reservation = await tree.budget.reserve(worst, signal);
      settle = (used) => reservation.settle(used);
    }
    release = await tree.slots.acquire(signal);
    const outcome = await runAttempt(
      tree,
      session,
      {
        call: state.call,
        turn,
        avoid,
        role: options.role,
        maxTokens,
        thinking: role.thinking,
        temperature: role.temperature,
        topP: role.topP,
        seed: role.seed,
        constraint: options.constraint ?? null,
        stop: options.stop ?? [],
      },
      { signal, onDelta: (delta) => state.queue.push(delta) },
    );
    settle(amountUsed(tree, outcome, worst));
    return outcome;
  } catch (error) {
    // Refused or cancelled before it was sent.
    settle({ calls: 0, tokens: 0, usd: 0 });
    return {
      text: "",
      reasoning: "",
      sent: false,
      answered: false,
      replica: undefined,
      endedMs: tree.now(),
      usage: null,
      usageSource: "estimated",
      finishReason: null,
      error: signal.aborted ? signal.reason : error,
    };
  } finally {
    release();
  }
}

/** An upper bound of the prompt's tokens: exact where there is a tokenizer, else its bytes. */
async function promptBound({ tree, caller, session, turn }: CallState): Promise<number> {
  const messages = [...session.messages, ...turn];
  const exact = await tree.backend.countTokens?.(messages, caller.signal);
  if (exact !== undefined) return exact;
  const encoder = new TextEncoder();
  return messages.reduce(
    (sum, message) => sum + encoder.encode(message.content).length + TEMPLATE_TOKENS,
    TEMPLATE_TOKENS,
  );
}

function amountUsed(tree: Tree, outcome: AttemptOutcome, worst: BudgetAmount): BudgetAmount {
  if (!outcome.sent) return { calls: 0, tokens: 0, usd: 0 };
  if (!outcome.answered) return { calls: 1, tokens: 0, usd: 0 };
  const prompt = outcome.usage?.prompt_tokens;
  const completion = outcome.usage?.completion_tokens;
  // What nobody counted is charged at its worst: a budget is never overshot.
  if (prompt == null || completion == null) return worst;
  return { calls: 1, tokens: prompt + completion, usd: tree.price?.(prompt, completion) ?? 0 };
}

function backoff(tree: Tree, call: string, attempt: number, failed: CallError): number {
  const jitter = 0.5 + seededRandom(`${tree.seed} ${call}`)();
  const own = Math.min(LONGEST_BACKOFF_MS, BACKOFF_MS * 2 ** (attempt - 1) * jitter);
  return Math.max(own, Math.min(failed.retryAfterMs ?? 0, LONGEST_BACKOFF_MS));
}
