/** @jsxImportSource npm:preact@10.29.2 */
/**
 * An arm's figures in the head of the page.
 * @module
 */
import type { VNode } from "../deps/preact.ts";
import type { Comparison, Proportion } from "../analysis/mod.ts";
import type { ArmFigures } from "./figures.ts";
import { count, duration, percent, plural, times } from "./format.ts";
import { labelMeaning, labelName } from "./labels.ts";
import { Name } from "./name.tsx";

type Fact = readonly [name: string, value: string];

/** Accuracy with its interval, time, what overlapped, what fell back. */
export function ArmCard({ figures }: { figures: ArmFigures }): VNode {
  const { shown, summary, labels } = figures;
  const { accuracy, score, latency_ms: latency } = summary;
  return (
    <section class="arm" aria-label={shown.name}>
      <h2>
        <Name name={shown.name} />
      </h2>
      <div class="big">
        {accuracy !== null && <Big value={percent(accuracy.value)} name="right" />}
        {score !== null && <Big value={score.value.toFixed(2)} name="mean score" />}
        <Big
          value={duration(latency?.median ?? null)}
          name={`median time${shown.arm.timing === "api" ? "" : `, ${shown.arm.timing}`}`}
        />
      </div>
      {accuracy !== null && <AccuracyBar accuracy={accuracy} />}
      <dl class="figures">
        {factsOf(figures).map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="labels">
        {labels.map(([label, rows]) => (
          <span class="chip" title={labelMeaning(label)}>{count(rows)} {labelName(label)}</span>
        ))}
      </p>
    </section>
  );
}

function Big({ value, name }: { value: string; name: string }): VNode {
  return (
    <p>
      <b>{value}</b> {name}
    </p>
  );
}

function factsOf({ summary, comparison, overlapping }: ArmFigures): Fact[] {
  const { accuracy, score, latency_ms: latency, fallback, tokens, rows } = summary;
  const planned = rows - (summary.graph_status.none ?? 0);
  const ended = summary.status.ok ?? 0;
  const facts: (Fact | false)[] = [
    accuracy !== null && ["right", accuracyText(accuracy, rows)],
    score !== null && ["score", `${score.value.toFixed(3)}${within(score, (x) => x.toFixed(3))}`],
    accuracy === null && score === null && ["right", "nothing could be graded"],
    ended < rows && ["not ended", `${count(rows - ended)} of ${plural(rows, "row")}`],
    latency !== null &&
    [
      "time",
      `median ${duration(latency.median)}, 95 % within ${duration(latency.p95)}, ${
        plural(latency.n, "row")
      }`,
    ],
    ...(comparison === null ? [] : comparisonFacts(comparison)),
    planned > 0 && [
      "overlap",
      `in ${overlapping} of ${plural(rows, "row")}, median ${
        percent(summary.overlap_fraction?.median ?? null)
      } of the time`,
    ],
    planned > 0 && fallback !== null && [
      "fallback",
      `${fallback.count} of ${plural(fallback.n, "row")} (${percent(fallback.value)})`,
    ],
    (summary.truncated?.count ?? 0) > 0 &&
    ["cut by a limit", `${summary.truncated!.count} of ${plural(rows, "row")}`],
    tokens.total !== null && ["tokens", tokensText(tokens.total, comparison)],
  ];
  return facts.filter((fact) => fact !== false);
}

function comparisonFacts({ accuracy, speedup }: Comparison): Fact[] {
  const discordance = accuracy?.discordance ?? null;
  const { all, headline } = speedup;
  const facts: (Fact | false)[] = [
    discordance !== null && [
      "beside direct",
      `${plural(discordance.n, "pair")}: both right ${discordance.both_right}, only this ` +
      `${discordance.only_other}, only direct ${discordance.only_direct}, neither ` +
      `${discordance.both_wrong} (McNemar p = ${discordance.p_value.toFixed(2)})`,
    ],
    all !== null && [
      "speed-up",
      `${times(all.value)} over ${plural(all.n, "pair")}${within(all, times)}`,
    ],
    headline !== null && [
      "headline rows",
      `${times(headline.value)} over ${plural(headline.n, "pair")}, chosen by both being right`,
    ],
  ];
  return facts.filter((fact) => fact !== false);
}

function accuracyText(accuracy: Proportion, rows: number): string {
  const open = rows - accuracy.n;
  return `${accuracy.count} of ${accuracy.n}${within(accuracy, percent)}${
    open > 0 ? `; ${open} not graded` : ""
  }`;
}

function within(
  { low, high }: { readonly low: number | null; readonly high: number | null },
  format: (value: number) => string,
): string {
  return low === null || high === null ? "" : `, 95 % interval ${format(low)} to ${format(high)}`;
}

function tokensText(mean: number, comparison: Comparison | null): string {
  const ratio = comparison?.tokens?.ratio;
  return `${count(Math.round(mean))} a task on average${
    ratio === undefined ? "" : `, ${times(ratio)} those of direct`
  }`;
}

/** The share of right answers and its interval, from 0 to 100 %. */
function AccuracyBar({ accuracy }: { accuracy: Proportion }): VNode {
  const x = (share: number) => `${(1 + 98 * share).toFixed(1)}%`;
  const label = `Share right ${percent(accuracy.value)}${within(accuracy, percent)}`;
  return (
    <svg class="accuracy" role="img" width="100%" height="26" aria-label={label}>
      <line class="grid" x1={x(0)} x2={x(1)} y1="7" y2="7" />
      {[0, 0.5, 1].map((share) => (
        <>
          <line class="grid" x1={x(share)} x2={x(share)} y1="3" y2="11" />
          <text
            class="axis"
            x={x(share)}
            y="24"
            text-anchor={share === 0 ? "start" : share === 1 ? "end" : "middle"}
          >
            {percent(share)}
          </text>
        </>
      ))}
      <line
        class="interval"
        x1={x(accuracy.low ?? accuracy.value)}
        x2={x(accuracy.high ?? accuracy.value)}
        y1="7"
        y2="7"
      />
      <circle class="point" cx={x(accuracy.value)} cy="7" r="5" />
    </svg>
  );
}
