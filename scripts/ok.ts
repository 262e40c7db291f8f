/**
 * The gate, `deno task ok`: everything but the tests. All steps run, even if one fails.
 * @module
 */
import process from "node:process";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { checkImports } from "./gate/imports.ts";
import { checkLinks } from "./gate/links.ts";
import { run } from "./gate/run.ts";
import { checkSizes } from "./gate/sizes.ts";
import { checkWords } from "./gate/words.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A step returns its problems; none is good. */
type Step = () => Promise<readonly string[]>;

const deno = (...args: string[]): Step => async () => {
  const { code, output } = await run(process.execPath, args, { cwd: root, env: { NO_COLOR: "1" } });
  return code === 0 ? [] : [output.trim()];
};

/** Which files are not formatted, without what would change in them. */
const format: Step = async () => {
  const problems = await deno("fmt", "--check")();
  const files = problems.join("\n").matchAll(/^from (.+):$/gm);
  const names = [...files].map(([, path]) => relative(root, path!));
  return problems.length === 0 || names.length === 0
    ? problems
    : [`${names.join("\n")}\nRun deno fmt.`];
};

const steps: readonly (readonly [string, Step])[] = [
  ["format", format],
  ["lint", deno("lint", "--quiet")],
  ["types, examples included", deno("check", "--quiet", "--doc", ".")],
  ["import directions", () => checkImports(root)],
  ["documentation of exports", deno("doc", "--lint", "mod.ts", "lib/testing/mod.ts")],
  ["file lengths", () => checkSizes(root)],
  ["links", () => checkLinks(root)],
  ["words", () => checkWords(root)],
];

let failed = 0;
for (const [name, step] of steps) {
  const start = performance.now();
  const problems = await step().catch((error: unknown) => [String(error)]);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${problems.length === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  for (const problem of problems) console.log(problem.replace(/^/gm, "       "));
  if (problems.length > 0) failed++;
}
console.log(failed === 0 ? "The gate is open." : `The gate is shut: ${failed} steps failed.`);
process.exitCode = failed === 0 ? 0 : 1;
