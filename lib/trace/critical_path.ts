/**
 * The critical path: how fast a run could have been with unlimited slots and no cost but the
 * model's own (definition: docs/records.md).
 * @module
 */
import {
  type Activity,
  callPieces,
  indexSpans,
  isUseful,
  type Piece,
  type SpanIndex,
  startOf,
} from "./activity.ts";
import { earliestTimes, type Need, type Point } from "./longest_path.ts";
import type { EffectSpan, NodeSpan, Spans } from "./spans.ts";

/** The longest path through what depended on what. */
export interface CriticalPath {
  /** Its length, in milliseconds. */
  readonly length_ms: number;
  /** Its pieces in order, at the times at which they were observed: gaps are what could go. */
  readonly pieces: readonly Piece[];
}

/**
 * Computes the critical path. The graph is the same in every mode: an announcing line → its child;
 * a dependency → its dependent; a plan's end and the awaited children → the node's next call; a
 * node's call → its next call or cell; sub-calls → the cell that waits for them. Two calls of a node
 * follow each other where the first had ended when the second was queued.
 */
export function criticalPath(spans: Spans): CriticalPath {
  const index = indexSpans(spans);
  if (!index.root) return { length_ms: 0, pieces: [] };
  const goal = buildGraph(index).get(index.root.path)!.end;
  const times = earliestTimes(goal);
  const pieces: Piece[] = [];
  for (let at: Point | undefined = goal; at;) {
    const by: Need | null = times.get(at)?.by ?? null;
    if (by) pieces.push(...by.pieces.toReversed());
    at = by?.point;
  }
  return { length_ms: times.get(goal)!.at, pieces: pieces.reverse() };
}

/** A node's progress: the points that later ones of the node build on, in order of time. */
interface NodePoints {
  readonly start: Point;
  readonly end: Point;
  readonly marks: { readonly at: number; readonly since: number; readonly point: Point }[];
  /** By child, the mark of the first join after it was announced. */
  readonly joins: Map<string, Point>;
}

interface ActivityPoints {
  readonly start: Point;
  /** For an effect, the moments at which it goes on after having waited. */
  readonly steps: { readonly at: number; readonly point: Point }[];
}

function buildGraph(index: SpanIndex): ReadonlyMap<string, NodePoints> {
  const nodes = new Map<string, NodePoints>();
  const activities = new Map<string, ActivityPoints>();
  for (const node of index.nodes.values()) {
    nodes.set(node.path, {
      start: point(node.started_ms ?? node.ready_ms ?? node.ended_ms),
      end: point(node.ended_ms),
      marks: [],
      joins: new Map(),
    });
  }
  for (const node of index.nodes.values()) addProgress(node);
  for (const node of index.nodes.values()) addStart(node);
  return nodes;

  /** The node's own calls, effects and joins, each building on what was over before it. */
  function addProgress(node: NodeSpan): void {
    const own = nodes.get(node.path)!;
    const useful = (index.byNode.get(node.path) ?? []).filter(isUseful);
    const starts: { since: number; point: Point; mark: Point }[] = [];
    for (const activity of useful) {
      const points = addActivity(activity);
      const mark = point(activity.span.ended_ms);
      mark.needs.push(toEnd(activity, points));
      own.marks.push({ at: activity.span.ended_ms, since: activity.span.queued_ms, point: mark });
      starts.push({ since: activity.span.queued_ms, point: points.start, mark });
    }
    for (const round of node.rounds) {
      if (round.resumed_ms === null) continue;
      const mark = point(round.resumed_ms);
      mark.needs.push(...endsOf(round.joined));
      own.marks.push({ at: round.resumed_ms, since: round.awaited_ms, point: mark });
      for (const child of round.children) own.joins.set(child, mark);
    }
    own.marks.sort((a, b) => a.at - b.at || a.since - b.since);
    let before = own.start;
    for (const { point } of own.marks) {
      point.needs.push(after(before));
      before = point;
    }
    for (const { since, point, mark } of starts) {
      point.needs.push(after(progressAt(own, since, mark)));
    }
    own.end.needs.push(after(progressAt(own, node.ended_ms)));
  }

  /** When a node could begin: it was announced, and its dependencies were concluded. */
  function addStart(node: NodeSpan): void {
    const { start } = nodes.get(node.path)!;
    start.needs.push(...endsOf(node.depends_on));
    const announcer = index.activities.get(node.announced_by?.id ?? "");
    const parent = nodes.get(node.parent ?? "");
    if (node.announced_by && announcer) {
      start.needs.push(toLine(announcer, node.announced_by.at_ms));
    } else if (parent) {
      const joined = parent.joins.get(node.path);
      start.needs.push(after(progressAt(parent, node.created_ms, joined)));
    }
  }

  function addActivity(activity: Activity): ActivityPoints {
    const points: ActivityPoints = { start: point(startOf(activity)), steps: [] };
    activities.set(activity.span.id, points);
    if (activity.type === "call") return points;
    for (const wait of activity.span.waits.toSorted((a, b) => a.to_ms - b.to_ms)) {
      const resumed = point(wait.to_ms);
      resumed.needs.push(stepTo(activity.span, points, wait.from_ms), ...endsOf(wait.nodes));
      const before = points.steps.at(-1);
      if (before) resumed.needs.push(after(before.point));
      points.steps.push({ at: wait.to_ms, point: resumed });
    }
    return points;
  }

  function toEnd(activity: Activity, points: ActivityPoints): Need {
    const { span } = activity;
    if (activity.type === "effect") return stepTo(activity.span, points, span.ended_ms);
    const length = span.ended_ms - startOf(activity);
    return {
      point: points.start,
      length,
      pieces: callPieces(activity.span, span.ended_ms, "decode"),
    };
  }

  function toLine(announcer: Activity, at: number): Need {
    let points = activities.get(announcer.span.id);
    if (!points) { // an attempt whose text was not used has announced all the same
      points = addActivity(announcer);
      const own = nodes.get(announcer.span.node);
      if (own) points.start.needs.push(after(progressAt(own, announcer.span.queued_ms)));
    }
    if (announcer.type === "effect") return stepTo(announcer.span, points, at);
    const length = Math.max(0, at - startOf(announcer));
    return { point: points.start, length, pieces: callPieces(announcer.span, at, "announce") };
  }

  function endsOf(paths: readonly string[]): Need[] {
    return paths.flatMap((path) => nodes.has(path) ? [after(nodes.get(path)!.end)] : []);
  }
}

/** An effect's own time since it began or last went on. */
function stepTo(effect: EffectSpan, { start, steps }: ActivityPoints, at: number): Need {
  const step = steps.findLast((candidate) => candidate.at <= at);
  const from_ms = step?.at ?? effect.started_ms ?? effect.ended_ms;
  const waitsFrom = effect.waits.find((wait) => wait.from_ms <= at && at < wait.to_ms)?.from_ms;
  const to_ms = Math.max(from_ms, Math.min(at, waitsFrom ?? at));
  const piece: Piece = { kind: "effect", node: effect.node, id: effect.id, from_ms, to_ms };
  return { point: step?.point ?? start, length: to_ms - from_ms, pieces: [piece] };
}

/** The last of a node's marks by a time, and before the mark `until` where that has the same time. */
function progressAt({ start, marks }: NodePoints, at: number, until?: Point): Point {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (marks[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  if (until && until.observed <= at) {
    while (low > 0 && marks[--low]!.point !== until);
  }
  return marks[low - 1]?.point ?? start;
}

function point(observed: number): Point {
  return { observed, needs: [] };
}

function after(earlier: Point): Need {
  return { point: earlier, length: 0, pieces: [] };
}
