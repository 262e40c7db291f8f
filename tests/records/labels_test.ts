import { type DirectPair, type LabelledRow, trustLabel } from "../../lib/records/labels.ts";
import type { TrustLabel } from "../../lib/records/row_types.ts";
import { assert, test } from "../kit.ts";
import { sampleRow } from "./rows.ts";

test("each label is given by what it names", () => {
  const withFallback = sampleRow().nodes.map((node, i) =>
    i ? { ...node, kind: "fallback" as const } : node
  );
  const cases: readonly (readonly [Partial<LabelledRow>, DirectPair, TrustLabel])[] = [
    [{}, "correct", "headline"],
    [{}, "unknown", "headline_candidate"],
    [{}, "none", "no_direct_pair"],
    [{}, "wrong", "direct_wrong"],
    [{ status: "error" }, "correct", "error"],
    [{ status: "budget" }, "correct", "incomplete"],
    [{ status: "cancelled" }, "correct", "incomplete"],
    [{ mode: "direct", graph_status: "none" }, "correct", "direct"],
    [{ mode: "rlm", graph_status: "none" }, "correct", "other_mode"],
    [{ timing: "simulated" }, "correct", "simulated_timing"],
    [{ timing: "replayed" }, "correct", "replayed_timing"],
    [{ graph_status: "oracle" }, "correct", "oracle_graph"],
    [{ graph_status: "fallback" }, "correct", "fallback"],
    [{ nodes: withFallback }, "correct", "fallback"],
    [{ graph_status: "atomic" }, "correct", "direct_style_control"],
    [{ correct: null }, "correct", "ungraded"],
    [{ correct: false, truncated: true }, "correct", "truncated"],
    [{ correct: false, degraded: true }, "correct", "degraded"],
    [{ correct: false }, "correct", "wrong_answer"],
    [{ overlap_ms: 0 }, "correct", "no_overlap"],
    // Error comes before all else, direct before its timing.
    [{ status: "error", mode: "direct", correct: false }, "none", "error"],
    [{ mode: "direct", graph_status: "none", timing: "simulated" }, "none", "direct"],
  ];
  for (const [change, pair, label] of cases) {
    assert.equal(
      trustLabel(sampleRow(change), pair).trust_label,
      label,
      JSON.stringify([change, pair]),
    );
  }
});

test("over all combinations: one label, a headline exactly if all its conditions hold", () => {
  const choices = {
    status: ["ok", "error", "budget", "cancelled"],
    mode: ["direct", "streaming_parallel"],
    timing: ["api", "simulated", "replayed"],
    graph_status: ["none", "emitted", "atomic", "fallback", "oracle"],
    correct: [true, false, null],
    truncated: [true, false],
    degraded: [true, false],
    overlap_ms: [0, 3],
  } as const;
  let rows: Partial<LabelledRow>[] = [{}];
  for (const [field, values] of Object.entries(choices)) {
    rows = rows.flatMap((row) => values.map((value: unknown) => ({ ...row, [field]: value })));
  }
  const base = sampleRow();
  for (const change of rows) {
    const row = { ...base, ...change };
    for (const pair of ["correct", "wrong", "none", "unknown"] as const) {
      const { trust_label, trust_reasons } = trustLabel(row, pair);
      const meets = row.status === "ok" && row.mode !== "direct" && row.timing === "api" &&
        row.graph_status === "emitted" && row.correct === true && row.overlap_ms > 0;
      assert.equal(trust_label === "headline", meets && pair === "correct");
      assert.equal(trust_label === "headline_candidate", meets && pair === "unknown");
      const against = trust_reasons.filter((reason) =>
        reason !== "truncated" && reason !== "degraded"
      );
      assert.equal(against.length === 0, trust_label.startsWith("headline"));
      if (against.length > 0) assert.equal(trust_label, trust_reasons[0]);
      assert.equal(trust_reasons.includes("truncated"), row.truncated);
      assert.equal(new Set(trust_reasons).size, trust_reasons.length);
    }
  }
});
