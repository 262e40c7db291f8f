/**
 * Arms: rows that ran under one mode and one configuration.
 * @module
 */
import type { Row } from "../records/row_types.ts";
import type { RowFacts } from "./facts.ts";

/** What the rows of an arm share. Rows of another `timing` are another arm. */
export interface Arm {
  /** The mode; with the start of its `config_hash` where the mode has several. */
  readonly name: string;
  /** Name of the mode. */
  readonly mode: string;
  /** Names the settings that the rows share. */
  readonly config_hash: string;
  /** Kind of time. */
  readonly timing: Row["timing"];
  /** Kind of backend. */
  readonly backend: string;
  /** Name of the model. */
  readonly model: string;
  /** Name of the prompts. */
  readonly prompt_style: string;
  /** How conclusions are combined. */
  readonly recombiner: string;
}

/** An arm with its rows. */
export interface ArmRows {
  /** What the rows share. */
  readonly arm: Arm;
  /** In the order in which they were read. */
  readonly rows: readonly RowFacts[];
}

/** Groups rows by arm, in the order in which the arms appear; `direct` comes first. */
export function groupByArm(rows: readonly RowFacts[]): ArmRows[] {
  const groups = Map.groupBy(rows, keyOf);
  const configs = Map.groupBy(
    [...groups.values()].map((own) => own[0]!),
    ({ mode, timing }) => `${mode} ${timing}`,
  );
  return [...groups.values()]
    .map((own) => {
      const { mode, config_hash, timing, backend, model, prompt_style, recombiner } = own[0]!;
      const several = configs.get(`${mode} ${timing}`)!.length > 1;
      const name = several ? `${mode}@${config_hash.slice(0, 8)}` : mode;
      const arm = { name, mode, config_hash, timing, backend, model, prompt_style, recombiner };
      return { arm, rows: own };
    })
    .sort((a, b) => Number(b.arm.mode === "direct") - Number(a.arm.mode === "direct"));
}

function keyOf({ mode, config_hash, timing, backend, model }: RowFacts): string {
  return JSON.stringify([mode, config_hash, timing, backend, model]);
}
