import { foldTrace } from "../../lib/trace/fold.ts";
import { measure, promptPreview, rowMeasures } from "../../lib/trace/measures.ts";
import type { Spans } from "../../lib/trace/spans.ts";
import { dropsOf, eventCounts, replicaShares, usageOf } from "../../lib/trace/usage.ts";
import { assert, test } from "../kit.ts";
import { callOf, nodeOf } from "./spans_kit.ts";

/** A plan of 100 ms; child a from 40, queued 5 ms; a continuation. One attempt of b was cut off. */
const spans: Spans = {
  nodes: [
    nodeOf("root", null, {
      ended_ms: 230,
      kind: "emitted",
      rounds: [{
        children: ["root.a", "root.b"],
        joined: ["root.a", "root.b"],
        rule: null,
        awaited_ms: 100,
        resumed_ms: 180,
      }],
    }),
    nodeOf("root.a", "root", {
      announced_by: { id: "c1", at_ms: 35 },
      created_ms: 35,
      ended_ms: 180,
    }),
    nodeOf("root.b", "root", {
      announced_by: { id: "c1", at_ms: 60 },
      created_ms: 60,
      ended_ms: 120,
    }),
  ],
  calls: [
    callOf("c1", "root", { started_ms: 0, first_token_ms: 20, ended_ms: 100, role: "planner" }),
    callOf("c2", "root.a", { queued_ms: 35, started_ms: 40, first_token_ms: 50, ended_ms: 180 }),
    callOf("c3", "root.b", {
      started_ms: 60,
      ended_ms: 70,
      used: false,
      finish_reason: null,
      error: "cut: the stream ended early",
      usage_source: "estimated",
      replica: "http://b",
    }),
    callOf("c4", "root.b", { started_ms: 80, ended_ms: 120, replica: "http://b", attempt: 2 }),
    callOf("c5", "root", { started_ms: 190, first_token_ms: 195, ended_ms: 230 }),
  ],
  effects: [],
};

test("measures: a worked example", () => {
  const { blame: _, ...figures } = measure(spans);
  assert.deepEqual(figures, {
    latency_ms: 230,
    time_to_first_token_ms: 20,
    time_to_first_child_ms: 40,
    first_child_lead_ms: 60,
    queue_ms: 5,
    work_ms: 100 + 140 + 10 + 40 + 40,
    critical_path_ms: 35 + 140 + 40,
    parallelism: 330 / 220,
    overlap_ms: 60,
    sibling_overlap_ms: 50,
    overlap_fraction: 60 / 230,
    max_depth: 1,
    max_sibling_width: 2,
    node_count: 3,
    child_count: 2,
  });
});

test("measures: fields of a row that follow from spans", () => {
  const row = rowMeasures(spans, { cycle: 2 });
  assert.equal(row.graph_status, "emitted");
  assert.equal(row.model_calls, 5);
  assert.equal(row.attempts, 5);
  assert.deepEqual(row.calls_by_role, { planner: 1, worker: 4 });
  assert.deepEqual(row.finish_reasons, { stop: 4, cut: 1 });
  assert.equal(row.usage.total_tokens, 75);
  assert.equal(row.usage.cached_tokens, null);
  assert.equal(row.usage_source, "mixed");
  assert.equal(row.wasted_tokens, 15);
  assert.deepEqual(row.event_reasons, { dependency_cycle: 2 });
  assert.equal(row.truncated, false);
  assert.equal(row.degraded, false);
});

test("measures: truncated is the root's own end, degraded any other harm", () => {
  const change = (
    node: Partial<Spans["nodes"][0]>,
    call: Partial<Spans["calls"][0]>,
    which: number,
  ) => {
    const nodes = spans.nodes.map((span, i) => i === which ? { ...span, ...node } : span);
    const calls = spans.calls.map((span, i) => i === 4 - which ? { ...span, ...call } : span);
    const { truncated, degraded } = rowMeasures({ nodes, calls, effects: [] }, {});
    return { truncated, degraded };
  };
  const cut = { finish_reason: "length" };
  assert.deepEqual(change({ truncated: true }, cut, 0), { truncated: true, degraded: false });
  assert.deepEqual(change({}, cut, 1), { truncated: false, degraded: true });
  assert.deepEqual(change({ status: "failed" }, {}, 1), { truncated: false, degraded: true });
  assert.deepEqual(change({ status: "cancelled" }, {}, 1), { truncated: false, degraded: false });
  assert.deepEqual(change({}, { error: "cut: mid-plan" }, 1), { truncated: false, degraded: true });
});

test("measures: an effect announces through the call that wrote it", () => {
  const [root, a] = spans.nodes;
  const lead = measure({
    nodes: [root!, { ...a!, announced_by: { id: "e1", at_ms: 105 } }],
    calls: [spans.calls[0]!, callOf("c2", "root.a", { started_ms: 110, ended_ms: 120 })],
    effects: [{
      id: "e1",
      node: "root",
      kind: "cell",
      queued_ms: 100,
      started_ms: 100,
      ended_ms: 130,
      waits: [],
      input: null,
      output: null,
      error: null,
    }],
  });
  assert.equal(lead.first_child_lead_ms, -10);
});

test("usage: unknown numbers stay unknown; unanswered attempts count nothing", () => {
  const unknown = {
    prompt_tokens: null,
    completion_tokens: 3,
    reasoning_tokens: null,
    cached_tokens: null,
    total_tokens: null,
  };
  const sums = usageOf([
    callOf("a", "root", { usage: unknown }),
    callOf("b", "root", { usage: null }),
    callOf("c", "root", { answered: false }),
  ]);
  assert.deepEqual(sums.usage, unknown);
  assert.equal(sums.usage_source, "api");
  assert.equal(usageOf([]).usage_source, null);
  assert.equal(usageOf([]).usage.total_tokens, null);
});

test("replicas: answered calls, busy time counted once, tokens", () => {
  assert.deepEqual(replicaShares(spans.calls), [
    { replica: "http://a", calls: 3, busy_ms: 180 + 40, queue_ms: 5, tokens: 45 },
    { replica: "http://b", calls: 2, busy_ms: 50, queue_ms: 0, tokens: 30 },
  ]);
});

test("events: lines by kind, repairs and reasons by name; drops come back out", () => {
  const line = { at_ms: 1, at_token: 1, event: "child", id: "a", repairs: [], reason: null };
  const calls = [callOf("c1", "root", {
    events: [
      { ...line, kind: "event" },
      { ...line, kind: "repaired", repairs: ["fence", "single_quotes"] },
      { ...line, kind: "rejected", reason: "width" },
      { ...line, kind: "rejected", reason: "width", repairs: ["fence"] },
      { ...line, kind: "ignored", reason: "prose" },
    ],
  })];
  const counts = eventCounts(calls, { self: 1 });
  assert.deepEqual(counts.events, { accepted: 1, repaired: 1, ignored: 1, rejected: 2 });
  assert.deepEqual(counts.event_reasons, {
    fence: 2,
    single_quotes: 1,
    width: 2,
    prose: 1,
    dependency_self: 1,
  });
  assert.deepEqual(dropsOf(counts.event_reasons), { self: 1 });
});

test("prompt preview: the user's turn of the root's first call, where texts are kept", () => {
  const events = [
    {
      type: "node-create",
      node: "root",
      parent: null,
      task: "t",
      depth: 0,
      depends_on: [],
      announced_by: null,
      at_ms: 0,
    },
    {
      type: "call-queue",
      call: "c1",
      node: "root",
      role: "direct",
      attempt: 1,
      messages: [{ role: "system", content: "be brief" }, {
        role: "user",
        content: "what is 2+2?",
      }],
      thinking: null,
      max_tokens: 1,
      at_ms: 1,
    },
  ] as const;
  assert.equal(promptPreview(foldTrace(events)), "what is 2+2?");
  assert.equal(promptPreview(foldTrace(events, { traceText: "none" })), null);
  assert.equal(promptPreview(foldTrace([])), null);
});
