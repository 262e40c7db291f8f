/**
 * Tokens and calls of a run, counted.
 * @module
 */
import type { TraceUsage } from "./events.ts";
import { callIntervals, measureUnion } from "./intervals.ts";
import type { CallSpan, ReplicaShare } from "./spans.ts";

/** Tokens of a run. */
export interface UsageSums {
  /** Sums over answered attempts that know the number; `null` where none does. */
  readonly usage: TraceUsage;
  /** `mixed` where answered attempts differ, `null` without any. */
  readonly usage_source: CallSpan["usage_source"] | "mixed" | null;
  /** Prompt and completion tokens of answered attempts whose text was not used. */
  readonly wasted_tokens: number;
}

/** Sums the tokens of answered attempts. */
export function usageOf(calls: readonly CallSpan[]): UsageSums {
  const told = calls.filter((call) => call.answered && call.usage);
  const sum = (pick: (usage: TraceUsage) => number | null): number | null => {
    const known = told.map((call) => pick(call.usage!)).filter((count) => count !== null);
    return known.length === 0 ? null : known.reduce((total, count) => total + count, 0);
  };
  const sources = new Set(told.map((call) => call.usage_source));
  return {
    usage: {
      prompt_tokens: sum((usage) => usage.prompt_tokens),
      completion_tokens: sum((usage) => usage.completion_tokens),
      reasoning_tokens: sum((usage) => usage.reasoning_tokens),
      cached_tokens: sum((usage) => usage.cached_tokens),
      total_tokens: sum(totalTokens),
    },
    usage_source: sources.size > 1 ? "mixed" : [...sources][0] ?? null,
    wasted_tokens: told.filter((call) => !call.used).reduce(
      (total, { usage }) => total + (usage!.prompt_tokens ?? 0) + (usage!.completion_tokens ?? 0),
      0,
    ),
  };
}

/** What each replica did, in the order of their first calls. */
export function replicaShares(calls: readonly CallSpan[]): ReplicaShare[] {
  const groups = Map.groupBy(
    calls.filter((call) => call.replica !== null),
    (call) => call.replica!,
  );
  return [...groups].map(([replica, own]) => ({
    replica,
    calls: own.filter((call) => call.answered).length,
    busy_ms: measureUnion(callIntervals(own)),
    queue_ms: queueTime(own),
    tokens: usageOf(own).usage.total_tokens ?? 0,
  }));
}

/** Time between being ready and being sent, summed over the attempts that were sent. */
export function queueTime(calls: readonly CallSpan[]): number {
  return calls.reduce(
    (total, { queued_ms, started_ms }) =>
      total + (started_ms === null ? 0 : started_ms - queued_ms),
    0,
  );
}

/** How the lines of a run's replies were understood. */
export interface EventCounts {
  /** Lines by how far they were understood. */
  readonly events: {
    readonly accepted: number;
    readonly repaired: number;
    readonly ignored: number;
    readonly rejected: number;
  };
  /** Repairs, reasons, and dropped dependencies as `dependency_<reason>`, counted. */
  readonly event_reasons: Readonly<Record<string, number>>;
}

/** Counts the lines of all calls. `drops` are a folded trace's. */
export function eventCounts(
  calls: readonly CallSpan[],
  drops: Readonly<Record<string, number>>,
): EventCounts {
  const lines = calls.flatMap((call) => call.events);
  const count = (kind: string) => lines.filter((line) => line.kind === kind).length;
  const reasons = lines.flatMap(({ repairs, reason }) =>
    reason === null ? repairs : [...repairs, reason]
  );
  return {
    events: {
      accepted: count("event"),
      repaired: count("repaired"),
      ignored: count("ignored"),
      rejected: count("rejected"),
    },
    event_reasons: {
      ...countBy(reasons),
      ...Object.fromEntries(
        Object.entries(drops).map(([reason, times]) => [dropPrefix + reason, times]),
      ),
    },
  };
}

const dropPrefix = "dependency_";

/** The `drops` that went into a row's `event_reasons`. */
export function dropsOf(eventReasons: EventCounts["event_reasons"]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(eventReasons)
      .filter(([name]) => name.startsWith(dropPrefix))
      .map(([name, times]) => [name.slice(dropPrefix.length), times]),
  );
}

/** How often each name occurs. */
export function countBy(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function totalTokens(
  { total_tokens, prompt_tokens, completion_tokens }: TraceUsage,
): number | null {
  if (total_tokens !== null) return total_tokens;
  return prompt_tokens === null || completion_tokens === null
    ? null
    : prompt_tokens + completion_tokens;
}
