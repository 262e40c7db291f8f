/**
 * Which replica takes the next call.
 * @module
 */

/** What a pool knows of a replica. */
export interface ReplicaLoad {
  /** Its base URL. */
  readonly name: string;
  /** Calls in flight. */
  readonly outstanding: number;
  /** When its last call ended, in the pool's milliseconds; 0 if it had none. */
  readonly idleSinceMs: number;
}

/**
 * The replica with the fewest calls in flight, ties to the one idle longest, further ties to the
 * first. Those in `avoid` count only when there are no others.
 *
 * @returns Its index, or `null` while all that count hold `cap` calls.
 */
export function leastOutstanding(
  replicas: readonly ReplicaLoad[],
  avoid: readonly string[],
  cap: number,
): number | null {
  const others = replicas.some((replica) => !avoid.includes(replica.name));
  let best: number | null = null;
  for (const [index, replica] of replicas.entries()) {
    if (others && avoid.includes(replica.name)) continue;
    if (replica.outstanding >= cap) continue;
    if (best === null || isBetter(replica, replicas[best]!)) best = index;
  }
  return best;
}

function isBetter(a: ReplicaLoad, b: ReplicaLoad): boolean {
  if (a.outstanding !== b.outstanding) return a.outstanding < b.outstanding;
  return a.idleSinceMs < b.idleSinceMs;
}
