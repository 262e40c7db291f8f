import { measureUnion } from "../../lib/trace/intervals.ts";
import { measureOverlap } from "../../lib/trace/overlap.ts";
import type { CallSpan, NodeSpan, Spans } from "../../lib/trace/spans.ts";
import { assert, test } from "../kit.ts";
import { callOf, nodeOf } from "./spans_kit.ts";
import { seededRandom } from "../../lib/random.ts";

/** Whole milliseconds only, so that time can be counted millisecond by millisecond. */
function randomSpans(random: () => number): Spans {
  const pick = (most: number) => Math.floor(random() * most);
  const nodes: NodeSpan[] = [nodeOf("root", null)];
  const count = pick(8);
  for (let i = 0; i < count; i++) {
    const parent = nodes[pick(nodes.length)]!.path;
    nodes.push(nodeOf(`${parent}.n${i}`, parent));
  }
  const calls: CallSpan[] = Array.from({ length: pick(12) }, (_, i) => {
    const started_ms = pick(60);
    return callOf(`c${i}`, nodes[pick(nodes.length)]!.path, {
      started_ms: random() < 0.1 ? null : started_ms,
      ended_ms: started_ms + pick(25),
      answered: random() < 0.9,
    });
  });
  return { nodes, calls, effects: [] };
}

/** The definition, taken literally: all pairs, one millisecond at a time. */
function bruteForce({ nodes, calls }: Spans): { overlap_ms: number; sibling_overlap_ms: number } {
  const busy = (node: NodeSpan, ms: number) =>
    calls.some((call) =>
      call.node === node.path && call.answered && call.started_ms !== null &&
      call.started_ms <= ms && ms < call.ended_ms
    );
  const descends = (a: NodeSpan, b: NodeSpan) => b.path.startsWith(`${a.path}.`);
  const total = { overlap_ms: 0, sibling_overlap_ms: 0 };
  for (let ms = 0; ms < 100; ms++) {
    const working = nodes.filter((node) => busy(node, ms));
    const pairs = working.flatMap((a) =>
      working.filter((b) => b !== a).map((b) => [a, b] as const)
    );
    if (pairs.some(([a, b]) => descends(a, b))) total.overlap_ms++;
    if (pairs.some(([a, b]) => !descends(a, b) && !descends(b, a))) total.sibling_overlap_ms++;
  }
  return total;
}

test("overlap: equals the definition taken literally", () => {
  let seen = 0;
  for (let seed = 0; seed < 500; seed++) {
    const spans = randomSpans(seededRandom(seed));
    const expected = bruteForce(spans);
    assert.deepEqual(measureOverlap(spans), expected, `seed ${seed}`);
    if (expected.overlap_ms > 0 && expected.sibling_overlap_ms > 0) seen++;
  }
  assert.ok(seen > 100, `only ${seen} of the cases had overlap of both kinds`);
});

test("overlap: cost grows about linearly, 5,000 nodes", () => {
  const wide = (count: number): Spans => {
    const paths = Array.from({ length: count }, (_, i) => `root.n${i}`);
    return {
      nodes: [nodeOf("root", null), ...paths.map((path) => nodeOf(path, "root"))],
      calls: paths.map((path, i) => callOf(`c${i}`, path, { started_ms: i, ended_ms: i + count })),
      effects: [],
    };
  };
  const timeOf = (spans: Spans) => {
    const start = performance.now();
    const { overlap_ms, sibling_overlap_ms } = measureOverlap(spans);
    assert.equal(overlap_ms, 0);
    assert.ok(sibling_overlap_ms > 0);
    return performance.now() - start;
  };
  const [small, large] = [wide(5000), wide(50000)];
  timeOf(small);
  const ratio = Math.min(timeOf(large), timeOf(large)) / Math.max(timeOf(small), timeOf(small));
  assert.ok(
    ratio < 50,
    `ten times the nodes took ${ratio} times as long; all pairs would take 100`,
  );
});

test("overlap: nodes that name each other as parents end the walk", () => {
  const nodes = [nodeOf("a", "b"), nodeOf("b", "a")];
  const calls = [
    callOf("c1", "a", { started_ms: 0, ended_ms: 5 }),
    callOf("c2", "nobody", { started_ms: 0, ended_ms: 5 }),
  ];
  assert.equal(measureOverlap({ nodes, calls }).sibling_overlap_ms, 5);
});

test("measure: a union counts shared time once, and reversed intervals nothing", () => {
  assert.equal(measureUnion([]), 0);
  const intervals = [{ start: 5, end: 9 }, { start: 0, end: 3 }, { start: 2, end: 6 }];
  assert.equal(measureUnion(intervals), 9);
  assert.equal(measureUnion([{ start: 4, end: 1 }, { start: 8, end: 8 }, { start: 1, end: 2 }]), 1);
});
