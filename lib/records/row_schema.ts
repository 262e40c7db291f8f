/**
 * The schema of a stored row. What an older row may lack reads as `null` or as empty; a number that
 * can not be absent is never made up, so a row without it is refused.
 * @module
 */
import { z } from "../deps/zod.ts";
import type { Row } from "./row_types.ts";

const number = z.number();
const text = z.string();
const maybeNumber = orNull(number);
const maybeText = orNull(text);
const flag = z.boolean().nullish().transform((value) => value ?? false);
const texts = orEmpty(text);
const counts = z.record(text, number).nullish().transform((value) => value ?? {});
const anything = z.record(text, z.unknown()).nullish().transform((value) => value ?? {});

const usage = z.object({
  prompt_tokens: maybeNumber,
  completion_tokens: maybeNumber,
  reasoning_tokens: maybeNumber,
  cached_tokens: maybeNumber,
  total_tokens: maybeNumber,
});

const node = z.object({
  path: text,
  parent: maybeText,
  task: text,
  depth: number,
  depends_on: texts,
  announced_by: orNull(z.object({ id: text, at_ms: number })),
  kind: z.enum(["direct", "worker", "emitted", "atomic", "fallback", "oracle", "other"]),
  status: z.enum(["ok", "failed", "cancelled", "budget"]),
  created_ms: number,
  ready_ms: maybeNumber,
  started_ms: maybeNumber,
  ended_ms: number,
  rounds: orEmpty(z.object({
    children: texts,
    joined: texts,
    rule: maybeText,
    awaited_ms: number,
    resumed_ms: maybeNumber,
  })),
  concluded_by: maybeText,
  truncated: flag,
  reason: maybeText,
  conclusion: maybeText,
});

const call = z.object({
  id: text,
  node: text,
  role: text,
  attempt: number,
  answered: z.boolean(),
  used: z.boolean(),
  replica: maybeText,
  model: maybeText,
  lora: maybeText,
  queued_ms: number,
  started_ms: maybeNumber,
  first_token_ms: maybeNumber,
  ended_ms: number,
  finish_reason: maybeText,
  error: maybeText,
  usage: orNull(usage),
  usage_source: z.enum(["api", "engine", "estimated"]),
  thinking: orNull(z.union([z.enum(["on", "off"]), number])),
  max_tokens: number,
  prompt_hash: text,
  messages: orEmpty(z.object({ role: text, text })),
  output: maybeText,
  reasoning: maybeText,
  events: orEmpty(z.object({
    at_ms: number,
    at_token: number,
    kind: z.enum(["event", "repaired", "ignored", "rejected"]),
    event: maybeText,
    id: maybeText,
    repairs: texts,
    reason: maybeText,
  })),
});

const effect = z.object({
  id: text,
  node: text,
  kind: text,
  queued_ms: number,
  started_ms: maybeNumber,
  ended_ms: number,
  waits: orEmpty(z.object({ nodes: texts, from_ms: number, to_ms: number })),
  input: maybeText,
  output: maybeText,
  error: maybeText,
});

const trustLabels = [
  "headline",
  "headline_candidate",
  "error",
  "incomplete",
  "direct",
  "other_mode",
  "simulated_timing",
  "replayed_timing",
  "oracle_graph",
  "fallback",
  "direct_style_control",
  "ungraded",
  "truncated",
  "degraded",
  "wrong_answer",
  "no_overlap",
  "no_direct_pair",
  "direct_wrong",
] as const;

/** Reads one row. */
export const rowSchema: z.ZodType<Row> = z.object({
  schema: z.literal("rrm.row/1"),
  run_id: text,
  row_id: text,
  task_id: text,
  mode: text,
  mode_options: anything,
  repeat: number,
  seed: maybeNumber,
  backend: text,
  model: text,
  base_urls: texts,
  prompt_style: text,
  recombiner: text,
  config_hash: text,
  config: anything,
  started_at: text,
  bench_offset_ms: number,
  tool_version: text,
  status: z.enum(["ok", "error", "cancelled", "budget"]),
  answer: maybeText,
  answer_rule: maybeText,
  expected: z.unknown().transform((value) => value ?? null),
  correct: orNull(z.boolean()),
  score: maybeNumber,
  truncated: flag,
  degraded: flag,
  errors: texts,
  metrics: counts,
  timing: z.enum(["api", "simulated", "replayed"]),
  latency_ms: number,
  time_to_first_token_ms: maybeNumber,
  time_to_first_child_ms: maybeNumber,
  first_child_lead_ms: maybeNumber,
  queue_ms: number,
  work_ms: number,
  critical_path_ms: number,
  parallelism: maybeNumber,
  overlap_ms: number,
  sibling_overlap_ms: number,
  overlap_fraction: number,
  blame: z.object({
    queue: number,
    prefill: number,
    decode: number,
    announce: number,
    effect: number,
    retry: number,
    runtime: number,
  }),
  graph_status: z.enum(["none", "emitted", "atomic", "fallback", "oracle"]),
  max_depth: number,
  max_sibling_width: number,
  node_count: number,
  child_count: number,
  events: z.object({ accepted: number, repaired: number, ignored: number, rejected: number }),
  event_reasons: counts,
  model_calls: number,
  attempts: number,
  calls_by_role: counts,
  finish_reasons: counts,
  usage,
  usage_source: orNull(z.enum(["api", "engine", "estimated", "mixed"])),
  wasted_tokens: number,
  cost_usd: maybeNumber,
  prompt_hash: maybeText,
  prompt_preview: maybeText,
  replicas: orEmpty(
    z.object({ replica: text, calls: number, busy_ms: number, queue_ms: number, tokens: number }),
  ),
  trust_label: z.enum(trustLabels),
  trust_reasons: texts,
  texts: z.record(z.string(), z.string()),
  context: orNull(z.object({ hash: text, length: number, path: maybeText })),
  nodes: z.array(node),
  calls: z.array(call),
  effects: orEmpty(effect),
});

function orNull<T>(schema: z.ZodType<T>): z.ZodType<T | null> {
  return schema.nullish().transform((value) => value ?? null);
}

function orEmpty<T>(schema: z.ZodType<T>): z.ZodType<T[]> {
  return z.array(schema).nullish().transform((value) => value ?? []);
}
