/** Benches in folders of their own, with scripted models. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type BenchOptions,
  type BenchResult,
  runBench,
  type RunBenchOptions,
} from "../../lib/bench/mod.ts";
import { scriptedBackend, type ScriptedOptions } from "../../lib/model/scripted.ts";
import type { Script } from "../../lib/model/scripted_reply.ts";
import type { Row } from "../../lib/records/row_types.ts";
import type { Folder } from "../cli/harness.ts";

export { type Folder, folder } from "../cli/harness.ts";

/** Rows of a file, as they stand. */
export async function readRowFile(path: string): Promise<Row[]> {
  const text = await readFile(path, "utf8");
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Tasks `t0`, `t1`, … whose answer is 7. */
export function someTasks(count: number): { id: string; task: string; answer: number }[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `t${i}`,
    task: `question ${i}?`,
    answer: 7,
  }));
}

/** One child line of a plan. */
export function childLine(id: string, task = `solve ${id}`): string {
  return JSON.stringify({ type: "child", id, task, depends_on: [] }) + "\n";
}

/** Two children and an await for whoever is asked for a plan; `FINAL: 7` for all else. */
export const answersSeven: Script = ({ role, messages }) =>
  role === "planner" && messages.every((message) => message.role !== "assistant")
    ? childLine("a") + childLine("b") + '{"type":"await","children":["a","b"],"rule":"add"}\n'
    : "FINAL: 7";

/** A bench's options and how it ran. */
export interface Ran extends BenchResult {
  readonly all: Row[];
  readonly messages: string[];
}

/** Options of {@linkcode bench}. */
export interface BenchKitOptions extends Omit<Partial<BenchOptions>, "tasks"> {
  readonly tasks?: readonly unknown[];
  readonly script?: Script;
  readonly scripted?: ScriptedOptions;
  readonly run?: RunBenchOptions;
}

/** Runs a bench of a scripted model in a folder; `direct` on three tasks unless told otherwise. */
export async function bench(dir: Folder, options: BenchKitOptions = {}): Promise<Ran> {
  const { tasks = someTasks(3), script = answersSeven, scripted, run, ...rest } = options;
  const file = await dir.write("tasks.jsonl", tasks);
  const messages: string[] = [];
  await using backend = scriptedBackend(script, scripted);
  const result = await runBench({
    modes: ["direct"],
    out: join(dir.path, "rows.jsonl"),
    ...rest,
    tasks: [file],
  }, {
    backend,
    ...run,
    onProgress(progress) {
      if (progress.type === "message") messages.push(progress.text);
      run?.onProgress?.(progress);
    },
  });
  return { ...result, all: await readRowFile(result.out), messages };
}
