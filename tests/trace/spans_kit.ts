/** Spans with sensible fields, for tests that set only a few. */
import type { CallSpan, NodeSpan } from "../../lib/trace/spans.ts";

export function nodeOf(
  path: string,
  parent: string | null,
  fields: Partial<NodeSpan> = {},
): NodeSpan {
  return {
    path,
    parent,
    task: "t",
    depth: path.split(".").length - 1,
    depends_on: [],
    announced_by: null,
    kind: "other",
    status: "ok",
    created_ms: 0,
    ready_ms: fields.created_ms ?? 0,
    started_ms: fields.created_ms ?? 0,
    ended_ms: 100,
    rounds: [],
    concluded_by: null,
    truncated: false,
    reason: null,
    conclusion: null,
    ...fields,
  };
}

export function callOf(id: string, node: string, fields: Partial<CallSpan> = {}): CallSpan {
  const started = fields.started_ms ?? 0;
  return {
    id,
    node,
    role: "worker",
    attempt: 1,
    answered: true,
    used: true,
    replica: "http://a",
    model: "m",
    lora: null,
    queued_ms: started,
    started_ms: 0,
    first_token_ms: started,
    ended_ms: 10,
    finish_reason: "stop",
    error: null,
    usage: {
      prompt_tokens: 10,
      completion_tokens: 5,
      reasoning_tokens: null,
      cached_tokens: null,
      total_tokens: 15,
    },
    usage_source: "api",
    thinking: null,
    max_tokens: 100,
    prompt_hash: "p",
    messages: [],
    output: "o",
    reasoning: null,
    events: [],
    ...fields,
  };
}
