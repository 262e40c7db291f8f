/**
 * How long nodes were at work side by side.
 * @module
 */
import { callInterval } from "./intervals.ts";
import type { Spans } from "./spans.ts";

/** Times during which calls of two nodes were in flight at once, in milliseconds. */
export interface Overlap {
  /** Some node together with one of its proper descendants. */
  readonly overlap_ms: number;
  /** Two nodes of which neither is an ancestor of the other. */
  readonly sibling_overlap_ms: number;
}

interface Member {
  readonly parent: Member | null;
  calls: number;
  /** Descendants with a call in flight. */
  busyBelow: number;
}

/**
 * One sweep over the ends of all call intervals that keeps count of the pairs of busy nodes: all of
 * them, and those in one line of descent. Costs O(calls × (log calls + depth)).
 */
export function measureOverlap({ nodes, calls }: Pick<Spans, "nodes" | "calls">): Overlap {
  const members = new Map<string, Member>();
  const parents = new Map(nodes.map((node) => [node.path, node.parent]));
  const edges = calls.flatMap((call) => {
    const interval = callInterval(call);
    if (!interval || interval.end <= interval.start) return [];
    const member = memberAt(call.node);
    return [{ at: interval.start, member, step: 1 }, { at: interval.end, member, step: -1 }];
  });
  edges.sort((a, b) => a.at - b.at);

  let busy = 0;
  let descents = 0;
  let last = 0;
  const total = { overlap_ms: 0, sibling_overlap_ms: 0 };
  for (const { at, member, step } of edges) {
    if (descents > 0) total.overlap_ms += at - last;
    if (descents < busy * (busy - 1) / 2) total.sibling_overlap_ms += at - last;
    last = at;
    member.calls += step;
    const turned = step > 0 ? member.calls === 1 : member.calls === 0;
    if (!turned) continue;
    busy += step;
    descents += step * member.busyBelow;
    for (let above = member.parent; above; above = above.parent) {
      above.busyBelow += step;
      if (above.calls > 0) descents += step;
    }
  }
  return total;

  function memberAt(path: string): Member {
    const missing = new Set<string>();
    let at: string | null = path;
    while (at !== null && !members.has(at) && !missing.has(at)) {
      missing.add(at);
      at = parents.get(at) ?? null;
    }
    let parent = at === null ? null : members.get(at) ?? null;
    for (const name of [...missing].reverse()) {
      parent = { parent, calls: 0, busyBelow: 0 };
      members.set(name, parent);
    }
    return parent!;
  }
}
