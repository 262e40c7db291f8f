import { assert, test } from "../kit.ts";
import { rrm } from "./harness.ts";

test("usage: --help lists all verbs and the exit codes, on stdout", async () => {
  const { code, stdout, stderr } = await rrm(["--help"]);
  assert.equal(code, 0);
  assert.equal(stderr, "");
  for (
    const verb of [
      "demo",
      "bench",
      "analyze",
      "render-demo",
      "doctor",
      "prompts",
      "strategies",
      "grade",
      "merge",
    ]
  ) assert.match(stdout, new RegExp(`^  ${verb}\\b`, "m"));
  assert.match(stdout, /130 interrupted/);
});

test("usage: --version", async () => {
  assert.match((await rrm(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
});

test("usage: an unknown verb or flag exits 2 with a suggestion and no stack", async () => {
  for (
    const [args, near] of [
      [["benhc"], "bench"],
      [["bench", "x.jsonl", "--modle", "m"], "--model"],
      [["analyze", "x.jsonl", "--direct-vs-rmr"], "--direct-vs-rrm"],
    ] as const
  ) {
    const { code, stdout, stderr } = await rrm(args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, new RegExp(`Did you mean ${near}`));
    assert.equal(stdout, "");
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
});

test("usage: no verb, or a verb without its file, exits 2 and says what is missing", async () => {
  assert.equal((await rrm([])).code, 2);
  const { code, stderr } = await rrm(["analyze"]);
  assert.equal(code, 2);
  assert.match(stderr, /missing required argument 'rows'/);
});

test("usage: bench without a task file exits 2", async () => {
  const { code, stderr } = await rrm(["bench", "--backend", "simulated"]);
  assert.equal(code, 2);
  assert.match(stderr, /No task file/);
});

test("usage: NO_COLOR and pipes get no escape codes", async () => {
  for (const env of [{ NO_COLOR: "1" }, {}]) {
    const { stdout, stderr } = await rrm(["bench", "x.jsonl", "--modle"], { env });
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(stdout + stderr, /\x1b/);
  }
});

test("usage: prompts are listed and shown, also as JSON", async () => {
  const listed = JSON.parse((await rrm(["prompts", "--json"])).stdout);
  assert.ok(listed.some(({ name }: { name: string }) => name === "semantic-fastsplit-noformula"));
  const { stdout } = await rrm(["prompts", "show", "plain"]);
  assert.match(stdout, /"type":"child"/);
  const wrong = await rrm(["prompts", "show", "semantik"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /semantik.*\n.*Did you mean semantic\?/);
  assert.equal((await rrm(["prompts", "sohw", "plain"])).code, 2);
});

test("usage: strategies are listed, also as JSON", async () => {
  assert.match((await rrm(["strategies"])).stdout, /^streaming_parallel /m);
  const listed = JSON.parse((await rrm(["strategies", "--json"])).stdout);
  assert.ok(listed.some(({ name }: { name: string }) => name === "oracle_parallel"));
});
