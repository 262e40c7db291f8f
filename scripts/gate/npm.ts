/**
 * What `package.json` and `tsconfig.json` must say so that Bun finds what `lib/deps` names.
 * @module
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { listFiles } from "./files.ts";

/** One pinned library. */
export interface Pin {
  readonly name: string;
  readonly version: string;
}

/** The libraries named in `lib/deps`, each once; a range or a second version is an error. */
export async function readPins(root: string): Promise<Pin[]> {
  const files = await listFiles(join(root, "lib/deps"), [".ts", ".tsx"]);
  return await readPinsOf(root, files.map((file) => `lib/deps/${file}`));
}

/** The libraries that only tests use: those named in `tests/deps.ts`. */
export function readTestPins(root: string): Promise<Pin[]> {
  return readPinsOf(root, ["tests/deps.ts"]);
}

async function readPinsOf(root: string, files: readonly string[]): Promise<Pin[]> {
  const pins = new Map<string, Pin>();
  for (const file of files) {
    const text = await readFile(join(root, file), "utf8");
    for (const [specifier] of text.matchAll(/(?<=["' ])npm:[^"'\s)]+/g)) {
      const match = /^npm:((?:@[\w.-]+\/)?[\w.-]+)@(\d+\.\d+\.\d+[\w.-]*)(?:\/.*)?$/.exec(
        specifier,
      );
      if (!match) throw new Error(`${file}: ${specifier} names no exact version`);
      const pin = { name: match[1]!, version: match[2]! };
      const other = pins.get(pin.name);
      if (other && other.version !== pin.version) {
        throw new Error(`${file}: ${specifier}, and elsewhere ${other.version}`);
      }
      pins.set(pin.name, pin);
    }
  }
  return [...pins.values()].sort((a, b) => a.name < b.name ? -1 : 1);
}

/** As `package.json` lists them. */
export function dependenciesOf(pins: readonly Pin[]): Record<string, string> {
  return Object.fromEntries(pins.map(({ name, version }) => [name, version]));
}

/** The `paths` of `tsconfig.json`: each specifier, and what lies below it. */
export function pathsOf(pins: readonly Pin[]): Record<string, string[]> {
  return Object.fromEntries(pins.flatMap(({ name, version }) => [
    [`npm:${name}@${version}`, [`./node_modules/${name}`]],
    [`npm:${name}@${version}/*`, [`./node_modules/${name}/*`]],
  ]));
}
