/**
 * Rows put together by hand, span by span, with figures that fit them.
 * @module
 */
import { hash } from "../../lib/hash.ts";
import type { Row } from "../../lib/records/row_types.ts";
import { trustLabel } from "../../lib/records/labels.ts";
import {
  type CallLine,
  type CallSpan,
  type NodeSpan,
  type RowMeasures,
  rowMeasures,
  type Spans,
} from "../../lib/trace/mod.ts";

/** A row under construction. */
export interface RowBuilder {
  node(
    path: string,
    task: string,
    more?: Partial<Omit<NodeSpan, "conclusion">> & {
      readonly says?: string | null;
    },
  ): NodeSpan;
  call(
    node: string,
    role: string,
    times: readonly [queued: number, started: number, first: number, ended: number],
    more?: Partial<Omit<CallSpan, "output" | "messages">> & {
      readonly output?: string;
      readonly asks?: string;
    },
  ): CallSpan;
  text(text: string): string;
  row(more: Partial<Row> & Pick<Row, "task_id" | "mode">): Row;
}

export const systemPrompt =
  `You are one scope of a longer reasoning. Solve the problem you are given.
If it splits into independent parts, announce each part as one JSON object on a line of its own, and
end with an await line that says how the parts answer the problem. If it does not, solve it at once.
Keep the reasoning short. End with the line "Final answer: N".`;

/** A line of a planner's stream. */
export function line(
  at_ms: number,
  event: string,
  id: string | null,
  more: Partial<CallLine> = {},
): CallLine {
  return {
    at_ms,
    at_token: Math.round(at_ms / 12),
    kind: "event",
    event,
    id,
    repairs: [],
    reason: null,
    ...more,
  };
}

/** Starts a row. */
export function buildRow(): RowBuilder {
  const texts: Record<string, string> = {};
  const nodes: NodeSpan[] = [];
  const calls: CallSpan[] = [];
  const text = (value: string) => {
    const name = hash(value);
    texts[name] = value;
    return name;
  };
  return {
    text,
    node(path, task, { says = null, ...more } = {}) {
      const parent = path.includes(".") ? path.slice(0, path.lastIndexOf(".")) : null;
      const node: NodeSpan = {
        path,
        parent,
        task: text(task),
        depth: path.split(".").length - 1,
        depends_on: [],
        announced_by: null,
        kind: parent ? "worker" : "direct",
        status: "ok",
        created_ms: 0,
        ready_ms: 0,
        started_ms: 0,
        ended_ms: 0,
        rounds: [],
        concluded_by: parent ? "worker" : "direct",
        truncated: false,
        reason: null,
        conclusion: says === null ? null : text(says),
        ...more,
      };
      nodes.push(node);
      return node;
    },
    call(
      node,
      role,
      [queued_ms, started_ms, first_token_ms, ended_ms],
      { output = "", asks = "", ...more } = {},
    ) {
      const completion = Math.round((ended_ms - first_token_ms) / 12);
      const call: CallSpan = {
        id: `c${calls.length + 1}`,
        node,
        role,
        attempt: 1,
        answered: true,
        used: true,
        replica: "http://127.0.0.1:8000/v1",
        model: "qwen3-8b",
        lora: null,
        queued_ms,
        started_ms,
        first_token_ms,
        ended_ms,
        finish_reason: "stop",
        error: null,
        usage: {
          prompt_tokens: 240,
          completion_tokens: completion,
          reasoning_tokens: 0,
          cached_tokens: role === "continuation" ? 200 : 64,
          total_tokens: 240 + completion,
        },
        usage_source: "api",
        thinking: null,
        max_tokens: 7000,
        prompt_hash: hash(role),
        messages: [{ role: "system", text: text(systemPrompt) }, {
          role: "user",
          text: text(asks),
        }],
        output: output ? text(output) : null,
        reasoning: null,
        events: [],
        ...more,
      };
      calls.push(call);
      return call;
    },
    row: (more) => complete({ nodes, calls, effects: [] }, { texts, ...more }),
  };
}

const blank: Omit<Row, keyof RowMeasures | "task_id" | "mode"> = {
  schema: "rrm.row/1",
  run_id: "run-7f3a",
  row_id: "",
  mode_options: {},
  repeat: 0,
  seed: 7,
  backend: "vllm",
  model: "qwen3-8b",
  base_urls: ["http://127.0.0.1:8000/v1"],
  prompt_style: "semantic-fastsplit-noformula",
  recombiner: "continue",
  config_hash: "1f0c33aa9be2d415",
  config: {},
  started_at: "2026-11-20T09:30:00.000Z",
  bench_offset_ms: 0,
  tool_version: "0.1.0",
  status: "ok",
  answer: null,
  answer_rule: "final_line",
  expected: null,
  correct: null,
  score: null,
  errors: [],
  metrics: {},
  timing: "api",
  cost_usd: null,
  prompt_preview: null,
  trust_label: "direct",
  trust_reasons: [],
  texts: {},
  context: null,
  nodes: [],
  calls: [],
  effects: [],
};

/** A row with all that follows from its spans, and its label. */
function complete(spans: Spans, more: Partial<Row> & Pick<Row, "task_id" | "mode">): Row {
  const row = { ...blank, ...spans, ...rowMeasures(spans, {}), ...more };
  return { ...row, ...trustLabel(row) };
}
