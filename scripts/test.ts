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
import { findVllm, startVllm } from "./servers/vllm.ts";
import { add, format, none, readTotals, type Totals } from "./tests/closing_line.ts";

const bun = ["-y", "bun@1.4.5"];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: flags, positionals: paths } = parseArgs({
  options: { bun: { type: "boolean" }, servers: { type: "boolean" } },
  allowPositionals: true,
});

async function runTests(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Totals> {
  const { code, output } = await run(command, args, { cwd: root, echo: true, env });
  return readTotals(output, code);
}

async function onDeno(files: readonly string[]): Promise<Totals> {
  const isTiming = (file: string) => file.endsWith("_timing_test.ts");
  const groups: (readonly [string[], string[]])[] = [
    [["--parallel"], files.filter((file) => !isTiming(file))],
    [[], files.filter(isTiming)],
  ];
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

/** On the server that RRM_TEST_VLLM_URL names, or on one that is started here. */
async function onServers(files: readonly string[]): Promise<Totals> {
  const test = (env: Readonly<Record<string, string>>) =>
    runTests(process.execPath, ["test", "-A", "--no-check", ...files], env);
  if (process.env["RRM_TEST_VLLM_URL"]) return await test({});
  const parts = await findVllm();
  if (typeof parts === "string") return await test({ RRM_TEST_VLLM_MISSING: parts });
  console.log(`Starting vLLM with ${parts.model} …`);
  await using server = await startVllm(parts);
  console.log(`It was ready after ${(server.startMs / 1000).toFixed(1)} s.`);
  const { baseUrl, pid } = server;
  const totals = await test({ RRM_TEST_VLLM_URL: baseUrl, RRM_TEST_VLLM_PID: String(pid) });
  if (totals.failed > 0) console.log(`The server said last:\n${await server.said()}`);
  return totals;
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
if (paths.length > 0 && all.length === 0) console.error(`No tests at ${paths.join(", ")}`);
console.log(format(totals));
process.exitCode = totals.failed > 0 || (paths.length > 0 && all.length === 0) ? 1 : 0;
