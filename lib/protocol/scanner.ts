/**
 * Cuts streamed text into objects, lines of other text, and thinking. Every character is looked at
 * once, wherever the stream was split.
 * @module
 */
import { ObjectScan } from "./object_scan.ts";
import { Opener } from "./opener.ts";

/** A piece of the stream. Together the pieces hold all of it, but for line ends. */
export type Piece =
  /** Text outside of objects; `ends` when its line ends with it. */
  | { readonly kind: "text"; readonly text: string; readonly ends: boolean }
  /** An object, or what was left open of one. */
  | {
    readonly kind: "object";
    readonly text: string;
    readonly quote: number;
    readonly escapes: number;
  }
  | { readonly kind: "think"; readonly text: string }
  /** The beginning of a line or an object over the limit; the rest of the line is skipped. */
  | { readonly kind: "long"; readonly text: string };

/** Options of {@linkcode Scanner}. */
export interface ScannerOptions {
  /** Longest line or object, in UTF-16 units. */
  readonly limit: number;
  /** Take only objects whose first key is an event's, quoted like this. */
  readonly only?: { readonly quote: number; readonly escapes: number };
}

const thinkOpens = ["<think>", "<thinking>"];
const thinkCloses = ["</think>", "</thinking>"];

/** The scanner. `push` any number of times, then `end`. */
export class Scanner {
  readonly #options: ScannerOptions;
  #mode: "text" | "object" | "think" | "skip" = "text";
  /** Text of earlier pushes that is not cut yet, and where it began. */
  #held: string[] = [];
  #heldAt = 0;
  #chunk = "";
  #chunkAt = 0;
  /** Where the current piece began. */
  #start = 0;
  #opener = new Opener();
  #object = new ObjectScan(0, 0, false);
  /** State at the brace that the opener follows. */
  #string = 0;
  #valueDue = false;
  #lineHead = false;
  /** Where the line begins before which lines ended while the opener followed a brace; else 0. */
  #deferred = 0;
  #tag = "";
  #out: Piece[] = [];

  constructor(options: ScannerOptions) {
    this.#options = options;
  }

  push(text: string): Piece[] {
    this.#chunk = text;
    for (let i = 0; i < text.length; i++) {
      const at = this.#chunkAt + i;
      const code = text.charCodeAt(i);
      if (this.#mode === "text") this.#inText(code, at);
      else if (this.#mode === "object") this.#inObject(code, at);
      else if (this.#mode === "think") this.#inThink(code, at);
      else if (code === 10) {
        this.#mode = "text";
        this.#start = at + 1;
      }
      if (at - this.#start >= this.#options.limit) this.#tooLong(at + 1, code === 10);
    }
    this.#hold();
    return this.#take();
  }

  end(): Piece[] {
    const at = this.#chunkAt;
    if (this.#mode === "text") this.#text(at, true);
    else if (this.#mode === "object") this.#cutObject(at);
    else if (this.#mode === "think") this.#emit({ kind: "think", text: this.#slice(at) });
    return this.#take();
  }

  #inText(code: number, at: number): void {
    if (code === 10) {
      if (this.#opener.active) this.#deferred = at + 1;
      else this.#text(at, true, at + 1);
    }
    const { only } = this.#options;
    if (this.#opener.step(code, at)) {
      const { quote, escapes } = { quote: this.#opener.quote, escapes: this.#opener.slashes };
      const fits = only
        ? this.#opener.eventful && quote === only.quote && escapes === only.escapes
        : this.#opener.eventful || quote !== 0;
      if (fits) {
        this.#text(this.#opener.start, false);
        this.#enterObject();
        return;
      }
    }
    if (this.#deferred > 0 && !this.#opener.active) {
      this.#text(this.#deferred - 1, true, this.#deferred);
    }
    if (!only) {
      this.#tagStep(code, thinkOpens, at, (from) => {
        this.#text(from, false, at + 1);
        this.#mode = "think";
      });
    }
  }

  #inThink(code: number, at: number): void {
    this.#tagStep(code, thinkCloses, at, (from) => {
      this.#emit({ kind: "think", text: this.#slice(from) });
      this.#start = at + 1;
      this.#mode = "text";
    });
  }

  /** Follows a tag; `found` is called with where it began. */
  #tagStep(code: number, tags: readonly string[], at: number, found: (from: number) => void): void {
    if (code === 60) this.#tag = "<";
    else if (this.#tag !== "") {
      this.#tag += String.fromCharCode(code).toLowerCase();
      if (tags.includes(this.#tag)) {
        const from = at + 1 - this.#tag.length;
        this.#tag = "";
        found(from);
      } else if (!tags.some((tag) => tag.startsWith(this.#tag))) this.#tag = "";
    }
  }

  #inObject(code: number, at: number): void {
    const object = this.#object;
    if (code === 123) {
      this.#lineHead = object.lineHead;
      this.#valueDue = object.valueDue;
    }
    const closed = object.step(code, at);
    if (code === 123) this.#string = object.string;
    if (closed) {
      this.#opener.reset();
      this.#cutObject(at + 1);
      this.#mode = "text";
    } else if (this.#opener.step(code, at) && this.#opensAnother()) {
      const brace = this.#opener.start;
      const wrapper = object.container && this.#string === 0 && this.#valueDue;
      if (!wrapper && object.lineStart > this.#start) {
        this.#cutObject(object.lineStart - 1);
        this.#text(object.lineStart - 1, true, object.lineStart);
      } else if (!wrapper) this.#cutObject(brace);
      this.#text(brace, false);
      this.#enterObject();
    }
  }

  /**
   * Whether the beginning just seen within an object is no part of it: the line of a new event
   * after one that lacks its end, or an element of a wrapper.
   */
  #opensAnother(): boolean {
    const { quote, slashes, eventful, typed } = this.#opener;
    const object = this.#object;
    if (!eventful || slashes > object.escapes) return false;
    // Inside a string only quotes that would have ended it show that it was left open.
    if (this.#string !== 0) {
      if (this.#lineHead) return quote === this.#string || quote === 34;
      return object.container && quote === this.#string && slashes === object.escapes;
    }
    if (!this.#valueDue) return quote !== 0 || this.#lineHead;
    return object.container || typed && this.#lineHead;
  }

  #enterObject(): void {
    const { start, quote, slashes, eventful } = this.#opener;
    this.#object = new ObjectScan(quote, slashes, !eventful);
    this.#start = start;
    this.#mode = "object";
    this.#tag = "";
  }

  #cutObject(to: number): void {
    const { quote, escapes } = this.#object;
    this.#emit({ kind: "object", text: this.#slice(to), quote, escapes });
    this.#start = to;
  }

  /** Cuts text up to `to`, line by line; the next piece begins at `next`. */
  #text(to: number, ends: boolean, next = to): void {
    const text = this.#slice(to);
    this.#start = next;
    this.#deferred = 0;
    let from = 0;
    for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", from)) {
      this.#emit({ kind: "text", text: text.slice(from, i), ends: true });
      from = i + 1;
    }
    this.#emit({ kind: "text", text: text.slice(from), ends });
  }

  #tooLong(to: number, lineEnds: boolean): void {
    if (this.#mode === "think" || this.#mode === "skip") return;
    this.#emit({ kind: "long", text: this.#slice(to) });
    this.#mode = lineEnds ? "text" : "skip";
    this.#start = to;
    this.#deferred = 0;
    this.#opener.reset();
    this.#tag = "";
  }

  #emit(piece: Piece): void {
    this.#out.push(piece);
  }

  #take(): Piece[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  /** The text of the current piece, up to `to`. */
  #slice(to: number): string {
    const from = this.#start;
    if (from >= this.#chunkAt) return this.#chunk.slice(from - this.#chunkAt, to - this.#chunkAt);
    if (this.#held.length > 1) this.#held = [this.#held.join("")];
    const held = this.#held[0]!.slice(from - this.#heldAt, to - this.#heldAt);
    return to <= this.#chunkAt ? held : held + this.#chunk.slice(0, to - this.#chunkAt);
  }

  /** Keeps what is not cut yet, without joining it: joining at each push would be quadratic. */
  #hold(): void {
    const end = this.#chunkAt + this.#chunk.length;
    if (this.#mode === "skip") this.#start = end;
    if (this.#start >= this.#chunkAt) {
      this.#held = [this.#chunk.slice(this.#start - this.#chunkAt)];
      this.#heldAt = this.#start;
    } else {
      if (this.#start > this.#heldAt) {
        this.#held = [this.#held.join("").slice(this.#start - this.#heldAt)];
        this.#heldAt = this.#start;
      }
      this.#held.push(this.#chunk);
    }
    this.#chunk = "";
    this.#chunkAt = end;
  }
}
