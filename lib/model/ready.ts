/**
 * What every session refuses before it begins a reply.
 * @module
 */
import { RrmError } from "../errors.ts";

/** Throws `session-closed` or `session-busy` unless a session can begin a reply. */
export function requireReady({ closed, busy }: { closed: boolean; busy: boolean }): void {
  if (closed) throw new RrmError("session-closed", "This session is closed.");
  if (!busy) return;
  throw new RrmError("session-busy", "This session is in the middle of a reply.", {
    hint: "Fork it for a second reply at the same time.",
  });
}
