/**
 * Takes one file out of a zip archive, in a stream: as much memory for a gigabyte as for a byte.
 * Format: APPNOTE.TXT of PKWARE, without Zip64 (archives up to 4 GB).
 * @module
 */
import { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createInflateRaw } from "node:zlib";
import { InputError } from "../../errors.ts";

interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where its local header begins. */
  readonly offset: number;
}

/** A file of an archive. */
export interface ZipFile {
  readonly name: string;
  readonly size: number;
  readonly stream: Readable;
}

/**
 * Opens the first file whose name `wanted` accepts.
 * @throws {InputError} `zip` when `path` is no archive, has no such file, or packs it in another way.
 */
export async function openZipped(
  path: string,
  wanted: (name: string) => boolean,
): Promise<ZipFile> {
  const file = await open(path);
  try {
    const entry = (await directory(file, path)).find(({ name }) => wanted(name));
    if (!entry) throw new InputError("zip", `${path} does not hold the file that is looked for.`);
    if (entry.method !== 0 && entry.method !== 8) {
      throw new InputError("zip", `${path}: ${entry.name} is packed by method ${entry.method}.`);
    }
    const local = await read(file, entry.offset, 30);
    const start = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
    const packed = createReadStream(path, { start, end: start + entry.packedSize - 1 });
    if (entry.method === 0) return { ...entry, stream: packed };
    const stream = createInflateRaw();
    packed.on("error", (error) => stream.destroy(error));
    return { ...entry, stream: packed.pipe(stream) };
  } finally {
    await file.close();
  }
}

async function directory(file: FileHandle, path: string): Promise<ZipEntry[]> {
  const { size } = await file.stat();
  // The end record: 22 bytes, and a comment of up to 65,535.
  const tail = await read(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
  const end = tail.lastIndexOf("PK\x05\x06", undefined, "latin1");
  if (end < 0) throw new InputError("zip", `${path} is not a zip archive.`);
  const bytes = await read(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= bytes.length;) {
    const nameLength = bytes.readUInt16LE(at + 28);
    entries.push({
      name: bytes.toString("utf8", at + 46, at + 46 + nameLength),
      method: bytes.readUInt16LE(at + 10),
      packedSize: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  await file.read(buffer, 0, length, position);
  return buffer;
}
