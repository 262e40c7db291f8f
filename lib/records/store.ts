/**
 * Row files: JSONL that survives a kill at any moment.
 * @module
 */
import { type FileHandle, mkdir, open, realpath, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { InputError, messageOf, RrmError } from "../errors.ts";
import { readLines } from "./lines.ts";
import { parseRow } from "./row.ts";
import type { Row } from "./row_types.ts";

/** Appends rows to a file. */
export interface RowWriter extends AsyncDisposable {
  /** Resolves when the row is on disk. Writes take turns. */
  write(row: Row): Promise<void>;
}

/**
 * Opens a row file for appending; it and its folders are made if they do not exist.
 * @throws {InputError} `out-file` if the file cannot be written; by `write`, {@linkcode RrmError}
 * `out-file` if the disk is full or gone: the file then ends with the last whole row.
 */
export async function openRowWriter(
  path: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<RowWriter> {
  options.signal?.throwIfAborted();
  const file = await openForWriting(path, "a");
  let last: Promise<unknown> = Promise.resolve();
  return {
    write(row) {
      const line = `${JSON.stringify(row)}\n`;
      const written = last.then(() => append(file, path, line));
      last = written.catch(() => {});
      return written;
    },
    async [Symbol.asyncDispose]() {
      await last;
      await file.close();
    },
  };
}

/** A line of a row file that is no row. */
export interface RowFileProblem {
  /** Path as it was given. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** What is wrong with the line, in a phrase. */
  readonly reason: string;
  /** `torn`: a row cut off in writing. `foreign`: no row of ours. `schema`: a row not readable. */
  readonly kind: "torn" | "foreign" | "schema";
}

/** What a line of a row file holds. */
export type RowItem = { readonly row: Row } | { readonly problem: RowFileProblem };

/**
 * Streams the rows of files, one in memory at a time; whatever is no row is told as a problem.
 * @throws {InputError} `file-missing`, `file-is-folder`, `file-unreadable`.
 */
export async function* readRows(
  paths: string | readonly string[],
  options: { readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<RowItem> {
  for (const path of typeof paths === "string" ? [paths] : paths) {
    for await (const { item } of readRowLines(path, options.signal)) yield item;
  }
}

/** Rows without doubles: of one `row_id` the newest stays, in the place of the first. */
export function dedupeRows<R extends Pick<Row, "row_id" | "started_at">>(
  rows: Iterable<R>,
): { readonly rows: R[]; readonly warnings: string[] } {
  const newest = new Map<string, R>();
  const doubled = new Set<string>();
  for (const row of rows) {
    const other = newest.get(row.row_id);
    if (other) doubled.add(row.row_id);
    if (!other || row.started_at >= other.started_at) newest.set(row.row_id, row);
  }
  const ids = [...doubled];
  const warning = `${ids.length} rows stand more than once; the newest of each is used: ` +
    ids.slice(0, 3).join(", ") + (ids.length > 3 ? ", …" : "");
  return { rows: [...newest.values()], warnings: ids.length ? [warning] : [] };
}

/**
 * Writes a row file anew with only the rows that `keep` accepts, each line as it was; a torn line
 * goes, other foreign lines stay. The file is replaced at once and whole, or not at all.
 * @throws {InputError} `out-file` if it cannot be written.
 */
export async function rewriteAtomically(
  path: string,
  keep: (row: Row) => boolean,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<{ readonly kept: number; readonly dropped: number }> {
  const target = await realpath(path);
  const temporary = `${target}.tmp-${process.pid}`;
  let kept = 0;
  let dropped = 0;
  try {
    const file = await openForWriting(temporary, "w");
    try {
      for await (const { text, item } of readRowLines(target, options.signal)) {
        const stays = "row" in item ? keep(item.row) : item.problem.kind !== "torn";
        if ("row" in item) stays ? kept++ : dropped++;
        if (stays && text !== null) await file.appendFile(`${text}\n`);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return { kept, dropped };
}

/** A line of a row file, and its text as it stands. */
export interface RowLine {
  readonly text: string | null;
  readonly item: RowItem;
  /** False for a last line without a line end. */
  readonly ended: boolean;
}

/** {@linkcode readRows} of one file, with the text of each line; blank lines are skipped. */
export async function* readRowLines(
  path: string,
  signal?: AbortSignal | undefined,
): AsyncGenerator<RowLine> {
  for await (const { number, text, reason, ended } of readLines(path, { signal })) {
    if (text?.trim() === "") continue;
    const found = text === null
      ? { kind: "foreign" as const, reason: reason! }
      : parseLine(text, ended);
    const item = "row" in found ? found : { problem: { file: path, line: number, ...found } };
    yield { text, item, ended };
  }
}

function parseLine(
  text: string,
  ended: boolean,
): ReturnType<typeof parseRow> | Pick<RowFileProblem, "kind" | "reason"> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text.startsWith('{"') || (text === "{" && !ended)
      ? { kind: "torn", reason: "cut off in the middle" }
      : { kind: "foreign", reason: `not JSON: ${JSON.stringify(text.slice(0, 40))}` };
  }
  return parseRow(value);
}

async function append(file: FileHandle, path: string, line: string): Promise<void> {
  const { size } = await file.stat();
  try {
    await file.appendFile(line);
    await file.datasync();
  } catch (error) {
    // What was written of the row would join with the next one.
    await file.truncate(size).catch(() => {});
    throw outError(path, error, RrmError);
  }
}

async function openForWriting(path: string, flags: "a" | "w"): Promise<FileHandle> {
  try {
    await mkdir(dirname(path), { recursive: true });
    return await open(path, flags);
  } catch (error) {
    throw outError(path, error, InputError);
  }
}

const causes: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the disk is read-only",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is a file",
  EEXIST: "a part of its path is a file",
  ENOSPC: "no space is left on the disk",
  EDQUOT: "the disk quota is used up",
};

function outError(path: string, error: unknown, kind: typeof RrmError): RrmError {
  const code = (error as { code?: string }).code ?? "";
  const why = causes[code] ?? messageOf(error);
  return new kind("out-file", `${path} cannot be written: ${why}`, {
    cause: error,
    hint: "Name another file with --out.",
  });
}
