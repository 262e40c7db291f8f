/** Small helpers for tests of models. */
import type { AttemptRequest, ModelEvent } from "../../lib/model/types.ts";

/** A request with defaults. */
export function attempt(prompt: string, more: Partial<AttemptRequest> = {}): AttemptRequest {
  return {
    call: "call-1",
    role: "direct",
    turn: [{ role: "user", content: prompt }],
    maxTokens: 1000,
    thinking: null,
    temperature: null,
    topP: null,
    seed: null,
    constraint: null,
    stop: [],
    avoid: [],
    signal: new AbortController().signal,
    ...more,
  };
}

/** What an attempt said, and how it ended. */
export interface Heard {
  readonly events: readonly ModelEvent[];
  readonly text: string;
  readonly reasoning: string;
  readonly finish: Extract<ModelEvent, { type: "finish" }> | undefined;
  readonly error: unknown;
}

/** Reads an attempt to its end; a failure is returned, not thrown. */
export async function hear(stream: AsyncIterable<ModelEvent>): Promise<Heard> {
  const events: ModelEvent[] = [];
  let error: unknown;
  try {
    for await (const event of stream) events.push(event);
  } catch (thrown) {
    error = thrown;
  }
  const deltas = events.filter((event) => event.type === "delta");
  return {
    events,
    text: deltas.map((delta) => delta.text ?? "").join(""),
    reasoning: deltas.map((delta) => delta.reasoning ?? "").join(""),
    finish: events.find((event) => event.type === "finish"),
    error,
  };
}
