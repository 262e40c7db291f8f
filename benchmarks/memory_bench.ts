/**
 * Memory of a bench with many scripted tasks: it should stay flat.
 * `deno run -A benchmarks/memory_bench.ts [--json]`
 * @module
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { runBench } from "../lib/bench/mod.ts";
import { scriptedBackend } from "../lib/model/scripted.ts";

const TASKS = 10_000;
const folder = await mkdtemp(join(tmpdir(), "rrm-memory-"));
try {
  const tasks = join(folder, "tasks.jsonl");
  const lines = Array.from(
    { length: TASKS },
    (_, i) => JSON.stringify({ id: `t${i}`, task: `What is ${i} + 1?`, answer: i + 1 }),
  );
  await writeFile(tasks, lines.join("\n") + "\n");
  await using backend = scriptedBackend(({ prompt, role }) =>
    role === "planner"
      ? [
        `{"type":"child","id":"a","task":"${"x".repeat(200)}","depends_on":[]}`,
        `{"type":"child","id":"b","task":"second half","depends_on":[]}`,
        `{"type":"await","children":["a","b"],"rule":"add"}`,
      ].join("\n")
      : `FINAL: ${prompt.length}`
  );
  const rss: number[] = [];
  let rows = 0;
  const start = performance.now();
  await runBench({
    tasks: [tasks],
    modes: ["streaming_parallel"],
    recombiner: "last",
    out: join(folder, "rows.jsonl"),
  }, {
    backend,
    onProgress(progress) {
      if (progress.type === "row" && ++rows % (TASKS / 10) === 0) {
        rss.push(Math.round(process.memoryUsage().rss / 2 ** 20));
      }
    },
  });
  const seconds = (performance.now() - start) / 1000;
  const result = {
    bench: "memory",
    tasks: rows,
    tasks_per_s: Math.round(rows / seconds),
    rss_mb_each_tenth: rss,
    growth_last_half: Math.round((rss.at(-1)! / rss[4]!) * 100) / 100,
  };
  console.log(
    process.argv.includes("--json")
      ? JSON.stringify(result)
      : `${rows} tasks, ${result.tasks_per_s}/s; RSS by tenth (MiB): ${rss.join(" ")}`,
  );
} finally {
  await rm(folder, { recursive: true });
}
