/**
 * Suggestions for misspelt names.
 * @module
 */

/**
 * The candidate nearest to `name`, or `null` if none is near enough to be meant (more than a third
 * of the longer name differs). Letter case counts half.
 *
 * @example
 * ```ts
 * import { didYouMean } from "./did_you_mean.ts";
 * if (didYouMean("--modle", ["--model", "--modes"]) !== "--model") throw new Error("no suggestion");
 * ```
 */
export function didYouMean(name: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const longer = Math.max(name.length, candidate.length);
    if (longer > 200) continue;
    const distance = editDistance(name, candidate);
    if (distance <= Math.max(1, longer / 3) && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Edits (insert, delete, replace, swap of neighbours) from `a` to `b`. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      let cost = row[j - 1]! + replaceCost(a[i - 1]!, b[j - 1]!);
      cost = Math.min(cost, row[j]! + 1, next[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, before[j - 2]! + 1);
      }
      next.push(cost);
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}

function replaceCost(a: string, b: string): number {
  if (a === b) return 0;
  return a.toLowerCase() === b.toLowerCase() ? 0.5 : 1;
}
