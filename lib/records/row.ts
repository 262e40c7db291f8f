/**
 * Rows: named, and read back from files that may come from anywhere.
 * @module
 */
import { hashJson } from "../hash.ts";
import { rowSchema } from "./row_schema.ts";
import type { Row } from "./row_types.ts";

/** What identifies a row. */
export interface RowKey {
  /** Of the task's content, by `taskHash`. */
  readonly taskHash: string;
  readonly mode: string;
  readonly repeat: number;
  readonly configHash: string;
}

/** The id of a row: the same task, mode, repeat and settings give the same id. */
export function rowId({ taskHash, mode, repeat, configHash }: RowKey): string {
  return hashJson([taskHash, mode, repeat, configHash]);
}

/** What a JSON value is: a row, or why it is none. */
export type ParsedRow = { readonly row: Row } | RowProblem;

/** Why a value is no row. */
export interface RowProblem {
  /** `foreign`: not a row of ours. `schema`: a row, of another schema or not whole. */
  readonly kind: "foreign" | "schema";
  readonly reason: string;
}

/**
 * Reads a JSON value as a row. Fields that a row may lack read as `null` or empty; a number that
 * can not be absent is not made up.
 */
export function parseRow(value: unknown): ParsedRow {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { kind: "foreign", reason: "not a JSON object" };
  }
  const schema = (value as { schema?: unknown }).schema;
  if (typeof schema !== "string" || !schema.startsWith("rrm.row/")) {
    const found = schema === undefined ? "no schema field" : `schema ${JSON.stringify(schema)}`;
    return { kind: "foreign", reason: `${found.slice(0, 80)}, not rrm.row/1` };
  }
  if (schema !== "rrm.row/1") {
    return { kind: "schema", reason: `schema ${schema.slice(0, 40)}, and only rrm.row/1 is read` };
  }
  const result = rowSchema.safeParse(value);
  if (result.success) return { row: result.data };
  const issue = result.error.issues[0]!;
  return { kind: "schema", reason: `${issue.path.join(".")}: ${issue.message}` };
}
