import { benchFlags } from "../../lib/cli/bench_flags.ts";
import { benchKeys, readBenchOptions } from "../../lib/cli/bench_options.ts";
import { keyName } from "../../lib/cli/flags.ts";
import { DEFAULTS } from "../../lib/bench/settings.ts";
import { assert, test } from "../kit.ts";
import { folder } from "./harness.ts";

const read = (flags: Record<string, unknown>) => readBenchOptions(["t.jsonl"], flags);

async function refusal(flags: Record<string, unknown>): Promise<string> {
  const error = await read(flags).then(() => null, (error: Error) => error);
  assert.equal(error?.name, "InputError");
  return error!.message;
}

test("bench options: every flag has a check and every check a flag", () => {
  const flags = benchFlags.map(({ flags }) => keyName(flags.split(" ")[0]!));
  assert.deepEqual(flags.filter((key) => key !== "config").sort(), [...benchKeys].sort());
});

test("bench options: the help's defaults are the bench's", () => {
  for (const { flags, fallback } of benchFlags) {
    const value = (DEFAULTS as Record<string, unknown>)[keyName(flags.split(" ")[0]!)];
    if (value !== undefined) assert.equal(fallback, String(value), flags);
  }
});

test("bench options: text becomes numbers, lists, shards and adapters", async () => {
  const options = await read({
    maxDepth: "2",
    temperature: "0.7",
    baseUrls: "http://a/v1, http://b/v1,",
    shard: "2/4",
    lora: "planner=a.gguf,worker=b=c.gguf",
    vllmThinking: "512",
    vllmGraphThinking: "off",
    modeOptions: '{"k": 3}',
    overwrite: true,
  });
  assert.deepEqual(options, {
    tasks: ["t.jsonl"],
    maxDepth: 2,
    temperature: 0.7,
    baseUrls: ["http://a/v1", "http://b/v1"],
    shard: { index: 2, count: 4 },
    lora: { planner: "a.gguf", worker: "b=c.gguf" },
    vllmThinking: 512,
    vllmGraphThinking: "off",
    modeOptions: { k: 3 },
    overwrite: true,
  });
});

test("bench options: wrong values are named, all at once, with the nearest right one", async () => {
  const message = await refusal({
    backend: "vlm",
    maxDepth: "-1",
    maxRounds: "two",
    topP: "0",
    shard: "5/4",
    constrain: "gramar",
    lora: "panner=x.gguf",
  });
  for (
    const part of [
      "--backend vlm: is unknown. Did you mean vllm?",
      "--max-depth -1: must be at least 0",
      "--max-rounds two: is no number",
      "--top-p 0: must be above 0, at most 1",
      "--shard 5/4: must lie between 1/N and N/N",
      "--constrain gramar: is unknown. Did you mean grammar?",
      "Did you mean planner=…?",
    ]
  ) assert.ok(message.includes(part), `${part}\n--- not in ---\n${message}`);
});

test("bench options: what is planned is refused by name, not unknown", async () => {
  for (
    const flags of [
      { backend: "responses" },
      { backend: "hf-kv" },
      { backend: "replay" },
      { hedge: "auto" },
      { router: "prefix" },
      { record: "x" },
      { replay: "x" },
      { subModel: "m" },
    ]
  ) assert.match(await refusal(flags), /is not in this version/, JSON.stringify(flags));
});

test("bench options: numbers that overflow or are no numbers are refused", async () => {
  for (const limit of ["1e999", "NaN", "0x10", "1.5", "", "9007199254740993"]) {
    assert.match(await refusal({ limit }), /--limit/, limit);
  }
});

test("bench options: dollars need prices", async () => {
  assert.match(await refusal({ maxUsd: "1" }), /needs --prices/);
});

test("bench options: a configuration file, with flags on top of it", async () => {
  await using dir = await folder();
  const config = await dir.write(
    "c.json",
    JSON.stringify({ "max-depth": 3, modes: ["direct"], maxRounds: 2, tasks: ["from_file.jsonl"] }),
  );
  assert.deepEqual(await readBenchOptions([], { config, maxRounds: "5" }), {
    tasks: ["from_file.jsonl"],
    maxDepth: 3,
    modes: ["direct"],
    maxRounds: 5,
  });
  const typo = await dir.write("t.json", `{"max-deph": 3}`);
  const error = await readBenchOptions(["t"], { config: typo }).then(() => null, (e) => e);
  assert.match(`${error?.message} ${error?.hint}`, /max-deph.*Did you mean "max-depth"/);
  for (const text of ["[1]", "{", "3"]) {
    assert.match(await refusal({ config: await dir.write("bad.json", text) }), /--config/);
  }
  assert.match(await refusal({ config: `${dir.path}/none.json` }), /none\.json/);
});
