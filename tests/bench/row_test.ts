/** Rows of every kind: as the schema says, true to their spans, and labelled. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { checkRow } from "../../lib/analysis/check.ts";
import { virtualClock } from "../../lib/clock.ts";
import type { Script, ScriptedReply } from "../../lib/model/scripted_reply.ts";
import type { Timing } from "../../lib/model/types.ts";
import { parseRow } from "../../lib/records/row.ts";
import type { Row, TrustLabel } from "../../lib/records/row_types.ts";
import { assert, test } from "../kit.ts";
import { bench, type BenchKitOptions, childLine, folder } from "./bench_kit.ts";

interface Kind {
  readonly name: string;
  readonly label: TrustLabel;
  /** Default: one that streams, so that its children run beside it. */
  readonly plan?: ScriptedReply;
  /** Of workers, continuations and the direct call. Default: the right answer. */
  readonly rest?: ScriptedReply;
  readonly mode?: string;
  readonly task?: Readonly<Record<string, unknown>>;
  readonly options?: BenchKitOptions;
  readonly timing?: Timing;
  /** What else the row must be. */
  readonly also?: Partial<Row>;
}

const seven = { id: "t", task: "seven?", answer: 7 };
const plan = { chunks: [childLine("a"), childLine("b"), "so much for that\n"], delaysMs: 40 };
const right = { text: "FINAL: 7", prefillMs: 30 };
const broken = { error: { code: "engine", message: "broke", retryable: false } };

const kinds: readonly Kind[] = [
  {
    name: "a graph",
    label: "headline_candidate",
    also: { graph_status: "emitted", answer: "7", answer_rule: "final_line", model_calls: 4 },
  },
  { name: "simulated time", label: "simulated_timing", timing: "simulated" },
  { name: "a replay", label: "replayed_timing", timing: "replayed" },
  { name: "direct", label: "direct", mode: "direct", also: { graph_status: "none" } },
  {
    name: "direct_reduce",
    label: "other_mode",
    mode: "direct_reduce",
    rest: { text: "- a = 3\n- b = 4\nREDUCE: sum" },
    also: { correct: true, metrics: { reduced: 1 } },
  },
  { name: "planned_parallel", label: "no_overlap", mode: "planned_parallel" },
  { name: "sequential", label: "no_overlap", mode: "sequential", also: { sibling_overlap_ms: 0 } },
  {
    name: "an oracle's graph",
    label: "oracle_graph",
    mode: "oracle_parallel",
    task: { ...seven, oracle_graph: ["a", "b"].map((id) => JSON.parse(childLine(id))) },
    also: { graph_status: "oracle", first_child_lead_ms: null },
  },
  {
    name: "an atomic plan",
    label: "direct_style_control",
    plan: { text: '{"type":"atomic","answer":"FINAL: 7"}\n' },
    also: { graph_status: "atomic", model_calls: 1 },
  },
  {
    name: "a fallback",
    label: "fallback",
    plan: { text: "I would rather not plan." },
    also: { graph_status: "fallback", correct: true },
  },
  { name: "a wrong answer", label: "wrong_answer", rest: { text: "FINAL: 8", prefillMs: 30 } },
  { name: "no answer to compare", label: "ungraded", task: { id: "t", task: "seven?" } },
  {
    name: "a cut conclusion",
    label: "truncated",
    rest: { text: "I think that", finishReason: "length", prefillMs: 30 },
    also: { truncated: true, correct: false, answer: null },
  },
  {
    name: "an error",
    label: "error",
    plan: broken,
    also: { status: "error", answer: null, correct: false, score: null },
  },
  {
    name: "a direct error",
    label: "error",
    mode: "direct",
    rest: broken,
    also: { model_calls: 0, usage_source: null },
  },
  {
    name: "a stream that broke off after its children",
    label: "headline_candidate",
    plan: { ...plan, error: { code: "cut" } },
    also: { degraded: true, correct: true },
  },
  {
    name: "a budget's end",
    label: "incomplete",
    options: { taskMaxCalls: 2 },
    also: { status: "budget", correct: null, score: null },
  },
  {
    name: "a task that ran out of time",
    label: "incomplete",
    options: { taskTimeout: 0.05 },
    also: { status: "budget", latency_ms: 50, answer: null },
  },
  {
    name: "two levels, a seed and a context",
    label: "headline_candidate",
    task: { ...seven, context: "There are seven." },
    options: { seed: 3, maxDepth: 2, temperature: 0.2, modeOptions: { unused: true } },
    also: { seed: 3, max_depth: 2, node_count: 7 },
  },
];

/** Runs one task under the virtual clock. */
async function rowOf(kind: Omit<Kind, "name" | "label">): Promise<Row> {
  await using dir = await folder();
  const clock = virtualClock();
  const script: Script = ({ role, messages }) =>
    role === "planner" && messages.every((message) => message.role !== "assistant")
      ? kind.plan ?? plan
      : kind.rest ?? right;
  const { all, out } = await bench(dir, {
    tasks: [kind.task ?? seven],
    modes: [kind.mode ?? "streaming_parallel"],
    script,
    scripted: { clock, timing: kind.timing ?? "api" },
    run: { clock },
    ...kind.options,
  });
  assert.equal(all.length, 1);
  assert.ok((await readFile(out, "utf8")).endsWith("}\n"));
  return all[0]!;
}

/** What must hold of any row. */
function checked(row: Row): void {
  const parsed = parseRow(row);
  assert.ok("row" in parsed, JSON.stringify(parsed).slice(0, 300));
  assert.deepEqual(parsed.row, row, "nothing is filled in, and nothing is left out");
  assert.deepEqual(checkRow(row), []);
  const blamed = Object.values(row.blame).reduce((sum, ms) => sum + ms, 0);
  assert.ok(Math.abs(blamed - row.latency_ms) < 1e-6);
  assert.ok(row.critical_path_ms <= row.latency_ms + 1e-6);
  assert.match(row.started_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  for (const node of row.nodes) assert.ok(node.task in row.texts);
}

for (const { name, label, also = {}, ...kind } of kinds) {
  test(`row of ${name}: by the schema, true to its spans, labelled ${label}`, async () => {
    const row = await rowOf(kind);
    checked(row);
    assert.equal(row.trust_label, label, row.trust_reasons.join());
    for (const [field, value] of Object.entries(also)) {
      assert.deepEqual(row[field as keyof Row], value, field);
    }
  });
}

test("row: an attempt that failed is in it, and what was thrown away is counted", async () => {
  await using dir = await folder();
  const clock = virtualClock();
  const { all: [row] } = await bench(dir, {
    tasks: [seven],
    script: ({ index }) => index === 0 ? { text: "half of", error: { code: "cut" } } : right,
    scripted: { clock },
    run: { clock },
  });
  checked(row!);
  assert.deepEqual([row!.attempts, row!.model_calls, row!.status], [2, 2, "ok"]);
  assert.deepEqual(row!.calls.map((call) => call.used), [false, true]);
  assert.ok(row!.wasted_tokens > 0);
  assert.ok(row!.blame.retry > 0);
  assert.equal(row!.usage_source, "mixed");
});

test("row: effects of an own strategy are spans too", async () => {
  await using dir = await folder();
  const clock = virtualClock();
  const strategy = await dir.write(
    "checks.ts",
    `export default async (node) => {
  const found = await node.effect("checker", "is it 7?", async () => {
    await node.clock.sleep(25);
    return "FINAL: 7";
  });
  return found;
};`,
  );
  const { all: [row] } = await bench(dir, {
    tasks: [seven],
    strategy,
    modes: ["checks"],
    scripted: { clock },
    run: { clock },
  });
  checked(row!);
  assert.deepEqual(row!.effects.map(({ kind, ended_ms }) => [kind, ended_ms]), [["checker", 25]]);
  assert.deepEqual([row!.blame.effect, row!.latency_ms, row!.prompt_hash], [25, 25, null]);
});

test("row: its fields are those of docs/records.md, no more and no fewer", async () => {
  const page = await readFile(resolve("docs/records.md"), "utf8");
  const [, sample] = /```json row\n([^]*?)```/.exec(page)!;
  const row = await rowOf({});
  assert.deepEqual(
    Object.keys(row).toSorted(),
    Object.keys(JSON.parse(sample!)).toSorted(),
  );
});
