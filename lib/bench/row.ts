/**
 * A row from a finished tree: the fold of its trace, graded and labelled.
 * @module
 */
import { hash, hashJson } from "../hash.ts";
import type { TreeResult } from "../kernel/types.ts";
import type { BackendInfo } from "../model/types.ts";
import { gradeText, rowId, trustLabel } from "../records/mod.ts";
import type { GraphStatus, Row } from "../records/row_types.ts";
import type { Task } from "../records/task_types.ts";
import type { Mode } from "../strategies/types.ts";
import { foldTrace, rowMeasures } from "../trace/mod.ts";
import type { CallSpan, NodeSpan } from "../trace/spans.ts";
import { VERSION } from "../version.ts";
import type { BenchOptions } from "./config.ts";
import type { Price } from "./prices.ts";
import type { Settings } from "./settings.ts";

const PREVIEW_LENGTH = 200;

/** One task under one mode, to be run. */
export interface Job {
  readonly task: Task;
  readonly mode: Mode;
  readonly repeat: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly configHash: string;
  readonly rowId: string;
}

/** What all rows of a bench share. */
export interface RunFacts {
  readonly runId: string;
  readonly info: BackendInfo;
  readonly settings: Settings;
  readonly price: Price | undefined;
  readonly traceText: NonNullable<BenchOptions["traceText"]>;
}

/** When a job ran. */
export interface JobTimes {
  /** UTC, ISO 8601. */
  readonly startedAt: string;
  readonly benchOffsetMs: number;
}

/** The id of a job's row: what makes it the same row when a bench is resumed. */
export function jobRowId(task: Task, mode: Mode, repeat: number, configHash: string): string {
  const content = hashJson([task.id, task.task, task.answer, task.context, task.oracle_graph]);
  return rowId({ task: content, mode: mode.name, repeat, config_hash: configHash });
}

/** Folds a finished tree into its row. */
export function makeRow(facts: RunFacts, job: Job, result: TreeResult, times: JobTimes): Row {
  const { task, mode } = job;
  const { info, settings } = facts;
  const folded = foldTrace(result.events, { traceText: facts.traceText });
  const root = folded.nodes.find((node) => node.parent === null)!;
  const first = folded.calls[0];
  const concluded = result.conclusion.status === "ok" || root.conclusion !== null;
  const grade = gradeText(concluded ? result.conclusion.text : "", task);
  const row: Row = {
    schema: "rrm.row/1",
    run_id: facts.runId,
    row_id: job.rowId,
    task_id: task.id,
    mode: mode.name,
    mode_options: settings.modeOptions,
    repeat: job.repeat,
    seed: settings.seed === null ? null : settings.seed + job.repeat,
    backend: info.kind,
    model: info.model,
    base_urls: info.baseUrls,
    prompt_style: settings.prompts.name,
    recombiner: settings.recombiner,
    config_hash: job.configHash,
    config: job.config,
    started_at: times.startedAt,
    bench_offset_ms: times.benchOffsetMs,
    tool_version: VERSION,
    status: result.status,
    answer: grade.answer,
    answer_rule: grade.answer_rule,
    expected: task.answer,
    // A task that was not finished has not answered wrongly, unless it failed by itself.
    correct: result.status === "ok" || result.status === "error" ? grade.correct : null,
    score: result.status === "ok" ? grade.score : null,
    truncated: root.truncated,
    degraded: isDegraded(root, folded.nodes, folded.calls),
    errors: result.errors,
    metrics: folded.metrics,
    timing: info.timing,
    ...rowMeasures(folded, folded.drops),
    graph_status: graphStatus(root),
    cost_usd: cost(folded.calls, facts.price),
    prompt_hash: first?.prompt_hash ?? null,
    prompt_preview: promptPreview(result),
    trust_label: "ungraded",
    trust_reasons: [],
    texts: folded.texts,
    context: task.context === null
      ? null
      : { hash: hash(task.context), length: task.context.length, path: task.context_path },
    nodes: folded.nodes,
    calls: folded.calls,
    effects: folded.effects,
  };
  return { ...row, ...trustLabel(row) };
}

function graphStatus(root: NodeSpan): GraphStatus {
  switch (root.kind) {
    case "emitted":
    case "atomic":
    case "fallback":
    case "oracle":
      return root.kind;
    default:
      return "none";
  }
}

/** Any failed child, cut plan, or truncated call other than the root's concluding one. */
function isDegraded(
  root: NodeSpan,
  nodes: readonly NodeSpan[],
  calls: readonly CallSpan[],
): boolean {
  if (nodes.some((node) => node !== root && node.status === "failed")) return true;
  const used = calls.filter((call) => call.used);
  if (used.some((call) => call.error !== null)) return true;
  const concluding = used.findLast((call) => call.node === root.path);
  return used.some((call) =>
    call.finish_reason === "length" && !(root.truncated && call === concluding)
  );
}

function cost(calls: readonly CallSpan[], price: Price | undefined): number | null {
  if (!price) return null;
  return calls.filter((call) => call.answered).reduce(
    (sum, { usage }) => sum + price(usage?.prompt_tokens ?? 0, usage?.completion_tokens ?? 0),
    0,
  );
}

function promptPreview(result: TreeResult): string | null {
  const first = result.events.find((event) => event.type === "call-queue");
  const last = first?.messages.at(-1)?.content;
  return last === undefined ? null : last.slice(0, PREVIEW_LENGTH);
}
