/**
 * Rows as analysis keeps them: figures computed again from the spans, spans and texts let go.
 * @module
 */
import type { Row } from "../records/row_types.ts";
import { dedupeRows } from "../records/store.ts";
import { callInterval, dropsOf, rowMeasures } from "../trace/mod.ts";
import { checkRow, type Disagreement } from "./check.ts";

/** When a call was in flight, on the clock of its bench. */
export interface InFlight {
  /** Its base URL, where there is one. */
  readonly replica: string | null;
  /** Milliseconds since the start of the bench. */
  readonly start: number;
  /** Milliseconds since the start of the bench. */
  readonly end: number;
}

/**
 * A row without its bulk. Its figures are recomputed from its spans where it has any; `texts`,
 * `config`, `calls` and `effects` are empty, and of its nodes only those that fell back are left.
 */
export interface RowFacts extends Row {
  /** Its answered calls. */
  readonly in_flight: readonly InFlight[];
}

/** What {@linkcode collect} read. */
export interface Collected {
  /** In the order in which they were first read. */
  readonly rows: readonly RowFacts[];
  /** Rows that were left out because a newer one of the same `row_id` was read. */
  readonly doubled: number;
  /** Stored figures of these rows that their spans do not bear out. */
  readonly disagreements: readonly Disagreement[];
}

/** Options of {@linkcode collect}. */
export interface CollectOptions {
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/**
 * Reads rows one by one and keeps their {@linkcode RowFacts}; of rows with one `row_id` the newest.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function collect(
  rows: AsyncIterable<Row> | Iterable<Row>,
  { signal }: CollectOptions = {},
): Promise<Collected> {
  const read: { row_id: string; started_at: string; facts: RowFacts; wrong: Disagreement[] }[] = [];
  for await (const row of rows) {
    signal?.throwIfAborted();
    const { row_id, started_at } = row;
    read.push({ row_id, started_at, facts: factsOf(row), wrong: checkRow(row) });
  }
  const kept = dedupeRows(read).rows;
  return {
    rows: kept.map(({ facts }) => facts),
    doubled: read.length - kept.length,
    disagreements: kept.flatMap(({ wrong }) => wrong),
  };
}

/** The {@linkcode RowFacts} of one row. */
export function factsOf(row: Row): RowFacts {
  const measured = row.nodes.length > 0 ? rowMeasures(row, dropsOf(row.event_reasons)) : {};
  return {
    ...row,
    ...measured,
    config: {},
    texts: {},
    nodes: row.nodes.filter((node) => node.kind === "fallback"),
    calls: [],
    effects: [],
    in_flight: row.calls.flatMap((call) => {
      const interval = callInterval(call);
      if (!interval) return [];
      const { start, end } = interval;
      const replica = call.replica;
      return [{ replica, start: start + row.bench_offset_ms, end: end + row.bench_offset_ms }];
    }),
  };
}
