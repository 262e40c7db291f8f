/** Rows with sensible fields and true figures, for tests that set only a few. */
import { factsOf, type RowFacts } from "../../lib/analysis/facts.ts";
import type { Row } from "../../lib/records/row_types.ts";
import { rowMeasures } from "../../lib/trace/measures.ts";
import type { Spans } from "../../lib/trace/spans.ts";
import { callOf, nodeOf } from "../trace/spans_kit.ts";

/** One call of `latency` ms. */
export function directSpans(latency: number): Spans {
  return {
    nodes: [nodeOf("root", null, { ended_ms: latency, kind: "direct" })],
    calls: [callOf("c1", "root", { started_ms: 0, first_token_ms: 10, ended_ms: latency })],
    effects: [],
  };
}

/** A plan of the first half; two children beside its second quarter; a continuation. */
export function graphSpans(latency: number): Spans {
  const [quarter, half, late] = [latency / 4, latency / 2, latency * 3 / 4];
  const child = (path: string) =>
    nodeOf(path, "root", {
      announced_by: { id: "c1", at_ms: quarter },
      created_ms: quarter,
      ended_ms: late,
      kind: "worker",
    });
  const joined = ["root.a", "root.b"];
  const round = { children: joined, joined, rule: null, awaited_ms: half, resumed_ms: late };
  return {
    nodes: [
      nodeOf("root", null, { ended_ms: latency, kind: "emitted", rounds: [round] }),
      ...joined.map(child),
    ],
    calls: [
      callOf("c1", "root", { started_ms: 0, first_token_ms: 5, ended_ms: half, role: "planner" }),
      callOf("c2", "root.a", { started_ms: quarter, ended_ms: late, replica: "http://b" }),
      callOf("c3", "root.b", { started_ms: quarter, ended_ms: late }),
      callOf("c4", "root", { started_ms: late, ended_ms: latency, role: "continuation" }),
    ],
    effects: [],
  };
}

/** A row; its figures follow from its spans unless given. */
export function rowOf(fields: Partial<Row> = {}): Row {
  const mode = fields.mode ?? "direct";
  const spans = fields.nodes
    ? { nodes: fields.nodes, calls: fields.calls ?? [], effects: fields.effects ?? [] }
    : (mode === "direct" ? directSpans : graphSpans)(fields.latency_ms ?? 1000);
  const task_id = fields.task_id ?? "t1";
  const repeat = fields.repeat ?? 1;
  const config_hash = fields.config_hash ?? `config-of-${mode}`;
  return {
    schema: "rrm.row/1",
    run_id: "run-1",
    row_id: JSON.stringify([task_id, mode, repeat, config_hash, fields.timing ?? "api"]),
    task_id,
    mode,
    mode_options: {},
    repeat,
    seed: null,
    backend: "chat",
    model: "tiny",
    base_urls: ["http://a"],
    prompt_style: "plain",
    recombiner: "continue",
    config_hash,
    config: {},
    started_at: "2026-11-21T10:00:00.000Z",
    bench_offset_ms: 0,
    tool_version: "0.1.0",
    status: "ok",
    answer: "4",
    answer_rule: "final_line",
    expected: "4",
    correct: true,
    score: null,
    errors: [],
    metrics: {},
    timing: "api",
    cost_usd: null,
    prompt_preview: null,
    trust_label: "direct",
    trust_reasons: [],
    texts: { abc: "a long text" },
    context: null,
    ...rowMeasures(spans, {}),
    ...spans,
    ...fields,
  };
}

export function factsFrom(...fields: Partial<Row>[]): RowFacts[] {
  return fields.map((each) => factsOf(rowOf(each)));
}

/** A direct and a graph row of one task. */
export function pairOf(
  task_id: string,
  [direct, graph]: readonly [boolean, boolean],
  [slow, fast]: readonly [number, number] = [1000, 500],
  fields: Partial<Row> = {},
): Partial<Row>[] {
  return [
    { task_id, correct: direct, latency_ms: slow, ...fields },
    { task_id, mode: "streaming_parallel", correct: graph, latency_ms: fast, ...fields },
  ];
}
