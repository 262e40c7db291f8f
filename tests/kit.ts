/**
 * What every test file imports: one `test` for Deno and Bun, and assertions.
 * @module
 */
export { default as assert } from "node:assert/strict";

/** Options of {@linkcode test}. */
export interface TestOptions {
  /** Why the test cannot run here; it is then counted as skipped, and the reason printed. */
  readonly skip?: string | undefined | false;
}

type Body = () => void | Promise<void>;
type Register = (name: string, body: Body, skip: boolean) => void;

/** True under Deno. */
export const onDeno: boolean = "Deno" in globalThis;

const bunTest = "bun:test";
const register: Register = onDeno
  ? (name, fn, ignore) => Deno.test({ name, fn, ignore })
  : await import(bunTest).then((bun): Register => (name, body, skip) =>
    skip ? bun.test.skip(name, body) : bun.test(name, body, 120_000)
  );

/** Registers a test. */
export function test(name: string, body: Body, options: TestOptions = {}): void {
  if (options.skip) console.error(`SKIP ${name}: ${options.skip}`);
  register(name, body, Boolean(options.skip));
}
