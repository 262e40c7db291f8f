import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { virtualClock } from "../../lib/clock.ts";
import { InputError } from "../../lib/errors.ts";
import { loadScript, scriptedBackend } from "../../lib/model/scripted.ts";
import { assert, test } from "../kit.ts";
import { attempt, hear } from "./scripted_kit.ts";

async function withFile(text: string, use: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "rrm-script-"));
  try {
    const path = join(folder, "script.json");
    await writeFile(path, text);
    await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const rules = [
  { role: "planner", text: "a plan" },
  { match: "capital of\\s+france", text: "FINAL: Paris", prefillMs: 40, tokensPerSecond: 100 },
  { match: "fail", error: { code: "http", status: 503 } },
  { match: "slow", chunks: ["a", "b"], delaysMs: [10, 20] },
];

test("script file: the first rule that fits replies", async () => {
  await withFile(JSON.stringify(rules), async (path) => {
    const clock = virtualClock();
    await using backend = scriptedBackend(await loadScript(path), { clock });
    const ask = (prompt: string, role = "direct") =>
      hear(backend.open().generate(attempt(prompt, { role })));
    assert.equal((await ask("Capital of France?")).text, "FINAL: Paris");
    assert.equal((await ask("Capital of France?", "planner")).text, "a plan");
    assert.match(String((await ask("please fail")).error), /scripted failure \(http\)/);
    const before = clock.now();
    assert.equal((await ask("slow")).text, "ab");
    assert.equal(clock.now() - before, 30);
    assert.match(String((await ask("something else")).error), /no rule matches a direct call/);
  });
});

test("script file: what is wrong is said before anything runs", async () => {
  const cases: [string, RegExp][] = [
    ["{", /is not JSON/],
    ["{}", /is wrong/],
    ["[]", /is wrong/],
    [`[{"text":"a","mach":"b"}]`, /mach/],
    [`[{"text":5}]`, /text/],
    [`[{"text":"a"},{"match":"("}]`, /rule 2/],
  ];
  for (const [text, message] of cases) {
    await withFile(text, async (path) => {
      await assert.rejects(
        loadScript(path),
        (error) => error instanceof InputError && message.test(error.message),
      );
    });
  }
  await assert.rejects(loadScript("/nowhere/script.json"), /cannot be read/);
});
