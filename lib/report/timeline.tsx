/** @jsxImportSource npm:preact@10.29.2 */
// deno-lint-ignore-file jsx-key -- rendered once, to text: keys mean nothing
/**
 * A row's timeline as plain SVG, and the same as a table.
 * @module
 */
import type { VNode } from "../deps/preact.ts";
import type { RowFacts } from "../analysis/mod.ts";
import type { Row } from "../records/row_types.ts";
import { count, duration, plural } from "./format.ts";
import { type Bar, barsOf, type Lane, layOut, ticks } from "./timeline_layout.ts";

const laneHeight = 33;
const bareHeight = 15;
const barHeight = 11;
const axisHeight = 24;
/** Parts of the width left free at both ends, so that nothing is cut off at the edge. */
const [before, after] = [0.006, 0.02] as const;

/** Milliseconds to a share of the width. */
type Scale = (ms: number) => number;

/**
 * The timeline of `row` on a scale that ends at `end` milliseconds. Positions are percentages, so
 * that bars grow with the page and letters do not.
 */
export function Timeline(
  props: { row: Row; facts: RowFacts; end: number; anchor: string },
): VNode {
  const { row, facts, end, anchor } = props;
  const bars = barsOf(row);
  const lanes = layOut(row, bars);
  const scale: Scale = (ms) =>
    before + (1 - before - after) * Math.min(1, Math.max(0, ms / (end || 1)));
  let height = 2;
  const placed = lanes.map((lane) => {
    const top = height;
    height += lane.label === null ? bareHeight : laneHeight;
    return { lane, top };
  });
  return (
    <figure class="timeline">
      <svg
        role="img"
        aria-labelledby={`${anchor}-title ${anchor}-desc`}
        width="100%"
        height={height + axisHeight}
      >
        <title id={`${anchor}-title`}>{`Timeline of ${row.mode}`}</title>
        <desc id={`${anchor}-desc`}>{describe(facts)}</desc>
        {ticks(end).map((ms) => <Tick ms={ms} scale={scale} height={height} />)}
        {placed.map(({ lane, top }) => <LaneRow lane={lane} top={top} scale={scale} />)}
      </svg>
      <details>
        <summary>Timeline as a table</summary>
        <CallTable row={row} bars={bars} />
      </details>
    </figure>
  );
}

/** What a reader who cannot see the picture should know. */
function describe(row: RowFacts): string {
  const children = row.child_count === 0
    ? "no child nodes"
    : `${plural(row.child_count, "child node")}, the first child call at ${
      duration(row.time_to_first_child_ms)
    }`;
  return `${plural(row.attempts, "call attempt")} over ${
    duration(row.latency_ms)
  }, ${children}; parent and descendants at work together for ${
    duration(row.overlap_ms)
  }, siblings for ${duration(row.sibling_overlap_ms)}.`;
}

function Tick({ ms, scale, height }: { ms: number; scale: Scale; height: number }): VNode {
  const x = scale(ms);
  const anchor = x < 0.05 ? "start" : x > 0.92 ? "end" : "middle";
  return (
    <>
      <line class="grid" x1={at(x)} x2={at(x)} y1="0" y2={height + 4} />
      <text class="axis" x={at(x)} y={height + 18} text-anchor={anchor}>{axisLabel(ms)}</text>
    </>
  );
}

function axisLabel(ms: number): string {
  return ms === 0 ? "0" : ms < 1000 ? `${Number(ms.toPrecision(3))} ms` : `${ms / 1000} s`;
}

function LaneRow({ lane, top, scale }: { lane: Lane; top: number; scale: Scale }): VNode {
  const bare = lane.label === null;
  const y = top + (bare ? 2 : laneHeight - barHeight - 5);
  const roles = [...new Set(lane.bars.map((bar) => bar.what))].join(", ");
  return (
    <>
      {!bare && (
        <text class="lane" x={4 + 10 * Math.min(lane.depth, 5)} y={top + 12}>
          <tspan class="path">{shorten(lane.label!)}</tspan>
          {roles.length <= 30 && <tspan class="role" dx="7">{roles}</tspan>}
        </text>
      )}
      {lane.waits.map((wait) => (
        <line
          class="wait"
          x1={at(scale(wait.from))}
          x2={at(scale(wait.to))}
          y1={y + barHeight / 2}
          y2={y + barHeight / 2}
        >
          <title>{`${wait.label}: ${duration(wait.from)} to ${duration(wait.to)}`}</title>
        </line>
      ))}
      {lane.bars.map((bar) => <BarShape bar={bar} y={y} scale={scale} />)}
    </>
  );
}

function BarShape({ bar, y, scale }: { bar: Bar; y: number; scale: Scale }): VNode {
  const started = bar.started ?? bar.ended;
  const first = bar.effect ? started : bar.firstToken ?? bar.ended;
  const from = scale(started);
  const piece = (name: string, start: number, end: number) =>
    end > start && (
      <rect
        class={name}
        x={at(scale(start))}
        y={y}
        width={span(scale, start, end)}
        height={barHeight}
      />
    );
  const shade = bar.effect ? "effect" : `d${Math.min(bar.depth, 3)}`;
  return (
    <g class={bar.lost ? "lost" : undefined}>
      <title>{barTitle(bar)}</title>
      {piece("queue", bar.queued, started)}
      {piece(`prefill ${shade}`, started, first)}
      {piece(shade, first, bar.ended)}
      {bar.critical && (
        <rect
          class="critical"
          x={at(from)}
          y={y}
          width={span(scale, started, bar.ended)}
          height={barHeight}
        />
      )}
      {bar.lost && (
        <svg class="cross" x={at(scale(bar.ended))} y={y + barHeight / 2}>
          <path d="M-4 -4L4 4M-4 4L4 -4" />
        </svg>
      )}
      {bar.marks.map((mark) => (
        <svg class={`mark ${mark.kind}`} x={at(scale(mark.at))} y={y + barHeight}>
          <title>{`${mark.label} at ${duration(mark.at)}`}</title>
          <path d={mark.kind === "child" ? "M0 -11V-1M-3.5 4H3.5L0 -2Z" : "M-3 -2L3 4M-3 4L3 -2"} />
        </svg>
      ))}
    </g>
  );
}

function barTitle(bar: Bar): string {
  const parts = [
    `${bar.node} ${bar.what}`,
    `ready ${duration(bar.queued)}`,
    bar.started === null ? "never started" : `sent ${duration(bar.started)}`,
    bar.firstToken === null ? null : `first token ${duration(bar.firstToken)}`,
    `ended ${duration(bar.ended)}`,
    bar.lost ? "failed or not used" : null,
    bar.critical ? "on the critical path" : null,
  ];
  return parts.filter((part) => part !== null).join(", ");
}

/** A share of the width. */
function at(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}

/** A width that can be seen. */
function span(scale: Scale, from: number, to: number): string {
  return at(Math.max(scale(to) - scale(from), 0.003));
}

/** The end of a long path, which tells nodes apart. */
function shorten(label: string): string {
  const characters = Array.from(label);
  return characters.length <= 34 ? label : `…${characters.slice(-33).join("")}`;
}

function CallTable({ row, bars }: { row: Row; bars: readonly Bar[] }): VNode {
  const usage = new Map(row.calls.map((call) => [call.id, call.usage]));
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={`Calls of ${row.mode}`}>
      <table class="calls">
        <thead>
          <tr>
            {["node", "call", "ready", "sent", "first token", "ended", "tokens", "critical"].map((
              name,
            ) => <th scope="col">{name}</th>)}
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) => (
            <tr>
              <th scope="row">{bar.node}</th>
              <td>{bar.what}{bar.lost ? " (lost)" : ""}</td>
              {[bar.queued, bar.started, bar.firstToken, bar.ended].map((ms) => (
                <td class="n">{ms === null ? "–" : count(Math.round(ms))}</td>
              ))}
              <td class="n">{count(usage.get(bar.id)?.completion_tokens ?? null)}</td>
              <td>{bar.critical ? "yes" : ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">
        Times in milliseconds since the task's start; tokens are completion tokens.
      </p>
    </div>
  );
}
