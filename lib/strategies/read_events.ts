/**
 * From a streamed reply to its events, each with its time.
 * @module
 */
import type { Generation } from "../kernel/types.ts";
import { createEventReader } from "../protocol/reader.ts";
import type { LineResult } from "../protocol/types.ts";

/** A line of a reply. */
export interface ReadLine {
  /** Tells a line from a restart. */
  readonly type: "line";
  /** What the reader made of it. */
  readonly result: LineResult;
  /** Where it was said; `null` for a line that no model said. */
  readonly source: LineSource | null;
}

/** Where a line was said. */
export interface LineSource {
  /** Id of the attempt. */
  readonly call: string;
  /** Milliseconds since the task's start. */
  readonly atMs: number;
  /** Records in the trace what the line turned out to be: a plan may refuse or rename an event. */
  record(verdict: LineResult): void;
}

/** The reply begins anew: what was read so far does not count. */
export interface ReadRestart {
  /** Tells a restart from a line. */
  readonly type: "restart";
}

/** Options of {@linkcode readEvents}. */
export interface ReadEventsOptions {
  /** Text without events is an answer: then what the model thought is not searched for events. */
  readonly textAnswers?: boolean;
}

/**
 * Reads a reply while it streams. The reasoning channel is read only when the content has ended
 * without an event; such events carry the repair `reasoning_channel`.
 */
export async function* readEvents(
  generation: Generation,
  { textAnswers = false }: ReadEventsOptions = {},
): AsyncGenerator<ReadLine | ReadRestart, void> {
  // Text without events is an answer there, and what was only thought must not overrule it.
  const start = () => createEventReader({ readThinking: !textAnswers });
  let reader = start();
  let thoughts: string[] = [];
  let answered = false;
  let at = { atMs: 0, atToken: 0 };

  function* lines(results: readonly LineResult[]): Generator<ReadLine, void> {
    for (const result of results) {
      if (result.kind === "event" || result.kind === "repaired") answered = true;
      const { call } = generation;
      const { atMs, atToken } = at;
      const record = (verdict: LineResult) => {
        // Where text answers, prose is no line that was passed over.
        if (textAnswers && verdict.kind === "ignored") return;
        generation.line({ atMs, atToken, ...summary(verdict) });
      };
      yield { type: "line", result, source: { call, atMs, record } };
    }
  }

  for await (const delta of generation) {
    if (delta.type === "restart") {
      reader = start();
      thoughts = [];
      answered = false;
      yield { type: "restart" };
      continue;
    }
    at = { atMs: delta.atMs, atToken: delta.atToken };
    if (delta.type === "reasoning") {
      thoughts.push(delta.text);
      continue;
    }
    if (textAnswers && delta.text.trim()) thoughts = [];
    yield* lines(reader.push(delta.text));
  }
  yield* lines(reader.end());
  if (!answered) yield* lines(eventsIn(thoughts.join("")));
}

/** Events in what a model thought; its prose is no plan's business. */
function eventsIn(thoughts: string): LineResult[] {
  const reader = createEventReader();
  const repair = "reasoning_channel";
  return [...reader.push(thoughts), ...reader.end()].flatMap((result): LineResult[] => {
    if (result.kind === "ignored") return [];
    if (result.kind === "rejected") return [result];
    return [{ kind: "repaired", event: result.event, repairs: [...result.repairs, repair] }];
  });
}

function summary(verdict: LineResult): Omit<Parameters<Generation["line"]>[0], "atMs" | "atToken"> {
  const { kind } = verdict;
  if (kind === "event" || kind === "repaired") {
    const { event, repairs } = verdict;
    const id = event.type === "child" ? event.id : null;
    return { kind, event: event.type, id, repairs, reason: null };
  }
  const { type = null, id = null } = kind === "rejected" ? verdict : {};
  return { kind, event: type, id, repairs: [], reason: verdict.reason };
}
