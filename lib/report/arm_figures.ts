/**
 * The figures of the page's head.
 * @module
 */
import type { Row } from "../records/row_types.ts";
import type { Arm, Case } from "./arrange.ts";

/** What is said of an arm. */
export interface ArmFigures {
  readonly rows: number;
  /** Rows whose answer could be compared; an error counts as not right. */
  readonly graded: number;
  readonly right: number;
  /** Wilson 95 % interval of the share of right answers; `null` without graded rows. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Medians of rows that ended, for each kind of timing apart. */
  readonly latency: readonly {
    readonly timing: Row["timing"];
    readonly rows: number;
    readonly median_ms: number;
  }[];
  readonly tokens: number | null;
  readonly overlapping: number;
  /** Median over rows with children. */
  readonly overlap: number | null;
  readonly planned: number;
  readonly fallbacks: number;
  readonly labels: readonly (readonly [label: string, rows: number])[];
}

/** An arm beside direct, over the cases in which both have a row. */
export interface PairFigures {
  readonly pairs: number;
  readonly bothRight: number;
  readonly onlyDirect: number;
  readonly onlyArm: number;
  readonly neither: number;
  /** Pairs whose times are of one kind and both ended. */
  readonly timed: number;
  /** Geometric mean of direct's time over the arm's; above 1 the arm is faster. */
  readonly speedUp: number | null;
}

/** Figures of one arm. */
export function armFigures({ rows }: Arm): ArmFigures {
  const graded = rows.filter((row) => row.correct !== null || failedTask(row));
  const right = graded.filter((row) => row.correct === true).length;
  const ended = Map.groupBy(rows.filter((row) => row.status === "ok"), (row) => row.timing);
  const parents = rows.filter((row) => row.child_count > 0);
  const planned = rows.filter((row) => row.graph_status !== "none");
  const labels = Map.groupBy(rows, (row) => row.trust_label);
  const tokens = rows.map((row) => row.usage.total_tokens).filter((value) => value !== null);
  return {
    rows: rows.length,
    graded: graded.length,
    right,
    interval: wilson(right, graded.length),
    latency: [...ended].map(([timing, group]) => ({
      timing,
      rows: group.length,
      median_ms: median(group.map((row) => row.latency_ms))!,
    })),
    tokens: median(tokens),
    overlapping: rows.filter((row) => row.overlap_ms > 0).length,
    overlap: median(parents.map((row) => row.overlap_fraction)),
    planned: planned.length,
    fallbacks: planned.filter((row) => row.graph_status === "fallback").length,
    labels: [...labels].map(([label, group]) => [label, group.length] as const)
      .sort((a, b) => b[1] - a[1]),
  };
}

/** Figures of the arm at `index` beside the direct arm at `direct`. */
export function pairFigures(cases: readonly Case[], direct: number, index: number): PairFigures {
  const pairs = cases.flatMap(({ runs }) => {
    const [base, run] = [runs[direct], runs[index]];
    return base && run ? [{ base, run }] : [];
  });
  const counted = (base: boolean, run: boolean) =>
    pairs.filter((pair) =>
      (pair.base.correct === true) === base && (pair.run.correct === true) === run
    ).length;
  const logs = pairs.flatMap(({ base, run }) => {
    const alike = base.timing === run.timing && base.status === "ok" && run.status === "ok";
    return alike && base.latency_ms > 0 && run.latency_ms > 0
      ? [Math.log(base.latency_ms / run.latency_ms)]
      : [];
  });
  const sum = logs.reduce((total, value) => total + value, 0);
  return {
    pairs: pairs.length,
    bothRight: counted(true, true),
    onlyDirect: counted(true, false),
    onlyArm: counted(false, true),
    neither: counted(false, false),
    timed: logs.length,
    speedUp: logs.length > 0 ? Math.exp(sum / logs.length) : null,
  };
}

function failedTask(row: Row): boolean {
  return row.status === "error" && row.expected !== null;
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The score interval of Wilson (1927), at 95 %. */
function wilson(right: number, total: number): readonly [number, number] | null {
  if (total === 0) return null;
  const z = 1.959964;
  const share = right / total;
  const scale = 1 + z * z / total;
  const centre = (share + z * z / (2 * total)) / scale;
  const half = z / scale * Math.sqrt(share * (1 - share) / total + z * z / (4 * total * total));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
