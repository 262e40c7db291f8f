import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { runToEnd } from "../../lib/runtime/process.ts";
import { listFiles } from "../../scripts/gate/files.ts";
import { assert, test } from "../kit.ts";
import { fencesOf } from "./fences.ts";

/** Where examples stand: pages, and docstrings of the library. */
async function filesWithExamples(): Promise<{ file: string; marks: string[] }[]> {
  const files = await listFiles(resolve("."), [".md", ".ts", ".tsx"]);
  const found: { file: string; marks: string[] }[] = [];
  for (const file of files.filter((file) => file.endsWith(".md") || /^(lib\/|mod\.)/.test(file))) {
    const text = await readFile(file, "utf8");
    const marks = file.endsWith(".md")
      ? fencesOf(text).map(({ info }) => info)
      : [...text.matchAll(/^\s*\* ```(\S.*)$/gm)].map(([, info]) => info!.trim());
    const code = marks.filter((info) => /^(?:[jt]sx?|typescript|javascript)\b/.test(info));
    if (code.length > 0) found.push({ file, marks: code });
  }
  return found;
}

const examples = await filesWithExamples();

test("docs: every example is run, none is marked otherwise", () => {
  const odd = examples.flatMap(({ file, marks }) =>
    marks.filter((info) => info !== "ts").map((info) => `${file}: ${info}`)
  );
  assert.deepEqual(odd, [], "what cannot run here can stand in a function that is not called");
  const names = examples.map(({ file }) => file);
  for (const known of ["mod.ts", "docs/testing.md", "lib/testing/mod.ts"]) {
    assert.ok(names.includes(known), `${known} has no example: is it found?`);
  }
});

test("docs: every example type-checks and runs", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rrm-docs-"));
  try {
    await symlink(resolve("benchmarks"), join(folder, "benchmarks"));
    const files = examples.map(({ file }) => resolve(file));
    const flags = [
      "-A",
      "--quiet",
      "--doc",
      "--parallel",
      "--no-lock",
      "--config",
      resolve("deno.json"),
    ];
    const { code, stdout, stderr } = await runToEnd({
      command: [process.execPath, "test", ...flags, ...files],
      cwd: folder,
      env: { NO_COLOR: "1" },
      signal: AbortSignal.timeout(240_000),
    });
    assert.equal(code, 0, stdout + stderr);
    const blocks = examples.reduce((sum, { marks }) => sum + marks.length, 0);
    assert.match(stdout, new RegExp(`ok \\| ${blocks} passed`));
  } finally {
    await rm(folder, { recursive: true });
  }
});
