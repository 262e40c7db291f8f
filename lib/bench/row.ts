/**
 * A row from a finished tree: the fold of its trace, graded and labelled.
 * @module
 */
import { hash } from "../hash.ts";
import type { TreeResult } from "../kernel/types.ts";
import type { BackendInfo } from "../model/types.ts";
import { gradeText, trustLabel } from "../records/mod.ts";
import type { Row } from "../records/row_types.ts";
import type { Task } from "../records/task_types.ts";
import type { Mode } from "../strategies/types.ts";
import { foldTrace, promptPreview, rowMeasures } from "../trace/mod.ts";
import type { CallSpan } from "../trace/spans.ts";
import { VERSION } from "../version.ts";
import type { BenchOptions } from "./config.ts";
import { withoutContext } from "./context.ts";
import type { Price } from "./prices.ts";
import type { Settings } from "./settings.ts";

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

/** Folds a finished tree into its row. */
export function makeRow(facts: RunFacts, job: Job, result: TreeResult, times: JobTimes): Row {
  const { task, mode } = job;
  const { info, settings } = facts;
  const trace = foldTrace(result.events, { traceText: facts.traceText });
  const folded = { ...trace, texts: withoutContext(trace.texts, task) };
  const root = folded.nodes.find((node) => node.parent === null)!;
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
    errors: result.errors,
    metrics: folded.metrics,
    timing: info.timing,
    ...rowMeasures(folded, folded.drops),
    cost_usd: cost(folded.calls, facts.price),
    prompt_preview: promptPreview(folded),
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

function cost(calls: readonly CallSpan[], price: Price | undefined): number | null {
  if (!price) return null;
  return calls.filter((call) => call.answered).reduce(
    (sum, { usage }) => sum + price(usage?.prompt_tokens ?? 0, usage?.completion_tokens ?? 0),
    0,
  );
}
