/** Reading in one go, for tests of the reader. */
import { createEventReader, type EventReaderOptions } from "../../lib/protocol/reader.ts";
import type { LineResult, NodeEvent } from "../../lib/protocol/types.ts";

/** All results of `text`. */
export function read(text: string, options?: EventReaderOptions): LineResult[] {
  const reader = createEventReader(options);
  return [...reader.push(text), ...reader.end()];
}

/** All results of a text that comes in pieces. */
export function readPieces(pieces: readonly string[], options?: EventReaderOptions): LineResult[] {
  const reader = createEventReader(options);
  const results = pieces.flatMap((piece) => reader.push(piece));
  return [...results, ...reader.end()];
}

/** The events among results. */
export function eventsOf(results: readonly LineResult[]): NodeEvent[] {
  return results.flatMap((result) => "event" in result ? [result.event] : []);
}

/** A child with what tests seldom care for. */
export function child(id: string, task = "t", depends_on: readonly string[] = []): NodeEvent {
  return { type: "child", id, task, depends_on };
}
