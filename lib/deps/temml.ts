/** TeX to a tree of MathML elements. */
import temml from "npm:temml@0.13.5/dist/temml.mjs";

/** An element or a text of the tree, as far as it is read here. */
export interface MathNode {
  /** Name of the element; absent in texts and fragments. */
  readonly type?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly children?: readonly MathNode[];
  readonly text?: string;
}

/** Its declarations name this function without the underscores that it has. */
type Parse = (tex: string, options: Record<string, unknown>) => MathNode;
const { __renderToMathMLTree: parse } = temml as unknown as { __renderToMathMLTree: Parse };

/** Reads TeX. Throws what Temml throws where it cannot. */
export function parseTex(tex: string, options: { readonly display: boolean }): MathNode {
  return parse(tex, {
    displayMode: options.display,
    throwOnError: true,
    trust: false,
    maxExpand: 200,
  });
}
