/**
 * Longest paths over a graph of points in time.
 * @module
 */
import type { Piece } from "./activity.ts";

/** Something that happens as soon as all it needs has happened. */
export interface Point {
  /** When it was observed: it never comes out later than that. */
  readonly observed: number;
  readonly needs: Need[];
}

/** What a point waits for: another point, and then `length` milliseconds. */
export interface Need {
  readonly point: Point;
  readonly length: number;
  /** What the length was spent on. */
  readonly pieces: readonly Piece[];
}

/** A point's earliest time, and the need that set it. */
export interface Earliest {
  readonly at: number;
  readonly by: Need | null;
}

/**
 * Earliest times of `goal` and of all that it needs. Depth-first with a stack of its own, so that a
 * long chain cannot overflow the runtime's. Points of one instant may need each other; such a
 * circle takes no time, and is cut where it closes.
 */
export function earliestTimes(goal: Point): ReadonlyMap<Point, Earliest> {
  const done = new Map<Point, Earliest>();
  const begun = new Set<Point>([goal]);
  const stack = [{ point: goal, next: 0 }];
  while (stack.length > 0) {
    const top = stack.at(-1)!;
    const need = top.point.needs[top.next++];
    if (need) {
      if (begun.has(need.point)) continue;
      begun.add(need.point);
      stack.push({ point: need.point, next: 0 });
      continue;
    }
    stack.pop();
    done.set(top.point, earliest(top.point));
  }
  return done;

  function earliest(point: Point): Earliest {
    let best: Earliest = { at: 0, by: null };
    for (const need of point.needs) {
      const before = done.get(need.point);
      if (!before) continue;
      const at = Math.min(before.at + need.length, point.observed);
      if (at > best.at || !best.by) best = { at, by: need };
    }
    return best;
  }
}
