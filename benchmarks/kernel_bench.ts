/**
 * Kernel overhead: nodes per second with a model that answers at once.
 * `deno run -A benchmarks/kernel_bench.ts [--json]`
 * @module
 */
import process from "node:process";
import { runTree } from "../lib/kernel/mod.ts";
import type { BoundStrategy, NodeScope } from "../lib/kernel/types.ts";
import { scriptedBackend } from "../lib/model/scripted.ts";

const NODES = 100_000;
const RUNS = 5;
const role = { maxTokens: 16, thinking: null, temperature: null, topP: null, seed: null };

const leaf: BoundStrategy = async (node) => {
  const turn = [{ role: "user" as const, content: node.task }];
  return (await node.generate(node.session(), turn, { role: "worker" }).reply).text;
};

/** `width` children a node, two levels: about `width * width` nodes. */
function fan(width: number): BoundStrategy {
  return async (node: NodeScope) => {
    const strategy = node.depth === 0 ? fan(width) : leaf;
    const children = Array.from(
      { length: width },
      (_, i) => node.spawn({ id: `n${i}`, task: "x", strategy }),
    );
    node.seal();
    await node.join(children);
    return "";
  };
}

async function once(): Promise<{ nodes: number; ms: number; rssMb: number }> {
  await using backend = scriptedBackend(() => "x");
  const start = performance.now();
  const { events } = await runTree({
    task: "bench",
    strategy: fan(Math.round(Math.sqrt(NODES))),
    backend,
    roles: { default: role },
    maxConcurrency: 64,
    maxDepth: 2,
  });
  const ms = performance.now() - start;
  const nodes = events.filter((event) => event.type === "node-end").length;
  return { nodes, ms, rssMb: process.memoryUsage().rss / 2 ** 20 };
}

const runs = [];
for (let i = 0; i < RUNS; i++) runs.push(await once());
const rates = runs.map(({ nodes, ms }) => nodes / (ms / 1000)).sort((a, b) => a - b);
const result = {
  bench: "kernel",
  nodes: runs[0]!.nodes,
  runs: RUNS,
  nodes_per_s: {
    min: Math.round(rates[0]!),
    median: Math.round(rates[RUNS >> 1]!),
    max: Math.round(rates.at(-1)!),
  },
  peak_rss_mb: Math.round(Math.max(...runs.map((run) => run.rssMb))),
};
console.log(
  process.argv.includes("--json") ? JSON.stringify(result) : `${result.nodes} nodes: ` +
    `${result.nodes_per_s.median} nodes/s (${result.nodes_per_s.min}–${result.nodes_per_s.max}), ` +
    `${result.peak_rss_mb} MiB`,
);
