/**
 * Rows put together by hand, span by span, with figures that fit them.
 * @module
 */
import { hash } from "../../lib/hash.ts";
import type { Row } from "../../lib/records/row_types.ts";
import type { CallLine, CallSpan, NodeSpan } from "../../lib/trace/spans.ts";
import { measureOverlap } from "../../lib/trace/overlap.ts";
import { callIntervals, measureUnion } from "../../lib/trace/intervals.ts";

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
    row: (more) => ({ ...figures(nodes, calls), texts, nodes, calls, ...more }),
  };
}

function figures(
  nodes: readonly NodeSpan[],
  calls: readonly CallSpan[],
): Omit<Row, "task_id" | "mode"> {
  const root = nodes.find((node) => node.parent === null);
  const latency_ms = root?.ended_ms ?? 0;
  const answered = calls.filter((call) => call.answered);
  const sum = (of: (call: CallSpan) => number) =>
    answered.reduce((total, call) => total + of(call), 0);
  const length = (call: CallSpan) => call.ended_ms - (call.started_ms ?? call.ended_ms);
  const covered = measureUnion(callIntervals(calls));
  const { overlap_ms, sibling_overlap_ms } = measureOverlap({ nodes, calls });
  const prefill = sum((call) => (call.first_token_ms ?? call.ended_ms) - (call.started_ms ?? 0));
  const queue = sum((call) => (call.started_ms ?? call.queued_ms) - call.queued_ms);
  const children = nodes.filter((node) => node.parent !== null);
  const firstChild = Math.min(
    ...answered.filter((call) => call.node !== "root").map((call) => call.started_ms ?? Infinity),
  );
  return {
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
    truncated: false,
    degraded: false,
    errors: [],
    metrics: {},
    timing: "api",
    latency_ms,
    time_to_first_token_ms: answered[0]?.first_token_ms ?? null,
    time_to_first_child_ms: Number.isFinite(firstChild) ? firstChild : null,
    first_child_lead_ms: Number.isFinite(firstChild) ? answered[0]!.ended_ms - firstChild : null,
    queue_ms: queue,
    work_ms: sum(length),
    critical_path_ms: Math.round(latency_ms * 0.93),
    parallelism: covered > 0 ? sum(length) / covered : null,
    overlap_ms,
    sibling_overlap_ms,
    overlap_fraction: latency_ms > 0 ? overlap_ms / latency_ms : 0,
    blame: {
      queue: Math.min(queue, 20),
      prefill: Math.min(prefill, latency_ms * 0.2),
      decode: latency_ms * 0.7,
      announce: 0,
      effect: 0,
      retry: 0,
      runtime: latency_ms * 0.3 - Math.min(prefill, latency_ms * 0.2) - Math.min(queue, 20),
    },
    graph_status: "none",
    max_depth: Math.max(0, ...nodes.map((node) => node.depth)),
    max_sibling_width: children.length,
    node_count: nodes.length,
    child_count: children.length,
    events: { accepted: children.length, repaired: 0, ignored: 0, rejected: 0 },
    event_reasons: {},
    model_calls: answered.length,
    attempts: calls.length,
    calls_by_role: {},
    finish_reasons: {},
    usage: {
      prompt_tokens: sum((call) => call.usage?.prompt_tokens ?? 0),
      completion_tokens: sum((call) => call.usage?.completion_tokens ?? 0),
      reasoning_tokens: 0,
      cached_tokens: sum((call) => call.usage?.cached_tokens ?? 0),
      total_tokens: sum((call) => call.usage?.total_tokens ?? 0),
    },
    usage_source: "api",
    wasted_tokens: 0,
    cost_usd: null,
    prompt_hash: null,
    prompt_preview: null,
    replicas: [],
    trust_label: "direct",
    trust_reasons: ["mode_direct"],
    texts: {},
    context: null,
    nodes: [],
    calls: [],
    effects: [],
  };
}
