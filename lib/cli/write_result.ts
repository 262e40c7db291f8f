/**
 * Files that a verb was asked to write.
 * @module
 */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { InputError, messageOf } from "../errors.ts";

/**
 * Writes a file, and the folders that it lies in.
 *
 * @throws {InputError} when it cannot be written.
 */
export async function writeResult(flag: string, path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    throw new InputError("output", `${flag} ${path} cannot be written: ${messageOf(error)}`, {
      hint: "Name a file in a folder that you may write to.",
    });
  }
}
