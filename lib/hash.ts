/**
 * Short content hashes.
 * @module
 */
import { createHash } from "node:crypto";

/** The first 16 hex digits of the SHA-256 of `text` (UTF-8): names texts, prompts, rows. */
export function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** {@linkcode hash} of a JSON value, independent of the order of its keys. */
export function hashJson(value: unknown): string {
  return hash(JSON.stringify(sorted(value)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(
    keys.map((key) => [key, sorted((value as Record<string, unknown>)[key])]),
  );
}
