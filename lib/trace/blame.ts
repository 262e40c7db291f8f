/**
 * Where a run's time went: a walk back from the root's end to whatever ended last before each wait.
 * @module
 */
import {
  type Activity,
  callPieces,
  indexSpans,
  isUseful,
  type Piece,
  type PieceKind,
  type SpanIndex,
} from "./activity.ts";
import type { Blame, CallSpan, EffectSpan, NodeSpan, Round, Spans } from "./spans.ts";

/** Where the walk stands: what of `node` ended last by `at_ms`? */
interface Place {
  readonly node: NodeSpan;
  readonly at_ms: number;
  /** Within this effect of the node. */
  readonly inside?: EffectSpan;
  /** What the time since then was spent on. */
  readonly gap?: "retry";
}

/** Something of a node that ended. */
interface Past {
  readonly of: Activity | Round;
  readonly since_ms: number;
  readonly ended_ms: number;
}

/** Sums {@linkcode blamePieces} by kind; the sums add up to `latency_ms`. */
export function blame(spans: Spans): Blame {
  const sums = { queue: 0, prefill: 0, decode: 0, announce: 0, effect: 0, retry: 0, runtime: 0 };
  for (const { kind, from_ms, to_ms } of blamePieces(spans)) sums[kind] += to_ms - from_ms;
  return sums;
}

/**
 * The stretches of time that led to the root's end, in order. They cover the time from 0 to
 * `latency_ms` without gap or overlap: what the runtime spent between two of them is one of them.
 */
export function blamePieces(spans: Spans): Piece[] {
  const index = indexSpans(spans);
  const pieces: Piece[] = [];
  // Each end and each beginning is passed once, so the walk ends whatever the spans say.
  const passed = new Set<object>();
  const begun = new Set<NodeSpan>();
  if (!index.root) return pieces;
  let reached = index.root.ended_ms;
  let place: Place | null = { node: index.root, at_ms: reached };
  while (place) place = stepBack(place);
  cover("runtime", index.root.path, null, 0);
  return pieces.reverse();

  /** Accounts for the time from `from_ms` to the earliest moment reached. */
  function cover(kind: PieceKind, node: string, id: string | null, from_ms: number): void {
    const from = Math.max(0, from_ms);
    if (from >= reached) return;
    pieces.push({ kind, node, id, from_ms: from, to_ms: reached });
    reached = from;
  }

  function stepBack({ node, at_ms, inside, gap }: Place): Place | null {
    if (inside) return backThroughEffect(node, inside, at_ms);
    const past = lastPast(index, passed, node, at_ms);
    if (!past) return backFromStart(node);
    passed.add(past.of);
    cover(gap ?? "runtime", node.path, null, past.ended_ms);
    if ("joined" in past.of) {
      const awaited = past.of.resumed_ms === null ? past.of.children : past.of.joined;
      return lastOf(awaited, past.ended_ms, past.since_ms) ?? { node, at_ms: past.since_ms };
    }
    if (past.of.type === "effect") return backThroughEffect(node, past.of.span, past.ended_ms);
    const call = past.of.span;
    if (!call.used) cover("retry", node.path, call.id, call.queued_ms);
    return backThroughCall(node, call, call.ended_ms, "decode");
  }

  function backThroughCall(
    node: NodeSpan,
    call: CallSpan,
    to_ms: number,
    writing: "decode" | "announce",
  ): Place {
    for (const piece of callPieces(call, to_ms, writing).reverse()) {
      cover(piece.kind, node.path, call.id, piece.from_ms);
    }
    cover("queue", node.path, call.id, call.queued_ms);
    return { node, at_ms: call.queued_ms, ...(call.attempt > 1 && { gap: "retry" }) };
  }

  function backThroughEffect(node: NodeSpan, effect: EffectSpan, at_ms: number): Place {
    const wait = effect.waits
      .filter((candidate) => candidate.to_ms <= at_ms && !passed.has(candidate))
      .sort((a, b) => a.to_ms - b.to_ms)
      .at(-1);
    if (wait) {
      passed.add(wait);
      cover("effect", node.path, effect.id, wait.to_ms);
      const before = { node, at_ms: wait.from_ms, inside: effect };
      return lastOf(wait.nodes, wait.to_ms, wait.from_ms) ?? before;
    }
    cover("effect", node.path, effect.id, effect.started_ms ?? effect.ended_ms);
    cover("queue", node.path, effect.id, effect.queued_ms);
    return { node, at_ms: effect.queued_ms };
  }

  /** The end of that one of `paths` that ended last by `to_ms`, if it was after `from_ms`. */
  function lastOf(paths: readonly string[], to_ms: number, from_ms: number): Place | null {
    let last: NodeSpan | null = null;
    for (const path of paths) {
      const node = index.nodes.get(path);
      if (!node || node.ended_ms > to_ms || node.ended_ms <= from_ms || passed.has(node)) continue;
      if (!last || node.ended_ms > last.ended_ms) last = node;
    }
    if (!last) return null;
    passed.add(last);
    cover("runtime", last.path, null, last.ended_ms);
    return { node: last, at_ms: last.ended_ms };
  }

  /** From a node's first work to what let it begin: a dependency, or being announced. */
  function backFromStart(node: NodeSpan): Place | null {
    const dependency = lastOf(node.depends_on, reached, node.created_ms);
    if (dependency) return dependency;
    cover("runtime", node.path, null, node.created_ms);
    const parent = index.nodes.get(node.parent ?? "");
    if (!parent || begun.has(node)) return null;
    begun.add(node);
    const announcer = index.activities.get(node.announced_by?.id ?? "");
    if (!node.announced_by || !announcer || announcer.span.ended_ms <= node.created_ms) {
      return { node: parent, at_ms: node.created_ms };
    }
    const at_ms = node.announced_by.at_ms;
    passed.add(announcer);
    cover("runtime", node.path, null, at_ms);
    if (announcer.type === "effect") return { node: parent, at_ms, inside: announcer.span };
    return backThroughCall(parent, announcer.span, at_ms, "announce");
  }
}

/**
 * What of a node ended last by `at_ms`: a useful call or effect, or a join. A call whose text was
 * not used counts where it came after those; beside them (a hedge that lost) it held nothing up.
 */
function lastPast(
  index: SpanIndex,
  passed: ReadonlySet<object>,
  node: NodeSpan,
  at_ms: number,
): Past | null {
  let useful: Past | null = null;
  let wasted: Past | null = null;
  for (const activity of index.byNode.get(node.path) ?? []) {
    const { queued_ms: since_ms, ended_ms } = activity.span;
    const past = { of: activity, since_ms, ended_ms };
    if (isUseful(activity)) useful = later(useful, past);
    else wasted = later(wasted, past);
  }
  for (const round of node.rounds) {
    const ended_ms = round.resumed_ms ?? node.ended_ms;
    useful = later(useful, { of: round, since_ms: round.awaited_ms, ended_ms });
  }
  return wasted && (!useful || wasted.since_ms >= useful.ended_ms) ? wasted : useful;

  function later(best: Past | null, past: Past): Past | null {
    if (past.ended_ms > at_ms || passed.has(past.of)) return best;
    if (!best || past.ended_ms > best.ended_ms) return past;
    return past.ended_ms === best.ended_ms && past.since_ms >= best.since_ms ? past : best;
  }
}
