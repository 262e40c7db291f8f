import { hash } from "../../lib/hash.ts";
import type { TraceEvent, TraceEventBody } from "../../lib/trace/events.ts";
import { foldTrace } from "../../lib/trace/fold.ts";
import { preview } from "../../lib/trace/texts.ts";
import { assert, test } from "../kit.ts";
import { seededRandom } from "../../lib/random.ts";
import { randomTree, simulate } from "./simulate.ts";

const at = (at_ms: number, body: TraceEventBody): TraceEvent => ({ ...body, at_ms });

function create(node: string, parent: string | null, depends_on: string[] = []): TraceEventBody {
  const announced_by = parent === null ? null : { id: "c1", at_ms: 10 };
  const depth = parent === null ? 0 : 1;
  return {
    type: "node-create",
    node,
    parent,
    task: `task ${node}`,
    depth,
    depends_on,
    announced_by,
  };
}

function queue(call: string, node: string, content: string): TraceEventBody {
  const messages = [{ role: "user" as const, content }];
  const settings = { thinking: "off" as const, max_tokens: 9 };
  return { type: "call-queue", call, node, role: "planner", attempt: 1, messages, ...settings };
}

const trace: TraceEvent[] = [
  at(0, create("root", null)),
  at(0, { type: "node-ready", node: "root" }),
  at(1, { type: "node-start", node: "root" }),
  at(1, { type: "note", node: "root", kind: "kind", data: "emitted" }),
  at(2, queue("c1", "root", "plan it")),
  at(3, { type: "call-start", call: "c1", replica: "http://a", model: "m", lora: "l" }),
  at(4, { type: "call-answer", call: "c1" }),
  at(5, { type: "call-first-token", call: "c1" }),
  at(10, {
    type: "call-line",
    call: "c1",
    at_token: 7,
    kind: "repaired",
    event: "child",
    id: "a",
    repairs: ["trailing_comma"],
    reason: null,
  }),
  at(10, create("root.a", "root")),
  at(11, create("root.b", "root", ["root.a", "root.b", "root.zzz"])),
  at(11, { type: "dependency-drop", node: "root.b", depends_on: "b", reason: "self" }),
  at(12, { type: "plan-seal", node: "root" }),
  at(12, { type: "dependency-drop", node: "root.b", depends_on: "zzz", reason: "unknown" }),
  at(12, { type: "join-start", node: "root", children: ["root.a", "root.b"], rule: "add" }),
  at(20, {
    type: "note",
    node: "root.a",
    kind: "metrics",
    data: { cells: 2, bad: NaN, text: "x" },
  }),
  at(20, { type: "note", node: "root.b", kind: "metrics", data: { cells: 3 } }),
  at(21, {
    type: "node-end",
    node: "root.a",
    status: "ok",
    conclusion: "FINAL: 1",
    concluded_by: "worker",
    truncated: true,
    reason: null,
  }),
  at(25, { type: "join-end", node: "root", children: ["root.a"] }),
  at(26, create("root.c", "root")),
  at(27, { type: "join-start", node: "root", children: ["root.c"], rule: null }),
];

test("fold: nodes, rounds, lines, kinds, metrics and drops", () => {
  const folded = foldTrace(trace);
  const [root, a, b] = folded.nodes;
  assert.equal(root!.kind, "emitted");
  assert.deepEqual(root!.rounds, [
    {
      children: ["root.a", "root.b"],
      joined: ["root.a"],
      rule: hash("add"),
      awaited_ms: 12,
      resumed_ms: 25,
    },
    { children: ["root.c"], joined: [], rule: null, awaited_ms: 27, resumed_ms: null },
  ]);
  assert.equal(a!.conclusion, hash("FINAL: 1"));
  assert.equal(a!.truncated, true);
  assert.deepEqual(a!.announced_by, { id: "c1", at_ms: 10 });
  assert.deepEqual(b!.depends_on, ["root.a"]);
  assert.deepEqual(folded.drops, { self: 1, unknown: 1 });
  assert.deepEqual(folded.metrics, { cells: 5 });
  const [call] = folded.calls;
  assert.deepEqual(call!.events, [{
    at_ms: 10,
    at_token: 7,
    kind: "repaired",
    event: "child",
    id: "a",
    repairs: ["trailing_comma"],
    reason: null,
  }]);
  assert.deepEqual(call!.messages, [{ role: "user", text: hash("plan it") }]);
  assert.deepEqual([call!.replica, call!.lora, call!.answered], ["http://a", "l", true]);
});

test("fold: what was open when the trace was cut ends with its last event", () => {
  const folded = foldTrace(trace);
  const [root, a] = folded.nodes;
  assert.equal(root!.ended_ms, 27);
  assert.equal(root!.status, "cancelled");
  assert.match(root!.reason!, /unfinished/);
  assert.equal(a!.reason, null);
  const [call] = folded.calls;
  assert.equal(call!.ended_ms, 27);
  assert.equal(call!.used, false);
  assert.match(call!.error!, /unfinished/);
});

test("fold: any beginning of any trace folds, and grows", async () => {
  for (let seed = 0; seed < 40; seed++) {
    const shape = { depth: 2, width: 3, whole: true, failures: true };
    const tree = randomTree(seededRandom(seed), shape);
    const events = await simulate(tree, { launch: "streaming", slots: 2, lag: 1 });
    const whole = foldTrace(events);
    for (let length = 0; length <= events.length; length++) {
      const part = foldTrace(events.slice(0, length));
      part.nodes.forEach((node, i) => assert.equal(node.path, whole.nodes[i]!.path));
      part.calls.forEach((call, i) => assert.equal(call.prompt_hash, whole.calls[i]!.prompt_hash));
      const end = events[length - 1]?.at_ms ?? 0;
      for (const span of [...part.nodes, ...part.calls]) assert.ok(span.ended_ms <= end);
    }
  }
});

test("fold: texts stand once, in full, as a preview, or not at all; hashes stay", () => {
  const long = "é".repeat(150) + "x".repeat(49) + "🙂" + "tail";
  const events = [at(0, create("root", null)), at(1, queue("c1", "root", long))];
  events.push(at(2, queue("c2", "root", long)));
  const [full, short, none] = (["full", "preview", "none"] as const)
    .map((traceText) => foldTrace(events, { traceText }));
  assert.equal(full!.texts[hash(long)], long);
  assert.equal(Object.keys(full!.texts).length, 2);
  assert.equal(short!.texts[hash(long)], long.slice(0, 199));
  assert.deepEqual(none!.texts, {});
  assert.deepEqual(none!.calls, full!.calls);
  assert.equal(full!.calls[0]!.prompt_hash, full!.calls[1]!.prompt_hash);
});

test("preview: 200 characters, and no half of a pair", () => {
  assert.equal(preview("a".repeat(201)), "a".repeat(200));
  assert.equal(preview("a".repeat(200)), "a".repeat(200));
  assert.equal(preview("a".repeat(199) + "🙂"), "a".repeat(199));
});

test("fold: a join inside a running effect is the effect's wait, not a round", () => {
  const { nodes, effects } = foldTrace([
    at(0, create("root", null)),
    at(1, { type: "effect-queue", effect: "e1", node: "root", kind: "cell", input: "ask()" }),
    at(2, { type: "effect-start", effect: "e1" }),
    at(3, create("root.a", "root")),
    at(4, create("root.b", "root")),
    at(4, { type: "join-start", node: "root", children: ["root.a"], rule: null }),
    at(5, { type: "join-start", node: "root", children: ["root.b"], rule: null }),
    at(6, { type: "join-end", node: "root", children: ["root.b"] }),
    at(8, { type: "join-end", node: "root", children: ["root.a"] }),
    at(9, { type: "effect-end", effect: "e1", output: null, error: "boom" }),
  ]);
  assert.deepEqual(nodes[0]!.rounds, []);
  assert.deepEqual(effects[0]!.waits, [
    { nodes: ["root.a"], from_ms: 4, to_ms: 8 },
    { nodes: ["root.b"], from_ms: 5, to_ms: 6 },
  ]);
  assert.deepEqual([effects[0]!.started_ms, effects[0]!.ended_ms, effects[0]!.error], [
    2,
    9,
    "boom",
  ]);
});

test("fold: what was never begun is left out; hostile names are only names", () => {
  const folded = foldTrace([
    at(0, create("root", null)),
    at(1, { type: "call-answer", call: "ghost" }),
    at(1, { type: "node-start", node: "ghost" }),
    at(1, { type: "join-end", node: "ghost", children: [] }),
    at(2, { type: "note", node: "root", kind: "metrics", data: JSON.parse('{"__proto__": 4}') }),
  ]);
  assert.equal(folded.nodes.length, 1);
  assert.equal(folded.calls.length, 0);
  assert.deepEqual(Object.entries(folded.metrics), [["__proto__", 4]]);
});

test("fold: cost grows about linearly", () => {
  const events = (count: number): TraceEvent[] => [
    at(0, create("root", null)),
    ...Array.from({ length: count }, (_, i) => [
      at(i, create(`root.n${i}`, "root")),
      at(i, queue(`c${i}`, `root.n${i}`, `prompt ${i}`)),
    ]).flat(),
  ];
  const timeOf = (list: TraceEvent[]) => {
    const start = performance.now();
    foldTrace(list);
    return performance.now() - start;
  };
  const [small, large] = [events(2000), events(20000)];
  timeOf(small);
  const ratio = Math.min(timeOf(large), timeOf(large)) / Math.max(timeOf(small), timeOf(small));
  assert.ok(ratio < 50, `ten times the events took ${ratio} times as long`);
});
