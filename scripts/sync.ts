/**
 * Writes the libraries of `lib/deps` and `tests/deps.ts` into `package.json` and `tsconfig.json` (`deno task sync`).
 * @module
 */
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { dependenciesOf, pathsOf, readPins, readTestPins } from "./gate/npm.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pins = await readPins(root);
const testPins = await readTestPins(root);

async function rewrite(
  name: string,
  change: (json: Record<string, Record<string, unknown>>) => void,
) {
  const path = join(root, name);
  const json = JSON.parse(await readFile(path, "utf8"));
  change(json);
  await writeFile(path, JSON.stringify(json, null, 2) + "\n");
}

await rewrite("package.json", (json) => {
  json.dependencies = dependenciesOf(pins);
  json.devDependencies = dependenciesOf(testPins);
});
await rewrite(
  "tsconfig.json",
  (json) => json.compilerOptions!.paths = pathsOf([...pins, ...testPins]),
);
console.log([...pins, ...testPins].map(({ name, version }) => `${name} ${version}`).join("\n"));
