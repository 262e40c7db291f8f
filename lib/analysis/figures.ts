/**
 * Figures as people read them. What is unknown is a dash.
 * @module
 */
import type { Estimate, Proportion } from "./stats/mod.ts";

/** What stands where there is no figure. */
export const none = "–";

/** About three significant digits. */
export function short(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

/** Milliseconds, shown in seconds. */
export function seconds(ms: number | null | undefined): string {
  return ms == null ? none : short(ms / 1000);
}

/** A ratio: `1.64×`. */
export function times(ratio: number): string {
  return `${short(ratio)}×`;
}

/** A number, or a dash; a whole number without decimals. */
export function plain(value: number | null | undefined): string {
  return value == null ? none : Number.isInteger(value) ? `${value}` : short(value);
}

/** `1 row`, `2 rows`. */
export function some(n: number, one: string, several: string = `${one}s`): string {
  return `${n} ${n === 1 ? one : several}`;
}

/** A share, shown as a percentage without its sign. */
export function percent(value: number | null | undefined): string {
  return value == null ? none : (value * 100).toFixed(1);
}

/** A proportion with counts and interval: `63.3 [45.5, 78.1] (19 of 30)`. */
export function proportion(value: Proportion | null): string {
  if (!value) return none;
  return `${percent(value.value)}${interval(value, percent)} (${value.count} of ${value.n})`;
}

/** An estimate with its interval, each shown by `show`. */
export function estimate(value: Estimate | null, show: (value: number) => string): string {
  return value ? `${show(value.value)}${interval(value, show)}` : none;
}

/** With its sign. */
export function signed(show: (value: number) => string): (value: number) => string {
  return (value) => value > 0 ? `+${show(value)}` : show(value);
}

/** A p-value. */
export function pValue(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`;
}

/** `name 3, other 1`. */
export function counts(of: Readonly<Record<string, number>>, most: number = Infinity): string {
  const all = Object.entries(of).sort(([, a], [, b]) => b - a);
  if (all.length === 0) return none;
  const shown = all.slice(0, most).map(([name, n]) => `${name} ${n}`);
  return all.length > most ? `${shown.join(", ")}, …` : shown.join(", ");
}

function interval({ low, high }: Estimate, show: (value: number) => string): string {
  return low === null || high === null ? "" : ` [${show(low)}, ${show(high)}]`;
}
