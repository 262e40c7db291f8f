/**
 * Lines of a text file, streamed: what task files and row files are read with.
 * @module
 */
import { Buffer } from "node:buffer";
import { type FileHandle, open, stat } from "node:fs/promises";
import { InputError, messageOf } from "../errors.ts";

/** One line of a file. */
export interface FileLine {
  /** Counted from 1. */
  readonly number: number;
  /** Without its line end (LF or CRLF) and byte-order mark; `null` if it cannot be read as text. */
  readonly text: string | null;
  /** Why `text` is `null`. */
  readonly reason: string | null;
  /** A line end follows; false only for a last line that lacks one. */
  readonly ended: boolean;
}

/** Options of {@linkcode readLines}. */
export interface ReadLinesOptions {
  /** Bytes; a longer line is skipped with a reason. Default 256 MiB. */
  readonly maxLineBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

const chunkBytes = 64 * 1024;

/**
 * Streams the lines of a file, blank ones included, holding no more than one line in memory.
 * @throws {InputError} `file-missing`, `file-is-folder`, `file-unreadable`.
 */
export async function* readLines(
  path: string,
  options: ReadLinesOptions = {},
): AsyncGenerator<FileLine> {
  const max = options.maxLineBytes ?? 256 * 1024 * 1024;
  const file = await openFile(path);
  try {
    let parts: Uint8Array[] = [];
    let length = 0;
    let number = 0;
    const take = (piece: Uint8Array) => {
      // Of an overlong line the length is counted but the bytes are let go.
      if (length + piece.length <= max) parts.push(piece);
      else parts = [];
      length += piece.length;
    };
    const finish = (ended: boolean): FileLine => {
      number++;
      const line = length > max
        ? { text: null, reason: `longer than ${max} bytes` }
        : decode(Buffer.concat(parts, length), number === 1);
      parts = [];
      length = 0;
      return { number, ...line, ended };
    };
    while (true) {
      options.signal?.throwIfAborted();
      const buffer = new Uint8Array(chunkBytes);
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, null);
      if (bytesRead === 0) break;
      let from = 0;
      while (true) {
        const end = buffer.subarray(0, bytesRead).indexOf(0x0a, from);
        if (end < 0) break;
        take(buffer.subarray(from, end));
        from = end + 1;
        yield finish(true);
      }
      if (from < bytesRead) take(buffer.subarray(from, bytesRead));
    }
    if (length > 0) yield finish(false);
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    if ((await stat(path)).isDirectory()) {
      throw new InputError("file-is-folder", `${path} is a folder, a JSONL file is needed`);
    }
    return await open(path, "r");
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = (error as { code?: string }).code;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new InputError("file-missing", `${path} does not exist`, { cause: error });
    }
    throw new InputError("file-unreadable", `${path} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function decode(bytes: Uint8Array, first: boolean): { text: string | null; reason: string | null } {
  let end = bytes.length;
  if (end > 0 && bytes[end - 1] === 0x0d) end--;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes.subarray(0, end));
    return { text: first && text.startsWith("\uFEFF") ? text.slice(1) : text, reason: null };
  } catch {
    return { text: null, reason: "not UTF-8 text" };
  }
}
