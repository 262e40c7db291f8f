/**
 * Speed of the lenient reader: medians over several runs, in MB and events per second of the
 * processor (what other programs do on a shared machine counts less than in wall time).
 * `deno run -A benchmarks/reader_bench.ts [--json]`; compare with `baselines/reader.json`.
 * @module
 */
import process from "node:process";
import { createEventReader } from "../lib/protocol/mod.ts";

const child = (i: number, task: string) =>
  JSON.stringify({ type: "child", id: `c${i}`, task, depends_on: [] });
const lines = (make: (i: number) => string) => Array.from({ length: 5000 }, (_, i) => make(i));
const task = "Count the cases in which both dice show an even number, and name each of them. ";

const texts: Readonly<Record<string, string>> = {
  well_formed: lines((i) => child(i, task)).join("\n"),
  fenced_with_prose: lines((i) => `Step ${i}:\n\`\`\`json\n${child(i, task)}\n\`\`\``).join("\n"),
  single_quotes: lines((i) =>
    `- {'type': 'child', 'id': ${i}, 'task': 'it's ${task}', 'depends_on': None,}`
  ).join("\n"),
  tex: lines((i) => child(i, `${task} $x \\neq \\frac{1}{2}$`).replaceAll("\\\\", "\\")).join("\n"),
  wrapped: `{"events":[${lines((i) => child(i, task)).join(",")}]}`,
  one_long_task: child(0, task.repeat(12_000)),
  prose: task.repeat(12_000),
};

/** About a token's length. */
const delta = 4;
const runs = 15;

function measure(pieces: readonly string[]): { ms: number; events: number } {
  const before = process.cpuUsage();
  const reader = createEventReader();
  let events = 0;
  const count = (results: ReturnType<typeof reader.end>) => {
    for (const { kind } of results) if (kind === "event" || kind === "repaired") events++;
  };
  for (const piece of pieces) count(reader.push(piece));
  count(reader.end());
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1000, events };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}

const rows = Object.entries(texts).flatMap(([name, text]) =>
  [text.length, delta].map((step) => {
    const pieces: string[] = [];
    for (let i = 0; i < text.length; i += step) pieces.push(text.slice(i, i + step));
    const measured = Array.from({ length: runs }, () => measure(pieces));
    const ms = median(measured.map((run) => run.ms));
    return {
      name,
      delta_chars: step === delta ? delta : null,
      megabytes: Math.round(text.length / 1e4) / 100,
      mb_per_s: Math.round(text.length / ms / 100) / 10,
      events_per_s: Math.round(measured[0]!.events / ms * 1000),
    };
  })
);

if (process.argv.includes("--json")) console.log(JSON.stringify({ runs, rows }, null, 2));
else console.table(rows);
