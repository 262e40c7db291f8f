/**
 * The files that the gate looks at.
 * @module
 */
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";

const skipped = new Set([".git", ".cache", "node_modules", "coverage", "traces"]);

/** Paths below `root`, with `/`, sorted; those whose name ends with one of `endings`. */
export async function listFiles(root: string, endings: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  async function visit(folder: string): Promise<void> {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (skipped.has(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await visit(path);
      else if (endings.some((ending) => entry.name.endsWith(ending))) {
        found.push(relative(root, path).split(sep).join("/"));
      }
    }
  }
  await visit(root);
  return found.sort();
}
