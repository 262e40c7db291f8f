import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkImports, refusal } from "../../scripts/gate/imports.ts";
import { assert, test } from "../kit.ts";

const to = (from: string, target: string) => refusal({ from, to: target, line: 1 });

test("imports: downwards and to the ground floor is fine", () => {
  for (
    const [from, target] of [
      ["lib/bench/mod.ts", "lib/kernel/mod.ts"],
      ["lib/kernel/tree.ts", "lib/model/types.ts"],
      ["lib/report/page.tsx", "lib/analysis/mod.ts"],
      ["lib/analysis/mod.ts", "lib/records/row_types.ts"],
      ["lib/model/pool.ts", "lib/clock.ts"],
      ["lib/model/chat/http.ts", "node:http"],
      ["lib/deps/zod.ts", "npm:zod@4.6.7"],
      ["lib/report/page.tsx", "npm:preact@10.29.2/jsx-runtime"],
      ["mod.ts", "lib/report/mod.ts"],
      ["tests/kernel/tree_test.ts", "lib/bench/mod.ts"],
    ] as const
  ) assert.equal(to(from, target), null, `${from} -> ${target}`);
});

test("imports: up, across, out and around lib/deps is refused", () => {
  for (
    const [from, target] of [
      ["lib/kernel/tree.ts", "lib/strategies/mod.ts"],
      ["lib/model/pool.ts", "lib/kernel/mod.ts"],
      ["lib/records/store.ts", "lib/analysis/mod.ts"],
      ["lib/report/page.tsx", "lib/bench/mod.ts"],
      ["lib/bench/mod.ts", "lib/analysis/mod.ts"],
      ["lib/bench/mod.ts", "lib/cli/main.ts"],
      ["lib/clock.ts", "lib/kernel/mod.ts"],
      ["lib/bench/mod.ts", "tests/kit.ts"],
      ["lib/parlour/mod.ts", "lib/clock.ts"],
      ["lib/kernel/tree.ts", "npm:zod@4.6.7"],
      ["lib/report/page.tsx", "npm:preact@10.29.2"],
      ["lib/prompts/mod.ts", "lib/strategies/mod.ts"],
      ["lib/analysis/mod.ts", "node:child_process"],
      ["lib/model/pool.ts", "https://example.org/mod.ts"],
      ["mod.ts", "lib/cli/main.ts"],
    ] as const
  ) assert.ok(to(from, target), `${from} -> ${target} must be refused`);
});

test("imports: a made-up upward arrow is found, with its line", async () => {
  const root = await mkdtemp(join(tmpdir(), "rrm-house-"));
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  try {
    await write("lib/bench/mod.ts", `import "../kernel/mod.ts";\nexport type Options = 1;\n`);
    await write("lib/kernel/mod.ts", `export const up = () => import("../strategies/a.ts");\n`);
    await write("lib/strategies/a.ts", `export const a = 1;\n`);
    await write(
      "lib/report/mod.ts",
      `export const b = 1;\nimport type { Options } from "../bench/mod.ts";\nexport type O = Options;\n`,
    );
    const problems = await checkImports(root);
    assert.equal(problems.length, 2, problems.join("\n"));
    assert.match(problems[0]!, /^lib\/kernel\/mod\.ts:1: imports lib\/strategies\/a\.ts: /);
    assert.match(problems[1]!, /^lib\/report\/mod\.ts:2: imports lib\/bench\/mod\.ts: /);
  } finally {
    await rm(root, { recursive: true });
  }
});
