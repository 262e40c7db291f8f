/**
 * Arms: rows that ran under one mode and one configuration.
 * @module
 */
import type { Row } from "../records/row_types.ts";
import type { RowFacts } from "./facts.ts";

/** What the rows of an arm share. Rows of another `timing` are another arm. */
export interface Arm {
  /** The mode; where it has several arms, with its recombiner or the start of its `config_hash`. */
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

/** The baseline first, then the headline, what was given its plan last; others as they appear. */
const places: Readonly<Record<string, number>> = {
  direct: 0,
  streaming_parallel: 1,
  oracle_parallel: 3,
};
const otherPlace = 2;

/** Groups rows by arm: `direct` first, then `streaming_parallel`, then others as they appear. */
export function groupByArm(rows: readonly RowFacts[]): ArmRows[] {
  const groups = [...Map.groupBy(rows, keyOf).values()];
  const ofMode = Map.groupBy(groups.map((own) => own[0]!), modeKey);
  return groups
    .map((own) => {
      const { mode, config_hash, timing, backend, model, prompt_style, recombiner } = own[0]!;
      const name = mode + suffix(own[0]!, ofMode.get(modeKey(own[0]!))!);
      const arm = { name, mode, config_hash, timing, backend, model, prompt_style, recombiner };
      return { arm, rows: own };
    })
    .sort((a, b) => placeOf(a.arm.mode) - placeOf(b.arm.mode));
}

/** What tells an arm from others of its mode: its recombiner where that is enough, else its hash. */
function suffix(own: RowFacts, all: readonly RowFacts[]): string {
  if (all.length === 1) return "";
  const recombiners = new Set(all.map((facts) => facts.recombiner));
  return recombiners.size === all.length
    ? ` (${own.recombiner})`
    : `@${own.config_hash.slice(0, 8)}`;
}

function placeOf(mode: string): number {
  return places[mode] ?? otherPlace;
}

function modeKey({ mode, timing }: RowFacts): string {
  return `${mode} ${timing}`;
}

function keyOf({ mode, config_hash, timing, backend, model }: RowFacts): string {
  return JSON.stringify([mode, config_hash, timing, backend, model]);
}
