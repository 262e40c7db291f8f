/**
 * Direct rows beside the rows of another arm, task by task.
 * @module
 */
import { InputError } from "../errors.ts";
import { type Arm, type ArmRows, groupByArm } from "./arms.ts";
import type { RowFacts } from "./facts.ts";

/** One task under both arms. */
export interface Pair {
  /** The task. */
  readonly task_id: string;
  /** `null`: the arms repeat the task differently often, and all repeats stand together. */
  readonly repeat: number | null;
  /** One row, or all repeats. */
  readonly direct: readonly RowFacts[];
  /** One row, or all repeats. */
  readonly other: readonly RowFacts[];
}

/** Two arms of one backend, model and timing, paired. */
export interface Pairing {
  /** The direct arm. */
  readonly direct: Arm;
  /** The arm paired with it. */
  readonly other: Arm;
  /** In the order of the other arm's rows. */
  readonly pairs: readonly Pair[];
  /** Rows of tasks that only one of the arms has. */
  readonly unpaired: { readonly direct: readonly RowFacts[]; readonly other: readonly RowFacts[] };
}

/** Options of {@linkcode pairRows}. */
export interface PairOptions {
  /** The `config_hash` of the direct arm to compare with, or its beginning. */
  readonly directConfig?: string;
}

/**
 * Pairs every arm with the direct arm of its backend, model and timing: by task and repeat, or by
 * task over its repeats where the arms repeat it differently. Arms without a direct one are left
 * out.
 *
 * @throws {InputError} when several direct arms fit, or none has the `directConfig` asked for.
 */
export function pairRows(rows: readonly RowFacts[], { directConfig }: PairOptions = {}): Pairing[] {
  const arms = groupByArm(rows);
  const directs = arms.filter(({ arm }) => arm.mode === "direct");
  const chosen = directs.filter(({ arm }) => arm.config_hash.startsWith(directConfig ?? ""));
  if (directConfig !== undefined && chosen.length === 0) {
    throw new InputError("direct-config", `No direct rows have the config_hash "${directConfig}"`, {
      hint: directs.length === 0
        ? "The rows hold no direct arm: run the bench with --modes direct,…"
        : `There are: ${list(directs)}.`,
    });
  }
  return arms.flatMap((other) => {
    if (other.arm.mode === "direct") return [];
    const fitting = chosen.filter(({ arm }) =>
      arm.backend === other.arm.backend && arm.model === other.arm.model &&
      arm.timing === other.arm.timing
    );
    if (fitting.length > 1) {
      throw new InputError(
        "direct-config",
        `${fitting.length} direct arms could be compared with ${other.arm.name}: ${list(fitting)}`,
        { hint: "Choose one with --direct-config HASH." },
      );
    }
    return fitting.map((direct) => pairArms(direct, other));
  });
}

function pairArms(direct: ArmRows, other: ArmRows): Pairing {
  const directTasks = Map.groupBy(direct.rows, (row) => row.task_id);
  const otherTasks = Map.groupBy(other.rows, (row) => row.task_id);
  return {
    direct: direct.arm,
    other: other.arm,
    pairs: [...otherTasks].flatMap(([task, rows]) => {
      const beside = directTasks.get(task);
      return beside ? pairTask(task, beside, rows) : [];
    }),
    unpaired: {
      direct: direct.rows.filter((row) => !otherTasks.has(row.task_id)),
      other: other.rows.filter((row) => !directTasks.has(row.task_id)),
    },
  };
}

function pairTask(task_id: string, direct: RowFacts[], other: RowFacts[]): Pair[] {
  const byRepeat = new Map(direct.map((row) => [row.repeat, row]));
  const alike = direct.length === other.length && other.every((row) => byRepeat.has(row.repeat));
  if (!alike) return [{ task_id, repeat: null, direct, other }];
  return other.map((row) => ({
    task_id,
    repeat: row.repeat,
    direct: [byRepeat.get(row.repeat)!],
    other: [row],
  }));
}

function list(arms: readonly ArmRows[]): string {
  return arms
    .map(({ arm, rows }) => `${arm.config_hash} (${arm.model}, ${arm.timing}, ${rows.length} rows)`)
    .join(", ");
}
