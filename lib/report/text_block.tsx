/** @jsxImportSource npm:preact@10.29.2 */
/**
 * Texts of a row: short ones as they are, long ones folded, each in full only once.
 * @module
 */
import type { VNode } from "../deps/preact.ts";
import { count, preview } from "./format.ts";
import { MathText } from "./math.tsx";

const shortLength = 220;
const shortLines = 5;
const previewLength = 110;

/** Remembers where on the page a text stands in full. It grows while one page is rendered. */
export interface Shelf {
  /** The anchor of `text`; `first` if the caller is the one to show it. */
  place(text: string): { readonly anchor: string; readonly first: boolean };
}

/** An empty {@linkcode Shelf}. */
export function createShelf(): Shelf {
  const anchors = new Map<string, string>();
  return {
    place(text) {
      const known = anchors.get(text);
      if (known !== undefined) return { anchor: known, first: false };
      const anchor = `text-${anchors.size + 1}`;
      anchors.set(text, anchor);
      return { anchor, first: true };
    },
  };
}

/** True for a text that is shown whole wherever it occurs. */
function isShort(text: string): boolean {
  return text.length <= shortLength && text.split("\n", shortLines + 1).length <= shortLines;
}

/** Properties of {@linkcode TextBlock}. */
export interface TextBlockProps {
  /** `null` says that it was not recorded. */
  readonly text: string | null;
  readonly shelf: Shelf;
  /** As a model got or gave it: formulas stay TeX. Long texts always are. */
  readonly raw?: boolean;
}

/** A text that a span names. */
export function TextBlock({ text, shelf, raw = false }: TextBlockProps): VNode {
  if (text === null) return <p class="absent">text not recorded</p>;
  if (text === "") return <p class="absent">empty</p>;
  if (isShort(text)) {
    return <p class="text" dir="auto">{raw ? text : <MathText text={text} />}</p>;
  }
  const { anchor, first } = shelf.place(text);
  const start = <span class="start" dir="auto">{preview(text, previewLength)}…</span>;
  const size = `${count(Array.from(text).length)} characters`;
  if (!first) {
    return (
      <p class="again">
        {start} <a href={`#${anchor}`}>{`full text, ${size}`}</a>
      </p>
    );
  }
  return (
    <details class="long" id={anchor}>
      <summary>
        {start} <small>{size}</small>
      </summary>
      <p class="text" dir="auto">{text}</p>
    </details>
  );
}

/** A text that stands open at its first place, such as a task's statement. */
export function OpenText({ text, shelf }: { text: string; shelf: Shelf }): VNode {
  if (isShort(text) || text.length > 4_000) return <TextBlock text={text} shelf={shelf} />;
  const { anchor, first } = shelf.place(text);
  if (!first) return <TextBlock text={text} shelf={shelf} />;
  return (
    <p class="text" dir="auto" id={anchor}>
      <MathText text={text} />
    </p>
  );
}
