/**
 * Connects to all replicas of a pool; some may be away.
 * @module
 */
import { InputError } from "../errors.ts";
import { type ChatOptions, connectChat } from "./chat/connect.ts";
import { poolOf, type PoolOptions } from "./pool.ts";
import type { Completer } from "./types.ts";

/** Options of {@linkcode connectPool}. */
export interface ConnectPoolOptions extends PoolOptions, Omit<ChatOptions, "baseUrl"> {
  readonly baseUrls: readonly string[];
}

/** A pool, and who is missing from it. */
export interface ConnectedPool {
  readonly completer: Completer;
  /** Why each replica that was left out is not there. */
  readonly missing: readonly InputError[];
}

/**
 * Connects to every base URL and pools what answers. Replicas that cannot be reached or are not up
 * yet are left out and named; anything else that is wrong with one is an error.
 *
 * @throws {InputError} as `connectChat`; where nothing is reachable, the first one's.
 */
export async function connectPool(options: ConnectPoolOptions): Promise<ConnectedPool> {
  const { baseUrls, ...rest } = options;
  const results = await Promise.allSettled(
    [...new Set(baseUrls)].map((baseUrl) => connectChat({ ...rest, baseUrl })),
  );
  const found: Completer[] = [];
  const missing: InputError[] = [];
  for (const result of results) {
    if (result.status === "fulfilled") found.push(result.value);
    else if (isAway(result.reason)) missing.push(result.reason);
    else throw result.reason;
  }
  if (found.length === 0 && missing[0]) throw missing[0];
  return { completer: poolOf(found, options), missing };
}

function isAway(error: unknown): error is InputError {
  return error instanceof InputError &&
    (error.code === "server-unreachable" || error.code === "server-error");
}
