/**
 * Where everything on a timeline goes: lanes in which nothing lies on top of anything else.
 * @module
 */
import type { Row } from "../records/row_types.ts";
import { plural } from "./format.ts";
import { criticalPath } from "../trace/critical_path.ts";
import type { CallSpan, EffectSpan, NodeSpan } from "../trace/spans.ts";

/** One attempt of a call, or one effect. Times in milliseconds. */
export interface Bar {
  readonly id: string;
  readonly node: string;
  /** A call's role, an effect's kind. */
  readonly what: string;
  readonly depth: number;
  readonly queued: number;
  /** `null` if it never started. */
  readonly started: number | null;
  /** `null` for effects and where none came. */
  readonly firstToken: number | null;
  readonly ended: number;
  readonly effect: boolean;
  /** Failed, or its text was not used. */
  readonly lost: boolean;
  readonly critical: boolean;
  readonly marks: readonly Mark[];
}

/** A line of a call's text that announced a child, or was refused. */
export interface Mark {
  readonly at: number;
  readonly kind: "child" | "rejected";
  readonly label: string;
}

/** A stretch in which a node waited: for its dependencies, or for its children. */
export interface Wait {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** One horizontal strip. */
export interface Lane {
  /** `null` for a lane that goes on with the node above. */
  readonly label: string | null;
  readonly depth: number;
  readonly bars: readonly Bar[];
  readonly waits: readonly Wait[];
}

/** More nodes than this share lanes by depth. */
const mostLabelled = 30;

/** Lays out a row: a lane a node, more where its calls overlap; of many nodes, lanes by depth. */
export function layOut(row: Row, bars: readonly Bar[]): Lane[] {
  if (row.nodes.length > mostLabelled) return lanesByDepth(bars);
  return inTreeOrder(row.nodes).flatMap((node) => {
    const packed = pack(bars.filter((bar) => bar.node === node.path));
    const lanes = packed.length > 0 ? packed : [[]];
    return lanes.map((bars, index): Lane => ({
      label: index === 0 ? node.path : null,
      depth: node.depth,
      bars,
      waits: index === 0 ? waitsOf(node, bars) : [],
    }));
  });
}

/** Every call and effect of a row, by the time at which it was ready to go. */
export function barsOf(row: Row): Bar[] {
  const depths = new Map(row.nodes.map((node) => [node.path, node.depth]));
  const critical = new Set(criticalPath(row).pieces.map((piece) => piece.id));
  const rest = (span: CallSpan | EffectSpan) => ({
    id: span.id,
    node: span.node,
    depth: depths.get(span.node) ?? 0,
    queued: span.queued_ms,
    started: span.started_ms,
    ended: span.ended_ms,
    critical: critical.has(span.id),
  });
  return [
    ...row.calls.map((call): Bar => ({
      ...rest(call),
      what: call.role,
      firstToken: call.first_token_ms,
      effect: false,
      lost: !call.used || call.error !== null,
      marks: marksOf(call),
    })),
    ...row.effects.map((effect): Bar => ({
      ...rest(effect),
      what: effect.kind,
      firstToken: null,
      effect: true,
      lost: effect.error !== null,
      marks: [],
    })),
  ].sort((a, b) => a.queued - b.queued);
}

/** Nodes so that each follows its parent, siblings in the order in which they were announced. */
export function inTreeOrder(nodes: readonly NodeSpan[]): NodeSpan[] {
  const known = new Set(nodes.map((node) => node.path));
  const below = Map.groupBy(
    nodes,
    (node) => node.parent !== null && known.has(node.parent) ? node.parent : null,
  );
  const ordered: NodeSpan[] = [];
  const stack = [...(below.get(null) ?? [])].reverse();
  for (let node = stack.pop(); node; node = stack.pop()) {
    ordered.push(node);
    stack.push(...[...(below.get(node.path) ?? [])].reverse());
    below.delete(node.path);
  }
  return ordered;
}

/** Round times for an axis that ends at `end`, at most six of them. */
export function ticks(end: number): number[] {
  if (!(end > 0)) return [0];
  const rough = end / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough)!;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}

/** Greedy packing: each bar goes to the first lane that is free by then. */
function pack(bars: readonly Bar[]): Bar[][] {
  const lanes: Bar[][] = [];
  for (const bar of bars) {
    const free = lanes.find((lane) => lane.at(-1)!.ended <= bar.queued);
    if (free) free.push(bar);
    else lanes.push([bar]);
  }
  return lanes;
}

function lanesByDepth(bars: readonly Bar[]): Lane[] {
  const levels = [...Map.groupBy(bars, (bar) => bar.depth)].sort(([a], [b]) => a - b);
  return levels.flatMap(([depth, level]) =>
    pack(level).map((bars, index): Lane => ({
      label: index === 0 ? `depth ${depth}: ${plural(level.length, "bar")}` : null,
      depth,
      bars,
      waits: [],
    }))
  );
}

function marksOf(call: CallSpan): Mark[] {
  return call.events.flatMap((event): Mark[] => {
    if (event.kind === "rejected") {
      return [{
        at: event.at_ms,
        kind: "rejected",
        label: `refused: ${event.reason ?? "unknown"}`,
      }];
    }
    if (event.event !== "child") return [];
    return [{ at: event.at_ms, kind: "child", label: `announced ${event.id ?? "a child"}` }];
  });
}

function waitsOf(node: NodeSpan, bars: readonly Bar[]): Wait[] {
  const ready = Math.min(node.ready_ms ?? node.ended_ms, bars[0]?.queued ?? Infinity);
  const before = { from: node.created_ms, to: ready, label: "waits for its dependencies" };
  const joins = node.rounds.map((round) => ({
    from: round.awaited_ms,
    to: round.resumed_ms ?? node.ended_ms,
    label: `waits for ${round.joined.length} children`,
  }));
  return [before, ...joins].filter((wait) => wait.to > wait.from);
}
