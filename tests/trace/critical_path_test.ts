import { blame, blamePieces } from "../../lib/trace/blame.ts";
import { criticalPath } from "../../lib/trace/critical_path.ts";
import { foldTrace } from "../../lib/trace/fold.ts";
import { measure } from "../../lib/trace/measures.ts";
import type { Spans } from "../../lib/trace/spans.ts";
import { assert, test } from "../kit.ts";
import { seededRandom } from "../../lib/random.ts";
import { randomTree, simulate, type SimulateOptions } from "./simulate.ts";

const runs = 150;
const free: SimulateOptions = { launch: "streaming", slots: Infinity, lag: 0 };
const shape = { depth: 3, width: 3, whole: true, failures: true };

async function latencyAndPath(tree: Parameters<typeof simulate>[0], options: SimulateOptions) {
  const spans = foldTrace(await simulate(tree, options));
  const path = criticalPath(spans);
  return { latency: measure(spans).latency_ms, path: path.length_ms, pieces: path.pieces, spans };
}

function close(a: number, b: number, note: string): void {
  assert.ok(Math.abs(a - b) < 1e-6, `${note}: ${a} is not ${b}`);
}

test("critical path: without queue, retry and lag it is the latency", async () => {
  for (let seed = 0; seed < runs; seed++) {
    const tree = randomTree(seededRandom(seed), {
      ...shape,
      whole: seed % 2 === 0,
      failures: false,
    });
    const { latency, path } = await latencyAndPath(tree, free);
    close(path, latency, `seed ${seed}`);
  }
});

test("critical path: the same in every mode, whatever queue, retries and lag add", async () => {
  for (let seed = 0; seed < runs; seed++) {
    const whole = seed % 2 === 0;
    const tree = randomTree(seededRandom(seed), { ...shape, whole });
    const ideal = await latencyAndPath(tree, free);
    const schedules: SimulateOptions[] = [
      { launch: "planned", slots: Infinity, lag: 0 },
      { launch: "planned", slots: 1, lag: 0 },
      { launch: "streaming", slots: 2, lag: 7 },
    ];
    for (const options of schedules) {
      const { path, latency } = await latencyAndPath(tree, options);
      close(path, ideal.path, `seed ${seed} ${JSON.stringify(options)}`);
      assert.ok(path <= latency, `seed ${seed}: ${path} > ${latency}`);
    }
  }
});

test("critical path: its pieces add up to it, in order", async () => {
  for (let seed = 0; seed < runs; seed++) {
    const tree = randomTree(seededRandom(seed), shape);
    const { path, pieces } = await latencyAndPath(tree, { launch: "planned", slots: 2, lag: 3 });
    close(
      pieces.reduce((sum, piece) => sum + piece.to_ms - piece.from_ms, 0),
      path,
      `seed ${seed}`,
    );
    pieces.slice(1).forEach((piece, i) => assert.ok(piece.from_ms >= pieces[i]!.from_ms));
  }
});

test("blame: the pieces cover the latency without gap or overlap", async () => {
  for (let seed = 0; seed < runs; seed++) {
    const random = seededRandom(seed);
    const tree = randomTree(random, { ...shape, whole: seed % 2 === 0 });
    const launch = random() < 0.5 ? "planned" : "streaming";
    const options: SimulateOptions = { launch, slots: 1 + Math.floor(random() * 4), lag: seed % 3 };
    const events = await simulate(tree, options);
    for (const cut of [1, random()]) {
      const spans = foldTrace(events.slice(0, Math.ceil(events.length * cut)));
      const { latency_ms, critical_path_ms } = measure(spans);
      const pieces = blamePieces(spans);
      assert.equal(pieces[0]?.from_ms ?? 0, 0);
      assert.equal(pieces.at(-1)?.to_ms ?? 0, latency_ms);
      pieces.slice(1).forEach((piece, i) => assert.equal(piece.from_ms, pieces[i]!.to_ms));
      const sum = Object.values(blame(spans)).reduce((total, ms) => total + ms, 0);
      close(sum, latency_ms, `seed ${seed}`);
      assert.ok(critical_path_ms <= latency_ms);
    }
  }
});

test("blame: an undisturbed run has no queue, retry or runtime", async () => {
  for (let seed = 0; seed < runs; seed++) {
    const tree = randomTree(seededRandom(seed), { ...shape, failures: false });
    const { queue, retry, runtime } = blame(foldTrace(await simulate(tree, free)));
    assert.deepEqual({ queue, retry, runtime }, { queue: 0, retry: 0, runtime: 0 }, `seed ${seed}`);
  }
});

test("blame and path of one plan with a child, a retry and a queue", async () => {
  const leaf = { calls: [{ prefill: 10, decode: 90, failures: [30], children: [], cell: null }] };
  const child = { id: "a", line: 0.5, dependsOn: [], node: leaf };
  const plan = { prefill: 20, decode: 40, failures: [], children: [child], cell: null };
  const last = { prefill: 5, decode: 15, failures: [], children: [], cell: null };
  const tree = { calls: [plan, last] };
  // Streaming: line at 40; attempt 40–70, back-off to 80, call 80–180; continuation 180–200.
  const streaming = await latencyAndPath(tree, free);
  assert.equal(streaming.latency, 200);
  assert.equal(streaming.path, 20 + 20 + 100 + 20);
  assert.deepEqual(blame(streaming.spans), {
    queue: 0,
    prefill: 20 + 10 + 5,
    decode: 90 + 15,
    announce: 20,
    effect: 0,
    retry: 40,
    runtime: 0,
  });
  assert.deepEqual(
    streaming.pieces.map((piece) => [piece.kind, piece.node, piece.to_ms - piece.from_ms]),
    [
      ["prefill", "root", 20],
      ["announce", "root", 20],
      ["prefill", "root.a", 10],
      ["decode", "root.a", 90],
      ["prefill", "root", 5],
      ["decode", "root", 15],
    ],
  );
  // Planned: the child starts at 60, so the rest of the plan's decode is to blame too.
  const planned = await latencyAndPath(tree, { ...free, launch: "planned" });
  assert.equal(planned.latency, 220);
  assert.equal(planned.path, streaming.path);
  assert.equal(blame(planned.spans).decode, 40 + 90 + 15);
  assert.equal(blame(planned.spans).announce, 0);
});

test("critical path and blame survive spans that make no sense", () => {
  const node = (path: string, parent: string | null, depends_on: string[]) => ({
    type: "node-create" as const,
    node: path,
    parent,
    task: "t",
    depth: 0,
    depends_on,
    announced_by: { id: "c1", at_ms: 9 },
    at_ms: 0,
  });
  const spans: Spans = foldTrace([
    node("root", null, ["root"]),
    node("root.a", "root.b", ["root.b", "nobody"]),
    node("root.b", "root.a", ["root.a"]),
    {
      type: "call-queue",
      call: "c1",
      node: "root.a",
      role: "x",
      attempt: 3,
      messages: [],
      thinking: null,
      max_tokens: 1,
      at_ms: 4,
    },
    { type: "call-answer", call: "c1", at_ms: 2 },
    { type: "call-start", call: "c1", replica: "r", model: "m", lora: null, at_ms: 3 },
  ]);
  const { latency_ms, critical_path_ms } = measure(spans);
  assert.equal(latency_ms, 4);
  assert.ok(critical_path_ms <= latency_ms);
  assert.equal(measure({ nodes: [], calls: [], effects: [] }).latency_ms, 0);
});

test("critical path: a chain of 5,000 dependent children is no deeper than the stack", async () => {
  const leaf = { calls: [{ prefill: 1, decode: 1, failures: [], children: [], cell: null }] };
  const children = Array.from({ length: 5000 }, (_, i) => ({
    id: `n${i}`,
    line: 0,
    dependsOn: i === 0 ? [] : [`n${i - 1}`],
    node: leaf,
  }));
  const plan = { prefill: 1, decode: 1, failures: [], children, cell: null };
  const { latency, path } = await latencyAndPath({ calls: [plan] }, free);
  assert.equal(latency, 10001);
  assert.equal(path, latency);
});
