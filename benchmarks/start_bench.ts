/**
 * Start-up: importing `mod.ts`, and `rrm --help`, against an empty program, in turn.
 * `deno run -A benchmarks/start_bench.ts [--json]`
 * @module
 */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

const RUNS = 9;
const root = fileURLToPath(new URL("..", import.meta.url));
const programs = {
  empty: ["eval", "0"],
  import_mod: ["eval", "--no-check", `await import("./mod.ts")`],
  help: ["run", "-A", "--no-check", "cli.ts", "--help"],
};

function timeOf(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
  return performance.now() - start;
}

const names = Object.keys(programs) as (keyof typeof programs)[];
const times = new Map(names.map((name) => [name, [] as number[]]));
for (let i = 0; i <= RUNS; i++) {
  for (const name of names) {
    const ms = timeOf(programs[name]);
    if (i > 0) times.get(name)!.push(ms); // the first run fills caches
  }
}
const result = Object.fromEntries(names.map((name) => {
  const sorted = times.get(name)!.sort((a, b) => a - b);
  const [min, median, max] = [sorted[0]!, sorted[RUNS >> 1]!, sorted.at(-1)!].map(Math.round);
  return [`${name}_ms`, { min, median, max }];
}));
console.log(
  process.argv.includes("--json") ? JSON.stringify({ bench: "start", ...result }) : result,
);
