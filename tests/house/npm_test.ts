import { readFile } from "node:fs/promises";
import { listFiles } from "../../scripts/gate/files.ts";
import { dependenciesOf, pathsOf, readPins, readTestPins } from "../../scripts/gate/npm.ts";
import { assert, test } from "../kit.ts";

const advice = "run `deno task sync`";
const json = async (name: string) => JSON.parse(await readFile(name, "utf8"));

test("npm: package.json and tsconfig.json say what lib/deps says", async () => {
  const pins = await readPins(".");
  assert.ok(pins.some(({ name }) => name === "zod"));
  const testPins = await readTestPins(".");
  const { dependencies, devDependencies } = await json("package.json");
  assert.deepEqual(dependencies, dependenciesOf(pins), advice);
  assert.deepEqual(devDependencies, dependenciesOf(testPins), advice);
  const { paths } = (await json("tsconfig.json")).compilerOptions;
  assert.deepEqual(paths, pathsOf([...pins, ...testPins]), advice);
});

test("npm: JSX comes from the preact that lib/deps pins", async () => {
  const pin = (await readPins(".")).find(({ name }) => name === "preact");
  const source = (await json("deno.json")).compilerOptions.jsxImportSource;
  assert.equal(source, `npm:preact@${pin?.version}`);
  for (const file of await listFiles(".", [".tsx"])) {
    const first = (await readFile(file, "utf8")).split("\n", 1)[0];
    assert.equal(first, `/** @jsxImportSource ${source} */`, file);
  }
});

test("npm: deno.json and package.json agree on name, version and exports", async () => {
  const [deno, npm] = [await json("deno.json"), await json("package.json")];
  assert.deepEqual([npm.version, npm.license, npm.exports], [
    deno.version,
    deno.license,
    deno.exports,
  ]);
  const { VERSION } = await import("../../lib/version.ts");
  assert.equal(VERSION, deno.version);
});

test("npm: nothing is run when packages are installed", async () => {
  assert.equal((await json("package.json")).scripts, undefined);
});
