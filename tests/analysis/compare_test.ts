import { compareDirect } from "../../lib/analysis/compare.ts";
import { factsOf } from "../../lib/analysis/facts.ts";
import { pairRows } from "../../lib/analysis/pairs.ts";
import { InputError } from "../../lib/errors.ts";
import { assert, test } from "../kit.ts";
import { factsFrom, graphSpans, pairOf, rowOf } from "./rows_kit.ts";

test("compare: outcomes, McNemar, speed-up and labels, worked out by hand", () => {
  const [one] = compareDirect(factsFrom(
    ...pairOf("a", [true, true], [4000, 1000]),
    ...pairOf("b", [true, true], [1000, 1000]),
    ...pairOf("c", [false, true], [4000, 1000]),
    ...pairOf("d", [true, false], [1000, 4000]),
    ...pairOf("e", [false, true], [1000, 1000]),
    ...pairOf("f", [false, false], [1000, 1000]),
  ));
  assert.ok(one);
  assert.equal(one.pairs, 6);
  const { direct, other, difference, discordance } = one.accuracy!;
  assert.deepEqual([direct.count, other.count, difference.value], [3, 4, 1 / 6]);
  assert.ok(difference.low! < 0 && difference.high! > 1 / 6);
  assert.deepEqual(discordance, {
    n: 6,
    both_right: 2,
    only_direct: 1,
    only_other: 2,
    both_wrong: 1,
    p_value: 1,
  });
  const { all, headline, left_out } = one.speedup;
  assert.ok(Math.abs(all!.value - 4 ** (1 / 6)) < 1e-12);
  assert.ok(Math.abs(headline!.value - 2) < 1e-12);
  assert.deepEqual([all!.n, headline!.n, left_out], [6, 2, 0]);
  assert.deepEqual(one.labels, { headline: 2, direct_wrong: 2, wrong_answer: 2 });
  assert.deepEqual(one.only_direct_right, ["d"]);
  assert.deepEqual(one.only_other_right, ["c", "e"]);
  assert.deepEqual(one.both_wrong, ["f"]);
  assert.deepEqual(one.tokens, { n: 6, ratio: 4 });
  assert.ok(Math.abs(one.blame.other!.announce + one.blame.other!.decode - 1) < 0.02);
  assert.equal(one.tasks[0]!.speedup, 4);
});

test("compare: a pair whose arm did not end ok has no speed-up, but an outcome", () => {
  const [one] = compareDirect(factsFrom(
    ...pairOf("a", [true, true], [2000, 1000]),
    { task_id: "b", correct: false, status: "error", latency_ms: 5 },
    { task_id: "b", mode: "streaming_parallel", latency_ms: 1000 },
  ));
  assert.equal(one!.speedup.all!.value, 2);
  assert.equal(one!.speedup.left_out, 1);
  assert.equal(one!.accuracy!.discordance!.only_other, 1);
  assert.equal(one!.labels["direct_wrong"], 1);
});

test("compare: simulated and real rows of one task are never a pair", () => {
  const real = pairOf("a", [true, true], [1000, 500]);
  const simulated = pairOf("a", [true, true], [1000, 100], { timing: "simulated" });
  const comparisons = compareDirect(factsFrom(...real, ...simulated));
  assert.deepEqual(
    comparisons.map((one) => [one.other.timing, one.speedup.all!.value]),
    [
      ["api", 2],
      ["simulated", 10],
    ].map(([timing, ratio]) => [timing, Math.exp(Math.log(ratio as number))]),
  );
  assert.equal(comparisons[1]!.speedup.headline, null);
  assert.equal(compareDirect(factsFrom(real[0]!, simulated[1]!)).length, 0);
});

test("pairs: by repeat where repeats are alike, else by task over its repeats", () => {
  const rows = factsFrom(
    ...[1, 2].flatMap((repeat) => pairOf("alike", [repeat === 1, true], [1000, 500], { repeat })),
    ...[1, 2, 3].map((repeat) => ({ task_id: "uneven", repeat, latency_ms: 1000 })),
    { task_id: "uneven", mode: "streaming_parallel", repeat: 1, correct: false, latency_ms: 250 },
    { task_id: "only-direct" },
    { task_id: "only-other", mode: "streaming_parallel" },
  );
  const [pairing] = pairRows(rows);
  assert.deepEqual(
    pairing!.pairs.map((
      { task_id, repeat, direct, other },
    ) => [task_id, repeat, direct.length, other.length]),
    [["alike", 1, 1, 1], ["alike", 2, 1, 1], ["uneven", null, 3, 1]],
  );
  const [one] = compareDirect(rows);
  assert.equal(one!.pooled_tasks, 1);
  assert.equal(one!.accuracy!.discordance!.n, 2);
  assert.deepEqual(one!.unpaired, { direct: 1, other: 1 });
  assert.equal(one!.labels["no_direct_pair"], 1);
  assert.deepEqual(one!.only_other_right, ["alike#2"]);
  assert.deepEqual(one!.only_direct_right, ["uneven"]);
  assert.deepEqual([one!.speedup.all!.n, one!.speedup.all!.clusters], [3, 2]);
  assert.ok(Math.abs(one!.speedup.all!.value - Math.sqrt(2 * 4)) < 1e-12);
});

test("pairs: several direct arms ask for a choice; an unknown choice is bad input", () => {
  const rows = factsFrom(
    { config_hash: "aaaa1", latency_ms: 1000 },
    { config_hash: "bbbb2", latency_ms: 3000 },
    { mode: "streaming_parallel", latency_ms: 1000 },
  );
  assert.throws(() => pairRows(rows), (error: InputError) => {
    assert.ok(error instanceof InputError);
    assert.match(error.message, /2 direct arms .* aaaa1 .* bbbb2/);
    assert.match(error.hint!, /--direct-config/);
    return true;
  });
  const [one] = compareDirect(rows, { directConfig: "bbbb" });
  assert.ok(Math.abs(one!.speedup.all!.value - 3) < 1e-12);
  assert.throws(() => pairRows(rows, { directConfig: "cccc" }), /No direct rows .*"cccc"/);
  assert.throws(() => pairRows(rows.slice(2), { directConfig: "aaaa1" }), InputError);
});

test("pairs: other models and backends have direct arms of their own", () => {
  const rows = factsFrom(
    ...pairOf("a", [true, true], [1000, 500]),
    ...pairOf("a", [true, true], [9000, 1000], { model: "large" }),
    { task_id: "a", mode: "streaming_parallel", backend: "llama", config_hash: "x" },
  );
  assert.deepEqual(
    pairRows(rows).map(({ direct, other }) => [direct.model, other.model, other.backend]),
    [["tiny", "tiny", "chat"], ["large", "large", "chat"]],
  );
});

test("compare: the fallback of a deep node forbids the headline", () => {
  const spans = graphSpans(1000);
  const nodes = spans.nodes.map((node, i) =>
    i === 2 ? { ...node, kind: "fallback" as const } : node
  );
  const graph = rowOf({ mode: "streaming_parallel", ...spans, nodes });
  const [one] = compareDirect([...factsFrom({}), factsOf(graph)]);
  assert.deepEqual(one!.labels, { fallback: 1 });
  assert.equal(one!.speedup.headline, null);
});

test("compare: graded scores are compared by bootstrap, tasks resampled", () => {
  const fields = ["a", "b", "c"].flatMap((task_id, i) => {
    const [first, second] = pairOf(task_id, [true, true]);
    return [{ ...first, score: 0.2 }, { ...second, score: 0.3 + i / 10 }];
  });
  const [one] = compareDirect(factsFrom(...fields));
  const { value, low, high, n } = one!.score_difference!;
  assert.ok(Math.abs(value - 0.2) < 1e-12);
  assert.equal(n, 3);
  assert.ok(low! >= 0.1 - 1e-12 && high! <= 0.3 + 1e-12 && low! < high!);
});
