/**
 * What is tested under Deno only, and why.
 * @module
 */

/** Test files, or folders of them, that Bun does not run. */
export const denoOnly: readonly { readonly path: string; readonly why: string }[] = [
  { path: "tests/house/", why: "the gate is made of Deno's own tools" },
  { path: "tests/url_import/", why: "Bun does not import by URL" },
  { path: "tests/docs/", why: "runs `deno test --doc` and the `deno task` commands of the pages" },
];
