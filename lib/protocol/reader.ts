/**
 * Reads events in what a model writes, however it writes them.
 * @module
 */
import { readObject } from "./lenient_json.ts";
import { normalise } from "./normalise.ts";
import { type Piece, Scanner } from "./scanner.ts";
import { readBefore, readLine, type Surroundings } from "./surroundings.ts";
import { readEscape } from "./tex.ts";
import type { EventReader, LineResult, NodeEvent } from "./types.ts";

/** Options of {@linkcode createEventReader}. */
export interface EventReaderOptions {
  /** Longest line or object, in bytes of UTF-8. Default 2 MiB. */
  readonly maxLineBytes?: number;
  /** Most events of one text; later ones are refused. Default 10,000. */
  readonly maxEvents?: number;
  /**
   * Whether `<think>` is searched for events when nothing else holds any. Default true; false where
   * text without events is an answer.
   */
  readonly readThinking?: boolean;
}

type ObjectPiece = Extract<Piece, { kind: "object" }>;

// Objects within objects are looked for this deep: each level reads the text once more.
const deepestSalvage = 2;
const excerpt = 1000;

/**
 * Reads the events in streamed text. An event is returned by the push that completes its object.
 * Each object gives one result, and so does the other text of a line, if there is any; blank lines
 * give none. Text of any kind gives results, never exceptions, in linear time.
 *
 * @example
 * ```ts
 * import { createEventReader } from "./reader.ts";
 * const reader = createEventReader();
 * const results = [...reader.push('{"type":"do'), ...reader.push('ne"}'), ...reader.end()];
 * if (results[0]?.kind !== "event") throw new Error("not read");
 * ```
 */
export function createEventReader(options: EventReaderOptions = {}): EventReader {
  return new Reader(options);
}

class Reader implements EventReader {
  readonly #limit: number;
  readonly #maxEvents: number;
  readonly #readThinking: boolean;
  #scanner: Scanner;
  #around: Surroundings = { fence: false, wrapper: false };
  /** Text of the current line since its last object. */
  #before = "";
  #objectsOnLine = 0;
  /** The last object of the line was escaped as a whole. */
  #encoded = false;
  #thoughts: string[] = [];
  /** Repairs of all that is read now. */
  #within: readonly string[] = [];
  #events = 0;
  #children = 0;
  #done = false;
  #ended = false;
  #out: LineResult[] = [];

  constructor(options: EventReaderOptions) {
    this.#limit = options.maxLineBytes ?? 2 * 1024 * 1024;
    this.#maxEvents = options.maxEvents ?? 10_000;
    this.#readThinking = options.readThinking ?? true;
    this.#scanner = new Scanner({ limit: this.#limit });
  }

  push(text: string): LineResult[] {
    if (this.#ended) return [];
    for (const piece of this.#scanner.push(text)) this.#piece(piece);
    return this.#take();
  }

  end(): LineResult[] {
    if (this.#ended) return [];
    this.#ended = true;
    for (const piece of this.#scanner.end()) this.#piece(piece);
    const reread = this.#events === 0 && this.#readThinking;
    for (const thought of this.#thoughts) {
      if (reread) this.#rethink(thought);
      else this.#ignore("think", thought);
    }
    return this.#take();
  }

  #take(): LineResult[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  #piece(piece: Piece): void {
    if (piece.kind === "object") return this.#object(piece);
    if (piece.kind === "think") {
      this.#thoughts.push(piece.text);
      return;
    }
    if (piece.kind === "long") return this.#reject("line_too_long", piece.text);
    this.#before += piece.text;
    if (piece.ends) this.#endLine();
  }

  #endLine(): void {
    const text = this.#before;
    const reason = readLine(text, this.#around, this.#encoded);
    this.#before = "";
    this.#objectsOnLine = 0;
    this.#encoded = false;
    if (reason === null) return;
    if (isLonger(text, this.#limit)) this.#reject("line_too_long", text);
    else this.#ignore(reason, text);
  }

  #object(piece: ObjectPiece): void {
    const again = this.#objectsOnLine++ > 0;
    const encoded = this.#encoded = piece.escapes > 0;
    const around = readBefore(this.#before, this.#around, { again, encoded });
    const repairs = [...this.#within, ...around];
    const inString = this.#before.trimEnd().endsWith('"');
    this.#before = "";
    if (isLonger(piece.text, this.#limit)) return this.#reject("line_too_long", piece.text);
    let text = piece.text.trimEnd();
    if (encoded) repairs.push(inString ? "double_encoded" : "escaped_object");
    for (let level = piece.escapes; level > 0; level >>= 1) text = unescape(text);
    this.#read(text, piece, repairs, 0);
  }

  /** Reads one object, and where it is no event, the objects within it. */
  #read(text: string, piece: ObjectPiece, context: readonly string[], depth: number): void {
    const repairs = new Set(context);
    const reading = readObject(text);
    if ("failure" in reading) {
      this.#reject(reading.failure, text);
      return this.#salvage(text, piece, context, depth);
    }
    for (const repair of reading.repairs) repairs.add(repair);
    const meaning = normalise(reading.value, this.#children + 1, (repair) => repairs.add(repair));
    const own = text.slice(0, reading.end);
    if (meaning === null) this.#ignore("not_an_event", own);
    else if ("reason" in meaning) {
      const { reason, ...known } = meaning;
      this.#reject(reason, own, known);
    } else this.#accept(meaning.event, [...repairs], own);
    if (meaning === null || "reason" in meaning) this.#salvage(own, piece, context, depth);
    const tail = text.slice(reading.end);
    if (tail.trim() !== "") this.#ignore("prose", tail);
  }

  /**
   * Looks for events within an object that is none. Only an opening brace and key in the quotes of
   * the outer object count: within its strings those cannot stand.
   */
  #salvage(text: string, piece: ObjectPiece, context: readonly string[], depth: number): void {
    if (depth >= deepestSalvage) return;
    const only = { quote: piece.quote, escapes: 0 };
    const scanner = new Scanner({ limit: this.#limit, only });
    const repairs = context.includes("salvaged") ? context : [...context, "salvaged"];
    for (const inner of [...scanner.push(text.slice(1)), ...scanner.end()]) {
      if (inner.kind === "object") this.#read(inner.text, inner, repairs, depth + 1);
    }
  }

  #rethink(thought: string): void {
    const results = this.#out.length;
    this.#scanner = new Scanner({ limit: this.#limit });
    this.#around = { fence: false, wrapper: false };
    this.#within = ["think"];
    this.#objectsOnLine = 0;
    for (const piece of [...this.#scanner.push(thought), ...this.#scanner.end()]) {
      this.#piece(piece);
    }
    const usable = this.#out.slice(results).some(({ kind }) => kind === "repaired");
    // Thinking without an event is one thing, not a line of prose each.
    if (!usable) {
      this.#out.length = results;
      this.#ignore("think", thought);
    }
  }

  #accept(event: NodeEvent, repairs: string[], text: string): void {
    const refused = (reason: string) =>
      this.#reject(reason, text, {
        type: event.type,
        ...(event.type === "child" ? { id: event.id } : {}),
      });
    if (this.#done) return refused("after_done");
    if (this.#events >= this.#maxEvents) return refused("too_many_events");
    this.#events++;
    if (event.type === "child") this.#children++;
    if (event.type === "done") this.#done = true;
    this.#out.push(
      repairs.length === 0
        ? { kind: "event", event, repairs: [] }
        : { kind: "repaired", event, repairs },
    );
  }

  #ignore(reason: string, text: string): void {
    this.#out.push({ kind: "ignored", reason, text });
  }

  #reject(reason: string, text: string, known: { type?: string; id?: string } = {}): void {
    const short = reason === "line_too_long" ? text.slice(0, excerpt) : text;
    this.#out.push({ kind: "rejected", reason, text: short, ...known });
  }
}

/** Whether the UTF-8 of `text` is longer than `limit` bytes. */
function isLonger(text: string, limit: number): boolean {
  return text.length * 3 > limit && new TextEncoder().encode(text).length > limit;
}

/** Takes one level of escaping off a whole object. */
function unescape(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf("\\"); at >= 0; at = text.indexOf("\\", from)) {
    const escape = readEscape(text, at, false);
    parts.push(text.slice(from, at), escape.value);
    from = escape.next;
  }
  return parts.join("") + text.slice(from);
}
