/**
 * What analysis says of the rows on the page.
 * @module
 */
import {
  analyse,
  type Arm,
  type ArmSummary,
  checkRows,
  type Comparison,
  type Report,
} from "../analysis/mod.ts";
import { InputError } from "../errors.ts";
import type { Arrangement, ShownArm } from "./arrange.ts";

/** Figures of one arm, and beside direct where it has pairs. */
export interface ArmFigures {
  readonly shown: ShownArm;
  readonly summary: ArmSummary;
  readonly comparison: Comparison | null;
  /** Rows with overlap. */
  readonly overlapping: number;
  /** Rows of the arm by label, the most frequent first. */
  readonly labels: readonly (readonly [label: string, rows: number])[];
}

/** All figures of the page's head. */
export interface PageFigures {
  readonly arms: readonly ArmFigures[];
  /** What a reader should know about the figures, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * The figures of everything that is shown.
 *
 * @throws {InputError} when no direct rows have the `directConfig` asked for.
 */
export function figuresOf(shown: Arrangement, directConfig: string | undefined): PageFigures {
  const runs = shown.arms.flatMap((arm) => arm.runs);
  const collected = {
    rows: runs.map((run) => run.facts),
    doubled: 0,
    disagreements: checkRows(runs.map((run) => run.row)),
  };
  const compared = { directVsOther: true, ...(directConfig === undefined ? {} : { directConfig }) };
  const notes: string[] = [];
  let report: Report;
  try {
    report = analyse(collected, compared);
  } catch (error) {
    // Several direct arms fit: the page shows all of them, and compares with none.
    if (directConfig !== undefined || !(error instanceof InputError)) throw error;
    report = analyse(collected);
    notes.push(`${error.message}. ${error.hint ?? ""}`.trim());
  }
  return {
    arms: shown.arms.map((arm) => ({
      shown: arm,
      summary: report.arms.find((summary) => same(summary.arm, arm.arm))!,
      comparison: report.comparisons.find(({ other }) => same(other, arm.arm)) ?? null,
      overlapping: arm.runs.filter(({ facts }) => facts.overlap_ms > 0).length,
      labels: labelsOf(arm),
    })),
    notes: [...notes, ...report.notes],
  };
}

function labelsOf({ runs }: ShownArm): ArmFigures["labels"] {
  const groups = Map.groupBy(runs, (run) => run.trust.trust_label);
  return [...groups].map(([label, own]) => [label, own.length] as const)
    .sort((a, b) => b[1] - a[1]);
}

function same(a: Arm, b: Arm): boolean {
  return a.mode === b.mode && a.config_hash === b.config_hash && a.timing === b.timing &&
    a.backend === b.backend && a.model === b.model;
}
