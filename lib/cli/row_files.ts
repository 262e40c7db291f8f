/**
 * Row files as given on the command line: rows streamed, and what is no row told.
 * @module
 */
import { InputError } from "../errors.ts";
import type { Row } from "../records/row_types.ts";
import { dedupeRows, readRows, type RowFileProblem } from "../records/store.ts";
import { note, printable } from "./terminal.ts";

/** Options of {@linkcode streamRowFiles}. */
export interface RowFilesOptions {
  /** Does not tell of lines that are no rows. */
  readonly quiet: boolean;
}

const told = 5;

/**
 * Streams the rows of files; lines that are none are skipped and told.
 *
 * @throws {InputError} when a file cannot be read, or when no file holds a row.
 */
export async function* streamRowFiles(
  paths: readonly string[],
  { quiet }: RowFilesOptions,
): AsyncGenerator<Row> {
  let rows = 0;
  const problems: RowFileProblem[] = [];
  for await (const item of readRows(paths)) {
    if ("row" in item) {
      rows++;
      yield item.row;
    } else problems.push(item.problem);
  }
  const lines = problems.slice(0, told)
    .map(({ file, line, kind, reason }) => `${file}:${line}: skipped (${kind}): ${reason}`);
  if (problems.length > told) lines.push(`and ${problems.length - told} more lines skipped`);
  if (rows === 0) throw noRows(paths, lines);
  if (!quiet && lines.length > 0) await note(printable(lines.join("\n")));
}

function noRows(paths: readonly string[], lines: readonly string[]): InputError {
  const message = [`No row in ${paths.join(", ")}`, ...lines].join("\n");
  return new InputError("rows", message, { hint: "Name files that `rrm bench` has written." });
}

/** Reads all rows; of rows with one `row_id` the newest stays. */
export async function readRowFiles(
  paths: readonly string[],
  options: RowFilesOptions,
): Promise<Row[]> {
  const { rows, warnings } = dedupeRows(await Array.fromAsync(streamRowFiles(paths, options)));
  if (!options.quiet) { for (const warning of warnings) await note(printable(warning)); }
  return rows;
}
