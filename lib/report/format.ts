/**
 * Figures as people read them.
 * @module
 */

/** `812 ms`, `3.21 s`, `32.1 s`, `2 min 5 s`; a dash for what is unknown. */
export function duration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return "–";
  const size = Math.abs(ms);
  if (size < 999.5) return `${Math.round(ms)} ms`;
  if (size < 9_995) return `${(ms / 1000).toFixed(2)} s`;
  if (size < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(size / 1000);
  return `${ms < 0 ? "-" : ""}${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `12,345`; a dash for what is unknown. */
export function count(value: number | null): string {
  return value === null || !Number.isFinite(value) ? "–" : value.toLocaleString("en-US");
}

/** `70 %` of a share between 0 and 1. */
export function percent(share: number | null): string {
  return share === null || !Number.isFinite(share) ? "–" : `${Math.round(share * 100)} %`;
}

/** `1 call`, `3 calls`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** `1.84×`. */
export function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 2 : 1)}×`;
}

/** An expected answer, whatever its type. */
export function answerText(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) {
    return value.join(", ");
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** `2026-11-21 14:05 UTC` of an ISO 8601 stamp; what cannot be read stays as it is. */
export function stamp(iso: string): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return iso;
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** The first `length` characters on one line, never half a character. */
export function preview(text: string, length: number): string {
  const line = text.slice(0, length * 4).replace(/\s+/g, " ").trim();
  const characters = Array.from(line);
  return characters.length <= length ? line : characters.slice(0, length).join("");
}
