/**
 * Joins row files into one.
 * @module
 */
import { rename, rm, stat } from "node:fs/promises";
import process from "node:process";
import { InputError } from "../errors.ts";
import { diffConfig } from "../records/resume.ts";
import type { Row } from "../records/row_types.ts";
import { dedupeRows, openRowWriter, readRows } from "../records/store.ts";

/** Options of {@linkcode mergeRowFiles}. */
export interface MergeOptions {
  /** Several configurations of a mode may stand in one file. */
  readonly append: boolean;
  readonly overwrite: boolean;
}

/** What was merged. */
export interface Merged {
  readonly rows: number;
  /** Older rows of a `row_id` that were left out. */
  readonly doubled: number;
  readonly tasks: number;
  readonly arms: number;
}

/**
 * Joins row files; `out` appears whole or not at all.
 *
 * @throws {InputError} for lines that are no rows, for a mode under several configurations, and
 * for an `out` that exists.
 */
export async function mergeRowFiles(
  out: string,
  paths: readonly string[],
  options: MergeOptions,
): Promise<Merged> {
  if (!options.overwrite && await stat(out).then(() => true, () => false)) {
    throw new InputError("merge", `${out} exists`, {
      hint: "Name a new file, or give --overwrite. The first file named is the one written.",
    });
  }
  // First all is checked, keeping only what identifies rows; then the rows are copied one by one.
  const keys: Key[] = [];
  for await (const row of rowsOf(paths)) {
    const { row_id, started_at, task_id, mode, config_hash, config } = row;
    keys.push({ row_id, started_at, task_id, mode, config_hash, config });
  }
  if (keys.length === 0) throw new InputError("merge", `No row in ${paths.join(", ")}`);
  if (!options.append) refuseSecondArm(keys);
  const { rows: chosen } = dedupeRows(keys);
  const wanted = new Map(chosen.map((key) => [key.row_id, key.started_at]));
  const temporary = `${out}.tmp-${process.pid}`;
  try {
    await using writer = await openRowWriter(temporary);
    for await (const row of rowsOf(paths)) {
      if (wanted.get(row.row_id) !== row.started_at) continue;
      wanted.delete(row.row_id);
      await writer.write(row);
    }
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await rename(temporary, out);
  return {
    rows: chosen.length,
    doubled: keys.length - chosen.length,
    tasks: new Set(chosen.map((key) => key.task_id)).size,
    arms: new Set(chosen.map((key) => JSON.stringify([key.mode, key.config_hash]))).size,
  };
}

type Key = Pick<Row, "row_id" | "started_at" | "task_id" | "mode" | "config_hash" | "config">;

async function* rowsOf(paths: readonly string[]): AsyncGenerator<Row> {
  for await (const item of readRows(paths)) {
    if ("row" in item) {
      yield item.row;
      continue;
    }
    const { file, line, reason } = item.problem;
    throw new InputError("merge", `${file}:${line}: ${reason}`, {
      hint: "Merging would lose this line. A bench that goes on cuts off its torn last line.",
    });
  }
}

function refuseSecondArm(keys: readonly Key[]): void {
  const first = new Map<string, Key>();
  for (const key of keys) {
    const other = first.get(key.mode);
    if (!other) first.set(key.mode, key);
    else if (other.config_hash !== key.config_hash) {
      const differences = diffConfig(other.config, key.config).join("; ") || "config_hash";
      throw new InputError("merge", `The mode ${key.mode} was run differently: ${differences}`, {
        hint: "Shards of one bench agree; give --append to keep both arms.",
      });
    }
  }
}
