/** Components of the report; each TSX file names the same version in its `@jsxImportSource`. */
export { type ComponentChildren, Fragment, h, type VNode } from "npm:preact@10.29.2";
