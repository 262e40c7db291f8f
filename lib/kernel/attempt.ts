/**
 * One attempt of a call: streams it, times it, and tells how it ended.
 * @module
 */
import { messageOf, RrmError } from "../errors.ts";
import { CallError } from "../model/call_error.ts";
import type { AttemptRequest, Session, Usage, UsageSource } from "../model/types.ts";
import type { Delta } from "./types.ts";
import type { Tree } from "./tree.ts";

const LONGEST_TIMER_MS = 0x7fffffff;

/** How an attempt ended. */
export interface AttemptOutcome {
  readonly text: string;
  readonly reasoning: string;
  readonly sent: boolean;
  readonly answered: boolean;
  readonly replica: string | undefined;
  readonly endedMs: number;
  readonly usage: Usage | null;
  readonly usageSource: UsageSource;
  /** `null` when it failed. */
  readonly finishReason: string | null;
  /** What ended it, unless it finished. */
  readonly error: unknown;
}

/** Runs one attempt to its end. Never throws: failures are part of the outcome. */
export async function runAttempt(
  tree: Tree,
  session: Session,
  request: Omit<AttemptRequest, "signal">,
  options: { readonly signal: AbortSignal; readonly onDelta: (delta: Delta) => void },
): Promise<AttemptOutcome> {
  const watch = watchdog(tree, options.signal);
  const text: string[] = [];
  const reasoning: string[] = [];
  let sent = false;
  let answered = false;
  let replica: string | undefined;
  let tokens = 0;
  let promptTokens: number | null = null;
  let countedByServer = false;
  let finish: { reason: string; usage: Usage; source: UsageSource } | undefined;
  let error: unknown;
  try {
    const { call } = request;
    for await (const event of session.generate({ ...request, signal: watch.signal })) {
      switch (event.type) {
        case "sent":
          sent = true;
          replica = event.replica;
          watch.start();
          tree.emit({
            type: "call-start",
            call,
            replica: event.replica,
            model: event.model,
            lora: event.lora,
          });
          break;
        case "answered":
          answered = true;
          tree.emit({ type: "call-answer", call });
          break;
        case "delta": {
          watch.heard();
          promptTokens = event.promptTokens ?? promptTokens;
          if (event.completionTokens !== undefined) {
            countedByServer = true;
            tokens = event.completionTokens;
          } else if (event.text || event.reasoning) tokens++;
          if (!event.text && !event.reasoning) break;
          if (text.length + reasoning.length === 0) tree.emit({ type: "call-first-token", call });
          const at = { atMs: tree.now(), atToken: tokens };
          if (event.reasoning) {
            reasoning.push(event.reasoning);
            options.onDelta({ type: "reasoning", text: event.reasoning, ...at });
          }
          if (event.text) {
            text.push(event.text);
            options.onDelta({ type: "text", text: event.text, ...at });
          }
          break;
        }
        case "finish":
          finish = { reason: event.finishReason, usage: event.usage, source: event.usageSource };
      }
    }
    if (!finish) {
      // A stream that was aborted may end as if it were whole.
      watch.signal.throwIfAborted();
      throw new CallError("cut", "The stream ended before its finish", { retryable: true });
    }
  } catch (cause) {
    error = watch.signal.aborted ? watch.signal.reason : cause;
  } finally {
    watch.stop();
  }
  const ended = {
    text: text.join(""),
    reasoning: reasoning.join(""),
    sent,
    answered,
    replica,
    endedMs: tree.now(),
  };
  if (finish && error === undefined) {
    const { reason, usage, source } = finish;
    return { ...ended, usage, usageSource: source, finishReason: reason, error: undefined };
  }
  const usage = answered ? cutUsage(promptTokens, tokens) : null;
  const usageSource = countedByServer ? "api" : "estimated";
  return { ...ended, usage, usageSource, finishReason: null, error };
}

/** `code: message` for the trace. */
export function describeFailure(error: unknown): string {
  return RrmError.isInstance(error) ? `${error.code}: ${error.message}` : messageOf(error);
}

function cutUsage(prompt: number | null, completion: number): Usage {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    reasoning_tokens: null,
    cached_tokens: null,
    total_tokens: prompt === null ? null : prompt + completion,
  };
}

/** Aborts an attempt that says nothing for too long. One sleeper, not one a delta. */
function watchdog(tree: Tree, outer: AbortSignal): {
  readonly signal: AbortSignal;
  start(): void;
  heard(): void;
  stop(): void;
} {
  const { firstTokenMs, stallMs, callMs } = tree.timeouts;
  const abort = new AbortController();
  const asleep = new AbortController();
  const onOuter = () => abort.abort(outer.reason);
  let startedMs = 0;
  let heardMs: number | undefined;
  if (outer.aborted) onOuter();
  else outer.addEventListener("abort", onOuter, { once: true });

  /** The next instant at which patience ends, and what for. */
  function due(): { at: number; what: string; limit: number } {
    const silence = heardMs === undefined
      ? { at: startedMs + (firstTokenMs ?? Infinity), what: "no first byte", limit: firstTokenMs }
      : { at: heardMs + (stallMs ?? Infinity), what: "no further byte", limit: stallMs };
    const whole = { at: startedMs + (callMs ?? Infinity), what: "no end", limit: callMs };
    const first = whole.at < silence.at ? whole : silence;
    return { ...first, limit: first.limit ?? Infinity };
  }

  async function guard(): Promise<void> {
    while (true) {
      const { at, what, limit } = due();
      const left = at - tree.now();
      if (left <= 0) {
        const message = `There was ${what} within ${limit / 1000} s`;
        return abort.abort(new CallError("timeout", message, { retryable: true }));
      }
      // The first byte may come meanwhile, and patience is then shorter: never oversleep that.
      const nap = Math.min(left, stallMs ?? Infinity, LONGEST_TIMER_MS);
      await tree.clock.sleep(nap, { signal: asleep.signal });
    }
  }

  return {
    signal: abort.signal,
    start() {
      startedMs = tree.now();
      heardMs = undefined;
      const limited = [firstTokenMs, stallMs, callMs].some((limit) => limit !== null);
      if (limited) guard().catch(() => {});
    },
    heard() {
      heardMs = tree.now();
    },
    stop() {
      asleep.abort();
      outer.removeEventListener("abort", onOuter);
    },
  };
}
