import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import process from "node:process";
import { readRows, type Row, type RowItem } from "../../lib/records/mod.ts";
import { runToEnd, startLines } from "../../lib/runtime/process.ts";
import { assert, test } from "../kit.ts";
import { commandsOf, type Fence, fencesOf } from "./fences.ts";

/** Commands that are not run here, and why. */
const leftOut: Readonly<Record<string, string>> = {
  "npx -y deno@2.9.6 task demo": "downloads the model; tests/model/engine runs it where it is",
  "npx -y deno@2.9.6 task test": "is what runs this",
  "for i in 0 1 2 3; do CUDA_VISIBLE_DEVICES=$i vllm serve Qwen/Qwen3-14B --port $((18000 + 2 * i)) --reasoning-parser qwen3 & done":
    "needs vLLM and four GPUs",
  "deno run -A lib/testing/serve.ts --port 18000,18002,18004,18006 --model Qwen/Qwen3-14B":
    "runs until it is stopped; the same servers, but faster, are started around the other commands",
};

const ports = [18000, 18002, 18004, 18006];
const statements = resolve("../shared/data/aime_2024.jsonl");

/** What the servers reply in the README's test: a plan, its parts, and an answer to all else. */
const contestModel = [
  { match: "Announce at most", text: plan(), prefillMs: 10, tokensPerSecond: 500 },
  { match: "Part (one|two)", text: "FINAL: 21", prefillMs: 40 },
  { text: "By the parts and the rule.\nFINAL: 42", prefillMs: 20 },
];

function plan(): string {
  const events = [
    { type: "child", id: "one", task: "Part one of the problem.", depends_on: [] },
    { type: "child", id: "two", task: "Part two of the problem.", depends_on: [] },
    { type: "await", children: ["one", "two"], rule: "the answer is the larger plus the smaller" },
    { type: "done" },
  ];
  return events.map((event) => JSON.stringify(event) + "\n").join("");
}

async function portsTaken(): Promise<string | false> {
  for (const port of ports) {
    const probe = createServer();
    const free = await new Promise<boolean>((resolve) => {
      probe.once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
    });
    if (!free) return `port ${port}, which the page names, is taken`;
  }
  return false;
}

/** A copy of the checkout, in which `deno` and `npx -y deno@…` are the Deno that runs this. */
async function checkoutCopy(): Promise<{ root: string; path: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "rrm-commands-"));
  const [root, bin] = [join(folder, "rrm"), join(folder, "bin")];
  const top = resolve(".");
  const unneeded = new Set([".git", "node_modules", "traces", "tests"]);
  const wanted = (path: string) => dirname(path) !== top || !unneeded.has(basename(path));
  await cp(top, root, { recursive: true, filter: wanted });
  await mkdir(bin);
  const deno = `exec '${process.execPath}' "$@"`;
  const npx = `test "$1 $2" = "-y deno@2.9.6" || exit 127\nshift 2\n${deno}`;
  for (const [name, script] of Object.entries({ deno, npx })) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return {
    root,
    path: `${bin}${delimiter}${process.env["PATH"]}`,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** Four replicas of the model that the page names. */
async function replicas(
  root: string,
  replies: readonly unknown[] | null,
): Promise<AsyncDisposable> {
  const script = join(root, "replies.json");
  if (replies) await writeFile(script, JSON.stringify(replies));
  const model = replies ? ["--script", script] : ["--speed", "10"];
  const flags = ["--port", ports.join(), "--model", "Qwen/Qwen3-14B", "--stdin-exit", ...model];
  const serve = resolve("lib/testing/serve.ts");
  const { promise, resolve: listening } = Promise.withResolvers<boolean>();
  const server = startLines({
    command: [process.execPath, "run", "-A", serve, ...flags],
    onLine: () => listening(true),
  });
  server.exit.then(() => listening(false));
  assert.ok(await promise, `the servers do not start: ${server.stderr()}`);
  return { [Symbol.asyncDispose]: async () => void await server.stop() };
}

/** A shell block with what it printed. */
interface Ran extends Fence {
  readonly output: string;
}

/** Runs the shell blocks of a page in one shell; the first command that fails fails the test. */
async function runPage(
  page: string,
  { root, path }: { readonly root: string; readonly path: string },
  change: (command: string) => string = (command) => command,
): Promise<readonly Ran[]> {
  const blocks = fencesOf(await readFile(page, "utf8")).filter(({ info }) => info === "sh");
  const mark = "=== block ";
  const script = blocks.flatMap(({ text, line }) => [
    `echo '${mark}${line}'`,
    ...commandsOf(text).filter((command) => !(command in leftOut)).map(change),
  ]);
  const { code, stdout } = await runToEnd({
    command: ["bash", "-c", ["set -e", "exec 2>&1", ...script].join("\n")],
    cwd: root,
    env: { PATH: path, NO_COLOR: "1", FORCE_COLOR: undefined },
    signal: AbortSignal.timeout(120_000),
  });
  const outputs = stdout.split(new RegExp(`^${mark}\\d+\\n`, "m")).slice(1);
  assert.equal(code, 0, `${page}, line ${blocks[outputs.length - 1]?.line}:\n${outputs.at(-1)}`);
  return blocks.map((block, index) => ({ ...block, output: outputs[index]! }));
}

async function rowsOf(file: string): Promise<Row[]> {
  const items: RowItem[] = await Array.fromAsync(readRows(file));
  return items.map((item) => {
    assert.ok("row" in item, `${file}: ${JSON.stringify(item)}`);
    return item.row;
  });
}

test("docs: fenced blocks are joined and split into commands", () => {
  const markdown = "a\n```sh\none \\\n  --two # three\n# four\ncat <<'E'\n# kept\nE\nfive\n```\n";
  assert.deepEqual(fencesOf(markdown).map(({ info, line }) => [info, line]), [["sh", 2]]);
  const commands = commandsOf(fencesOf(markdown)[0]!.text);
  assert.deepEqual(commands, ["one --two", "cat <<'E'\n# kept\nE", "five"]);
});

test("docs: every block of README and guide says what it is; what is left out is there", async () => {
  const pages = ["README.md", "docs/guide.md"];
  const fences = (await Promise.all(pages.map((page) => readFile(page, "utf8")))).flatMap(fencesOf);
  const kinds = new Set(fences.map(({ info }) => info));
  assert.deepEqual([...kinds].filter((kind) => !["sh", "ts", "text", "json"].includes(kind)), []);
  const commands = fences.filter(({ info }) => info === "sh").flatMap(({ text }) =>
    commandsOf(text)
  );
  assert.deepEqual(Object.keys(leftOut).filter((command) => !commands.includes(command)), []);
});

const skip = await portsTaken();

test("docs: the README's commands work as written, on four test servers", async () => {
  const aime = await stat(statements).catch(() => null);
  if (!aime) console.error("No AIME statements here: contest_mini.jsonl stands in for them.");
  await using copy = await checkoutCopy();
  if (aime) await cp(statements, join(copy.root, "aime_2024.jsonl"));
  await using _servers = await replicas(copy.root, contestModel);
  const standIn = (command: string) =>
    command.replaceAll("aime_2024_rrm_candidates", "contest_mini")
      .replace(/--statements \S+ /, "");
  const ran = await runPage("README.md", copy, aime ? undefined : standIn);

  const demo = join(copy.root, "traces/aime_demo");
  const direct = await rowsOf(join(demo, "direct.jsonl"));
  const recursive = await rowsOf(join(demo, "rrm.jsonl"));
  const tasks = aime ? 30 : 60;
  assert.deepEqual([direct.length, recursive.length], [tasks, tasks]);
  for (const row of [...direct, ...recursive]) {
    assert.deepEqual([row.status, row.timing, row.answer], ["ok", "simulated", "42"]);
    assert.equal(row.model, "Qwen/Qwen3-14B");
  }
  for (const row of recursive) {
    assert.deepEqual([row.graph_status, row.child_count], ["emitted", 2]);
    assert.equal(row.trust_label, "simulated_timing");
  }
  assert.ok(
    recursive.every((row) => row.overlap_ms > 0),
    "children start while the plan is written",
  );
  const used = new Set(recursive.flatMap((row) => row.replicas.map(({ replica }) => replica)));
  assert.equal(used.size, 4, [...used].join());
  const planner = recursive[0]!.calls.find(({ role }) => role === "planner")!;
  const worker = recursive[0]!.calls.find(({ role }) => role === "worker")!;
  assert.deepEqual([planner.thinking, worker.thinking], ["off", "on"]);
  assert.deepEqual([planner.max_tokens, worker.max_tokens], [1536, 7000]);

  const table = ran.at(-1)!.output;
  assert.match(table, /streaming_parallel against direct \(model Qwen\/Qwen3-14B; simulated time/);
  assert.match(table, new RegExp(`${tasks} pairs`));
  assert.match(table, /simulated_timing +\d+/);
  const page = await readFile(join(copy.root, "traces/blogpost_demo/index.html"), "utf8");
  assert.match(page, /<title>Recursive Reasoning Models on AIME<\/title>/);
  assert.match(page, /simulated/);
}, { skip });

test("docs: the guide's commands work as written, and print what it shows", async () => {
  await using copy = await checkoutCopy();
  await using _servers = await replicas(copy.root, null);
  const ran = await runPage("docs/guide.md", copy);

  const shown = fencesOf(await readFile("docs/guide.md", "utf8"));
  for (const { info, text, line } of shown.filter(({ info }) => info !== "sh")) {
    const output = ran.findLast((block) => block.line < line)!.output;
    const missing = info === "json"
      ? fieldsMissing(JSON.parse(text), JSON.parse(output))
      : text.split("\n").map(firstCell).filter((cell) => !output.includes(cell));
    assert.deepEqual(
      missing,
      [],
      `docs/guide.md:${line} shows what is not there:\n${output.slice(0, 3000)}`,
    );
  }
  const contest = await rowsOf(join(copy.root, "traces/contest/rows.jsonl"));
  assert.equal(contest.length, 8);
  assert.ok(contest.every((row) => row.status === "ok" && row.timing === "simulated"));
  assert.equal((await rowsOf(join(copy.root, "traces/mine/rows.jsonl"))).length, 6);
  assert.equal((await rowsOf(join(copy.root, "traces/mine/capped.jsonl"))).length, 3);
  assert.match(await readFile(join(copy.root, "traces/first/index.html"), "utf8"), /First run/);
}, { skip });

/** A line of a table by its first cell, any other line whole. */
function firstCell(line: string): string {
  return line.trim().split(/\s{2,}/)[0]!;
}

/** Fields that the guide shows and the row lacks, or has with another value that is not measured. */
function fieldsMissing(shown: object, row: object, path = ""): string[] {
  return Object.entries(shown).flatMap(([name, value]) => {
    const found: unknown = (row as Record<string, unknown>)[name];
    if (value !== null && typeof value === "object") {
      return fieldsMissing(value, (found ?? {}) as object, `${path}${name}.`);
    }
    const same = /_(?:ms|tokens)$/.test(name) ? typeof found === "number" : found === value;
    return same ? [] : [`${path}${name}`];
  });
}
