/**
 * Stored figures against the spans that they were computed from.
 * @module
 */
import type { Row } from "../records/row_types.ts";
import { dropsOf, rowMeasures } from "../trace/mod.ts";

/** A stored figure that its row's spans do not bear out. */
export interface Disagreement {
  /** The row. */
  readonly row_id: string;
  /** Its task. */
  readonly task_id: string;
  /** Its mode. */
  readonly mode: string;
  /** Name of the figure; parts of one are joined by dots. */
  readonly field: string;
  /** What the row says. */
  readonly stored: unknown;
  /** What its spans say. */
  readonly computed: unknown;
}

/** Compares every figure that follows from spans; a row without spans has nothing to compare. */
export function checkRow(row: Row): Disagreement[] {
  if (row.nodes.length === 0) return [];
  const { row_id, task_id, mode } = row;
  return differences("", row, rowMeasures(row, dropsOf(row.event_reasons)))
    .map((difference) => ({ row_id, task_id, mode, ...difference }));
}

/** {@linkcode checkRow} of many. */
export function checkRows(rows: readonly Row[]): Disagreement[] {
  return rows.flatMap(checkRow);
}

type Difference = Pick<Disagreement, "field" | "stored" | "computed">;

function differences(field: string, stored: unknown, computed: unknown): Difference[] {
  if (isObject(computed) && isObject(stored)) {
    // At the top only the measured fields are asked for; below, a stored extra is a difference.
    const names = field === "" ? Object.keys(computed) : [
      ...new Set([...Object.keys(computed), ...Object.keys(stored)]),
    ];
    return names.flatMap((name) =>
      differences(field === "" ? name : `${field}.${name}`, own(stored, name), own(computed, name))
    );
  }
  return same(stored, computed) ? [] : [{ field, stored, computed }];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function own(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Equal, or numbers that differ by no more than rounding: a microsecond, or a millionth. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  return Math.abs(a - b) <= Math.max(1e-3, 1e-6 * Math.abs(b));
}
