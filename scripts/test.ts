/**
 * Runs the tests: `deno task test [--bun|--servers] [PATH…]`. Ends with a line of totals.
 *
 * Files named `*_timing_test.ts` measure time: they run alone, after the others.
 * @module
 */
import process from "node:process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { denoOnly } from "../tests/bun/deno_only.ts";
import { listFiles } from "./gate/files.ts";
import { run } from "./gate/run.ts";
import { add, format, none, readTotals, type Totals } from "./tests/closing_line.ts";

const bun = ["-y", "bun@1.4.5"];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: flags, positionals: paths } = parseArgs({
  options: { bun: { type: "boolean" }, servers: { type: "boolean" } },
  allowPositionals: true,
});

async function runTests(command: string, args: readonly string[]): Promise<Totals> {
  const { code, output } = await run(command, args, { cwd: root, echo: true });
  return readTotals(output, code);
}

async function onDeno(files: readonly string[]): Promise<Totals> {
  const isTiming = (file: string) => file.endsWith("_timing_test.ts");
  const groups: (readonly [string[], string[]])[] = [
    [["--parallel"], files.filter((file) => !isTiming(file))],
    [[], files.filter(isTiming)],
  ];
  if (paths.length === 0) {
    const library = (await listFiles(root, [".ts"])).filter((file) => file.startsWith("lib/"));
    groups.push([["--doc"], [...library, "mod.ts", "README.md"]]);
  }
  let totals = none;
  for (const [options, files] of groups) {
    if (files.length === 0) continue;
    const args = ["test", "-A", "--no-check", "--quiet", ...options, ...files];
    totals = add(totals, await runTests(process.execPath, args));
  }
  return totals;
}

async function onBun(files: readonly string[]): Promise<Totals> {
  const install = [...bun, "install", "--no-save", "--ignore-scripts", "--silent"];
  const installed = await run("npx", install, { cwd: root });
  if (installed.code !== 0) {
    console.error(`bun install failed:\n${installed.output}`);
    return { ...none, failed: 1 };
  }
  for (const { path, why } of denoOnly) console.log(`Not under Bun: ${path} (${why})`);
  const shared = files.filter((file) => !denoOnly.some(({ path }) => file.startsWith(path)));
  return await runTests("npx", [...bun, "test", ...shared.map((file) => `./${file}`)]);
}

function onServers(files: readonly string[]): Promise<Totals> | Totals {
  if (files.length > 0) return runTests(process.execPath, ["test", "-A", "--no-check", ...files]);
  console.log("Tests against real servers live in tests/servers. There are none.");
  console.log("They need a machine with vLLM, gigabytes of weights and minutes to load them.");
  return none;
}

const asked = (file: string) => paths.length === 0 || paths.some((path) => file.startsWith(path));
const all = (await listFiles(root, ["_test.ts", "_test.tsx"])).filter((file) =>
  file.startsWith("tests/") && !file.startsWith("tests/fixtures/") && asked(file)
);
const forServers = (file: string) => file.startsWith("tests/servers/");
const ordinary = all.filter((file) => !forServers(file));
const totals = flags.servers
  ? await onServers(all.filter(forServers))
  : await (flags.bun ? onBun(ordinary) : onDeno(ordinary));
console.log(format(totals));
process.exitCode = totals.failed === 0 ? 0 : 1;
