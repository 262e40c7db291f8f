/** @jsxImportSource npm:preact@10.29.2 */
/**
 * TeX in texts, as MathML. The tree is built anew from a short list of elements and attributes;
 * whatever is not on it stays the text that it was.
 * @module
 */
import { type ComponentChildren, Fragment, h, type VNode } from "../deps/preact.ts";
import { type MathNode, parseTex } from "../deps/temml.ts";

const elements = new Set(
  ("math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover " +
    "mtable mtr mtd mpadded mstyle").split(" "),
);
const words = new Set(
  ("fence form stretchy separator symmetric movablelimits largeop accent accentunder mathvariant " +
    "displaystyle scriptlevel columnalign").split(" "),
);
const lengths = new Set(["width", "lspace", "rspace", "linethickness"]);

/** Lengths that cannot move anything far: up to three em, or none. */
const smallLength = /^(?:0(?:px)?|[0-2]?(?:\.\d+)?em)$/;
const word = /^[\w-]{1,20}$/;
const [longestTex, deepest] = [2_000, 60] as const;

/**
 * `$…$` as Pandoc reads it: no blank inside the ends, no digit after them, so that prices stay
 * prices.
 */
const formula =
  /\$\$([^$]+)\$\$|\\\[([^]+?)\\\]|\\\(([^]+?)\\\)|\$(?=[^\s$])([^$]*?[^\s$\\])\$(?!\d)/g;

/** `text` with its formulas set; what cannot be read as TeX stays as it is. */
export function MathText({ text }: { text: string }): VNode {
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const found of text.matchAll(formula)) {
    const [source, block, bracket, paren, dollar] = found;
    const tex = block ?? bracket ?? paren ?? dollar!;
    const math = toMath(tex, block !== undefined || bracket !== undefined);
    if (math === null) continue;
    parts.push(text.slice(end, found.index), <span title={source}>{math}</span>);
    end = found.index + source.length;
  }
  parts.push(text.slice(end));
  return <>{parts}</>;
}

function toMath(tex: string, display: boolean): VNode | null {
  if (tex.length > longestTex) return null;
  try {
    const tree = parseTex(tex, { display });
    return showsText(tree) ? h(Fragment, null, build(tree, 0)) : null;
  } catch {
    return null; // not TeX, or more than is wanted here
  }
}

/** False for a formula that would make its source vanish. */
function showsText({ text = "", children = [] }: MathNode): boolean {
  return /\S/.test(text) || children.some(showsText);
}

function build(node: MathNode, depth: number): ComponentChildren {
  if (depth > deepest) throw new RangeError("nested too deeply");
  if (node.type === undefined) {
    return node.text ?? node.children?.map((child) => build(child, depth));
  }
  if (!elements.has(node.type)) throw new TypeError(`<${node.type}> is not wanted`);
  const children = node.children?.map((child) => build(child, depth + 1));
  return h(node.type, attributesOf(node), children);
}

function attributesOf({ attributes = {} }: MathNode): Record<string, string> {
  const kept = Object.entries(attributes).filter(([name, value]) =>
    typeof value === "string" &&
    (words.has(name) && word.test(value) || lengths.has(name) && smallLength.test(value) ||
      name === "display" && value === "block")
  );
  return Object.fromEntries(kept) as Record<string, string>;
}
