/** @jsxImportSource npm:preact@10.29.2 */
// deno-lint-ignore-file jsx-key -- rendered once, to text: keys mean nothing
/**
 * One arm's run of one task.
 * @module
 */
import type { VNode } from "../deps/preact.ts";
import type { RowFacts } from "../analysis/mod.ts";
import type { Run } from "./arrange.ts";
import { count, duration, percent, plural, times } from "./format.ts";
import { labelMeaning, labelName, verdictOf } from "./labels.ts";
import { Name } from "./name.tsx";
import { NodeTree } from "./node_tree.tsx";
import type { Shelf } from "./text_block.tsx";
import { Timeline } from "./timeline.tsx";

/** Properties of {@linkcode RunColumn}. */
export interface RunColumnProps {
  readonly name: string;
  readonly run: Run;
  /** The direct run beside it, to compare times with. */
  readonly baseline: Run | null;
  /** End of the time scale that all arms of the task share, in milliseconds. */
  readonly end: number;
  readonly anchor: string;
  readonly shelf: Shelf;
}

/** Answer, figures, timeline and nodes of one run. */
export function RunColumn({ name, run, baseline, end, anchor, shelf }: RunColumnProps): VNode {
  const { row, facts, trust } = run;
  const verdict = verdictOf(facts);
  return (
    <article class="run" id={anchor}>
      <header>
        <h4>
          <Name name={name} />
        </h4>
        <span class={`verdict ${verdict.kind}`}>{verdict.mark} {verdict.word}</span>
        <span class="chip" title={labelMeaning(trust.trust_label)}>
          {labelName(trust.trust_label)}
        </span>
        {facts.truncated && <span class="chip">cut by its limit</span>}
      </header>
      <p class="outcome">
        <span class="answer" dir="auto">{facts.answer ?? "no answer"}</span>
        <span class="time">{duration(facts.latency_ms)}</span>
        {baseline !== null && baseline !== run && ratioText(facts, baseline.facts)}
      </p>
      {facts.errors.map((error) => <p class="problem">{error}</p>)}
      <Timeline row={row} facts={facts} end={end} anchor={`${anchor}-time`} />
      <Figures run={run} />
      <details class="nodes">
        <summary>
          {plural(facts.node_count, "node")}, {plural(facts.model_calls, "call")}: every text
        </summary>
        <NodeTree row={row} shelf={shelf} />
      </details>
    </article>
  );
}

function ratioText(row: RowFacts, direct: RowFacts): VNode | null {
  if (row.status !== "ok" || direct.status !== "ok") return null;
  if (!(row.latency_ms > 0) || !(direct.latency_ms > 0)) return null;
  const faster = row.latency_ms <= direct.latency_ms;
  const ratio = faster ? direct.latency_ms / row.latency_ms : row.latency_ms / direct.latency_ms;
  return <small>{times(ratio)} {faster ? "faster" : "slower"} than direct</small>;
}

function Figures({ run: { facts: row, trust } }: { run: Run }): VNode {
  const { usage } = row;
  const also = trust.trust_reasons.filter((reason) =>
    reason !== trust.trust_label && !(row.mode === "direct" && reason === "no_overlap")
  );
  const figures: (readonly [name: string, value: string] | null)[] = [
    [
      "label",
      [labelName(trust.trust_label), labelMeaning(trust.trust_label)].filter(Boolean).join(": "),
    ],
    also.length > 0 ? ["also", also.map(labelName).join(", ")] : null,
    row.answer_rule === null ? null : ["answer found by", labelName(row.answer_rule)],
    row.graph_status === "none" ? null : ["plan", planText(row)],
    ["first token", duration(row.time_to_first_token_ms)],
    row.time_to_first_child_ms === null
      ? null
      : ["first child call", `${duration(row.time_to_first_child_ms)}${leadText(row)}`],
    row.child_count === 0
      ? null
      : ["overlap", `${duration(row.overlap_ms)} (${percent(row.overlap_fraction)} of the time)`],
    ["critical path", duration(row.critical_path_ms)],
    ["time went to", blameText(row)],
    [
      "calls",
      row.attempts === row.model_calls
        ? count(row.model_calls)
        : `${count(row.model_calls)} of ${count(row.attempts)} attempts`,
    ],
    [
      "tokens",
      `${count(usage.completion_tokens)} written, ${count(usage.prompt_tokens)} read${
        usage.cached_tokens ? ` (${count(usage.cached_tokens)} cached)` : ""
      }`,
    ],
    row.wasted_tokens > 0 ? ["tokens not used", count(row.wasted_tokens)] : null,
    row.cost_usd === null ? null : ["cost", `$${row.cost_usd.toFixed(4)}`],
  ];
  return (
    <dl class="figures">
      {figures.filter((figure) => figure !== null).map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function planText(row: RowFacts): string {
  const { repaired, rejected } = row.events;
  return [
    row.graph_status,
    plural(row.child_count, "child node"),
    repaired > 0 ? `${plural(repaired, "line")} repaired` : "",
    rejected > 0 ? `${plural(rejected, "line")} refused` : "",
  ].filter(Boolean).join(", ");
}

function leadText({ first_child_lead_ms: lead }: RowFacts): string {
  if (lead === null || lead <= 0) return "";
  return `, ${duration(lead)} before its plan was fully written`;
}

function blameText(row: RowFacts): string {
  const pieces = Object.entries(row.blame).filter(([, ms]) => ms >= 0.5);
  return pieces.map(([name, ms]) => `${name} ${duration(ms)}`).join(" · ") || "–";
}
