/** `--strategy FILE.ts`: a mode of one's own. */
import { rename } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { checkRow } from "../../lib/analysis/check.ts";
import { hash } from "../../lib/hash.ts";
import { assert, test } from "../kit.ts";
import { bench, folder } from "./bench_kit.ts";
import { rrm } from "../cli/harness.ts";

/** Asks twice as children, under its own options, and says how often they agreed. */
const twice = `
import { direct } from ${JSON.stringify(pathToFileURL(resolve("mod.ts")).href)};

export default async function twice(node, { prompts, modeOptions }) {
  const tries = Array.from({ length: modeOptions.tries ?? 2 }, (_, i) =>
    node.spawn({ id: "try_" + i, task: node.task, strategy: (child) => direct(child, { prompts }) }));
  node.seal();
  const done = await node.join(tries);
  const texts = new Set(done.map(({ text }) => text));
  node.note("metrics", { agreed: texts.size === 1 ? 1 : 0 });
  return { text: done[0].text, concludedBy: "twice" };
}
`;

test("own strategy: adds a mode named after its file, beside those that exist", async () => {
  await using dir = await folder();
  const strategy = await dir.write("twice.ts", twice);
  const { all } = await bench(dir, { strategy, modes: ["direct", "twice"] });
  assert.deepEqual(all.map((row) => row.mode), Array(3).fill(["direct", "twice"]).flat());
  const [direct, own] = all;
  assert.equal(own!.status, "ok");
  assert.equal(own!.correct, true);
  assert.equal(own!.model_calls, 2);
  assert.deepEqual(own!.metrics, { agreed: 1 });
  assert.equal(own!.trust_label, "other_mode");
  assert.deepEqual([own!.graph_status, own!.child_count], ["none", 2]);
  assert.equal(own!.nodes[0]!.concluded_by, "twice");
  assert.deepEqual(checkRow(own!), []);
  assert.equal(own!.config.strategy, hash(twice));
  assert.equal("strategy" in direct!.config, false);
  assert.equal(direct!.config_hash, (await bench(dir, { overwrite: true })).all[0]!.config_hash);
});

test("own strategy: alone it is the only mode; its file and its options make the arm", async () => {
  await using dir = await folder();
  const strategy = await dir.write("twice.ts", twice);
  const out = join(dir.path, "own.jsonl");
  const file = await dir.write("script.json", '[{"text":"FINAL: 7"}]');
  const tasks = await dir.write("tasks.jsonl", [{ id: "t", task: "7?", answer: 7 }]);
  const args = ["bench", tasks, "--backend", "scripted", "--model", file, "--out", out];
  const first = await rrm([...args, "--strategy", strategy]);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stderr, /t twice: correct/);
  // A file that was moved is the same; one that was edited is not, and neither are other options.
  await rename(strategy, join(dir.path, "moved.ts"));
  await rename(join(dir.path, "moved.ts"), strategy);
  const again = await rrm([...args, "--strategy", strategy, "--json", "--quiet"]);
  assert.equal(JSON.parse(again.stdout).statuses.ok, 0);
  const more = await rrm([...args, "--strategy", strategy, "--mode-options", '{"tries":3}']);
  assert.equal(more.code, 2);
  assert.match(more.stderr, /mode_options\.tries: not set → 3/);
  await dir.write("twice.ts", twice + "// edited\n");
  const edited = await rrm([...args, "--strategy", strategy]);
  assert.equal(edited.code, 2);
  assert.match(edited.stderr, /strategy: "[0-9a-f]+" → "[0-9a-f]+"/);
});

test("own strategy: one that fails makes a row with its error, and the bench goes on", async () => {
  await using dir = await folder();
  const strategy = await dir.write(
    "brittle.ts",
    `export default async (node) => {
  if (node.task.includes("1")) throw new Error("cannot do 1");
  return "FINAL: 7";
};`,
  );
  const { all, statuses } = await bench(dir, { strategy, modes: ["brittle"] });
  assert.deepEqual([statuses.ok, statuses.error], [2, 1]);
  const failed = all[1]!;
  assert.match(failed.errors.join(), /cannot do 1/);
  assert.deepEqual([failed.trust_label, failed.correct], ["error", false]);
  for (const row of all) assert.deepEqual(checkRow(row), []);
});
