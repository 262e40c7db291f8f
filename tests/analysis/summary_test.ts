import { checkRows } from "../../lib/analysis/check.ts";
import { collect, factsOf } from "../../lib/analysis/facts.ts";
import { callsInFlight } from "../../lib/analysis/load.ts";
import { replicaUse } from "../../lib/analysis/replicas.ts";
import { summarise } from "../../lib/analysis/summary.ts";
import { assert, test } from "../kit.ts";
import { callOf, nodeOf } from "../trace/spans_kit.ts";
import { factsFrom, graphSpans, rowOf } from "./rows_kit.ts";

test("summary: figures of an arm, worked out by hand", () => {
  const events = { accepted: 6, repaired: 2, ignored: 3, rejected: 1 };
  const [arm] = summarise(factsFrom(
    { task_id: "a", latency_ms: 1000, correct: true, cost_usd: 0.5, nodes: [], events },
    { task_id: "b", latency_ms: 3000, correct: false, truncated: true, nodes: [] },
    { task_id: "c", latency_ms: 9000, correct: null, status: "error", nodes: [] },
  ));
  assert.ok(arm);
  assert.deepEqual([arm.rows, arm.tasks, arm.status], [3, 3, { ok: 2, error: 1 }]);
  assert.deepEqual([arm.accuracy!.count, arm.accuracy!.n], [1, 2]);
  assert.deepEqual(arm.latency_ms, { n: 2, median: 2000, p95: 2900 });
  assert.deepEqual(arm.cost_usd, { n: 1, total: 0.5, mean: 0.5 });
  assert.equal(arm.truncated!.value, 1 / 3);
  assert.equal(arm.lines.repair_rate, 2 / 8);
  assert.equal(arm.lines.rejection_rate, 1 / 9);
  assert.equal(arm.score, null);
});

test("summary: arms differ by configuration and timing, and timings never mix", () => {
  const arms = summarise(factsFrom(
    { mode: "streaming_parallel", config_hash: "11111111aa", latency_ms: 1000 },
    { mode: "streaming_parallel", config_hash: "22222222bb", latency_ms: 2000 },
    { mode: "direct", latency_ms: 4000 },
    { mode: "direct", latency_ms: 1, timing: "simulated" },
  ));
  assert.deepEqual(arms.map(({ arm, latency_ms }) => [arm.name, arm.timing, latency_ms!.median]), [
    ["direct", "api", 4000],
    ["direct", "simulated", 1],
    ["streaming_parallel@11111111", "api", 1000],
    ["streaming_parallel@22222222", "api", 2000],
  ]);
});

test("summary: graded scores, noted metrics, sources of token counts", () => {
  const [arm] = summarise(factsFrom(
    { task_id: "a", score: 0.2, metrics: { cells: 2 } },
    { task_id: "b", score: 0.6, metrics: { cells: 4 }, nodes: [], usage_source: "mixed" },
    { task_id: "c", score: null },
  ));
  assert.equal(arm!.score!.value, 0.4);
  assert.equal(arm!.score!.n, 2);
  assert.deepEqual(arm!.metrics, { cells: { n: 2, mean: 3 } });
  assert.deepEqual(arm!.tokens.sources, { api: 2, mixed: 1 });
});

test("summary: a fallback at any node counts", () => {
  const spans = graphSpans(100);
  const nodes = spans.nodes.map((node, i) =>
    i === 1 ? { ...node, kind: "fallback" as const } : node
  );
  const [arm] = summarise(factsFrom({ mode: "streaming_parallel", ...spans, nodes }));
  assert.equal(arm!.fallback!.count, 1);
  assert.deepEqual(arm!.graph_status, { emitted: 1 });
});

test("facts: figures come from the spans, bulk goes, and what differs is told", async () => {
  const honest = rowOf({ mode: "streaming_parallel", latency_ms: 1000 });
  const wrong = {
    ...rowOf({ mode: "streaming_parallel", task_id: "t2" }),
    overlap_ms: 999,
    blame: { ...honest.blame, decode: 1 },
    replicas: [],
  };
  assert.deepEqual(checkRows([honest]), []);
  assert.deepEqual(checkRows([{ ...honest, work_ms: honest.work_ms + 1e-4 }]), []);
  const { rows, disagreements } = await collect([honest, wrong]);
  assert.deepEqual(disagreements.map(({ field }) => field), [
    "overlap_ms",
    "blame.decode",
    "replicas.0",
    "replicas.1",
  ]);
  assert.deepEqual([disagreements[0]!.stored, disagreements[0]!.computed], [999, 250]);
  assert.equal(rows[1]!.overlap_ms, 250);
  assert.deepEqual([rows[0]!.texts, rows[0]!.calls, rows[0]!.nodes], [{}, [], []]);
  assert.ok(JSON.stringify(rows[0]).length < JSON.stringify(honest).length);
});

test("facts: a row without spans keeps its stored figures", () => {
  const facts = factsOf(rowOf({ nodes: [], latency_ms: 77, model_calls: 5 }));
  assert.deepEqual([facts.latency_ms, facts.model_calls], [77, 5]);
  assert.deepEqual(checkRows([rowOf({ nodes: [], latency_ms: 77 })]), []);
});

test("collect: the newest of doubled rows wins; reading stops with the signal", async () => {
  const [old, young] = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]
    .map((started_at, i) => rowOf({ started_at, answer: `${i}` }));
  async function* stream() {
    yield young!;
    yield old!;
    yield rowOf({ task_id: "other" });
  }
  const { rows, doubled } = await collect(stream());
  assert.deepEqual(rows.map((row) => row.answer), ["1", "4"]);
  assert.equal(doubled, 1);
  await assert.rejects(
    collect(stream(), { signal: AbortSignal.abort(new Error("enough")) }),
    /enough/,
  );
});

test("load: an arm's own calls, and all that were in flight beside them", () => {
  const rows = factsFrom(
    { task_id: "a", latency_ms: 1000, bench_offset_ms: 0 },
    { task_id: "b", latency_ms: 1000, bench_offset_ms: 500, config_hash: "other" },
    { task_id: "c", latency_ms: 1000, bench_offset_ms: 0, run_id: "run-2", config_hash: "other" },
    { task_id: "d", latency_ms: 1000, bench_offset_ms: 0, timing: "simulated" },
  );
  assert.deepEqual(callsInFlight([rows[0]!], rows), { own: 1, all: 1.5 });
  assert.deepEqual(callsInFlight([rows[1]!, rows[2]!], rows), { own: 1, all: 1.25 });
  assert.equal(callsInFlight([], rows), null);
});

test("replicas: utilisation over the wall time of each run", () => {
  const rows = factsFrom(
    { latency_ms: 1000, bench_offset_ms: 0 },
    { latency_ms: 1000, bench_offset_ms: 1000, mode: "streaming_parallel" },
    { latency_ms: 500, bench_offset_ms: 0, run_id: "run-2", task_id: "t2" },
  );
  const [a, b, second] = replicaUse(rows);
  assert.deepEqual(a, {
    run_id: "run-1",
    timing: "api",
    replica: "http://a",
    wall_ms: 2000,
    calls: 4,
    busy_ms: 2000,
    utilisation: 1,
    calls_in_flight: (1000 + 500 + 500 + 250) / 2000,
    queue_ms: 0,
    tokens: 60,
  });
  assert.deepEqual([b!.replica, b!.calls, b!.busy_ms, b!.utilisation], ["http://b", 1, 500, 0.25]);
  assert.deepEqual([second!.run_id, second!.wall_ms, second!.utilisation], ["run-2", 500, 1]);
});

test("check: a graph status, a count, and a prompt hash are checked too", () => {
  const row = rowOf({ mode: "streaming_parallel" });
  const told = checkRows([{
    ...row,
    graph_status: "atomic",
    model_calls: 1,
    events: { ...row.events, repaired: 3 },
    event_reasons: { dependency_cycle: 1, fence: 3 },
    prompt_hash: "no",
  }]);
  assert.deepEqual(told.map(({ field }) => field).sort(), [
    "event_reasons.fence",
    "events.repaired",
    "graph_status",
    "model_calls",
    "prompt_hash",
  ]);
});

test("check: a wrong tree in the spans does not hang or throw", () => {
  const nodes = [nodeOf("root", null), nodeOf("x", "y"), nodeOf("y", "x")];
  const calls = [callOf("c1", "x", { started_ms: 0 }), callOf("c2", "y", { started_ms: 0 })];
  const { overlap_ms, sibling_overlap_ms } = factsOf(rowOf({ nodes, calls }));
  assert.equal(overlap_ms + sibling_overlap_ms, 10);
});
