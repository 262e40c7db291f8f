/** Bad input through the command line: exit 2, one message, nothing written, no call made. */
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { startTestServer, type TestServer } from "../../lib/testing/mod.ts";
import { rrm, type RrmOptions } from "../cli/harness.ts";
import { assert, test } from "../kit.ts";
import { type Folder, folder, readRowFile, someTasks } from "./bench_kit.ts";

/** Every file below a folder with its text. */
async function contents(path: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    const name = join(entry.parentPath, entry.name);
    found[name] = entry.isFile() ? await readFile(name, "utf8") : "";
  }
  return found;
}

interface Refused extends RrmOptions {
  /** Where calls would go. */
  readonly server?: TestServer;
}

/** Runs a bench that must be refused; returns what it said. */
async function refused(
  dir: Folder,
  args: readonly string[],
  message: RegExp,
  { server, ...options }: Refused = {},
): Promise<string> {
  const before = await contents(dir.path);
  const asked = server?.stats().requests;
  const { code, stdout, stderr } = await rrm(["bench", ...args], options);
  assert.equal(code, 2, `${args.join(" ")}: ${stderr}`);
  assert.match(stderr, message);
  // Where a strategy file is wrong is told; a stack of our own is not.
  assert.doesNotMatch(stderr, /\n\s+at (?!.*\/rrm-cli-)|fault of rrm|\[U\+/, "no stack trace");
  assert.ok(stderr.trimEnd().split("\n").length <= 6, `it is short: ${stderr}`);
  assert.equal(stdout, "");
  assert.deepEqual(await contents(dir.path), before, "nothing was written, nothing was lost");
  assert.equal(server?.stats().requests, asked, "no call was made");
  return stderr;
}

/** A task file and where the rows would go. */
async function start(dir: Folder): Promise<{ file: string; out: string[] }> {
  const file = await dir.write("tasks.jsonl", someTasks(2));
  return { file, out: ["--out", join(dir.path, "new/rows.jsonl"), "--modes", "direct"] };
}

/** A server of anything, on the loopback. */
async function serve(
  listener: RequestListener,
): Promise<AsyncDisposable & { url: string }> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

test("bad input: servers that are not there, silent, or no model servers", async () => {
  await using dir = await folder();
  const { file, out } = await start(dir);
  await using page = await serve((_, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<!doctype html><title>A router</title>");
  });
  await using silent = await serve(() => {});
  await using missing = await serve((_, response) => {
    response.writeHead(404);
    response.end("nothing here");
  });
  const ask = (url: string, ...more: string[]) => [file, ...out, "--base-urls", url, ...more];
  await refused(dir, ask("http://127.0.0.1:9/v1"), /127\.0\.0\.1:9.*cannot be reached/);
  await refused(dir, ask("http://127.0.0.1:9/v1,http://127.0.0.1:10/v1"), /cannot be reached/);
  await refused(dir, ask(page.url), /answered with a web page/);
  await refused(dir, ask(page.url.replace("/v1", "")), /web page.*\n.*\/v1/);
  await refused(dir, ask(silent.url, "--first-token-timeout", "1"), /did not answer within 1 s/);
  await refused(dir, ask(missing.url), /answered 404/);
  await refused(dir, ask("127.0.0.1:8000"), /not the URL of a server/);
  await refused(dir, [file, ...out, "--backend", "chat"], /--backend chat needs --base-urls/);
});

test("bad input: models and keys", async () => {
  await using dir = await folder();
  const { file, out } = await start(dir);
  await using server = await startTestServer({ model: "org/tiny-model", apiKey: "right" });
  await using other = await startTestServer({ model: "org/large-model", apiKey: "right" });
  const ask = (...more: string[]) => [file, ...out, "--base-urls", server.baseUrl, ...more];
  const env = (RRM_TEST_KEY: string | undefined) => ({
    server,
    env: { RRM_TEST_KEY, OPENAI_API_KEY: undefined },
  });
  const key = ["--api-key-env", "RRM_TEST_KEY"];
  await refused(dir, ask(), /401.*\n.*--api-key-env/, env("right"));
  await refused(dir, ask(...key), /RRM_TEST_KEY.*not set/, env(undefined));
  const said = await refused(dir, ask(...key), /401.*\n.*key is wrong/, env("secret-value"));
  assert.doesNotMatch(said, /secret-value/, "a key is never shown");
  await refused(dir, ask(...key, "--model", "org/tiny-modle"), /Did you mean "org\/tiny-model"/, {
    ...env("right"),
  });
  const both = ["--base-urls", `${server.baseUrl},${other.baseUrl}`, ...key];
  const differ = await refused(
    dir,
    [file, ...out, ...both],
    /tiny-model.*large-model/,
    env("right"),
  );
  assert.ok(differ.includes(other.baseUrl), "it says which server serves what");
  await refused(dir, [file, ...out, ...both, "--model", "org/tiny-model"], /large-model/, {
    ...env("right"),
  });
});

test("bad input: a replica that is down is left out with a warning, and the bench goes on", async () => {
  await using dir = await folder();
  const { file, out } = await start(dir);
  await using server = await startTestServer({ script: () => "FINAL: 7" });
  await using starting = await serve((_, response) => {
    response.writeHead(503);
    response.end("loading the model");
  });
  const urls = ["http://127.0.0.1:9/v1", server.baseUrl, starting.url].join(",");
  const { code, stderr } = await rrm(["bench", file, ...out, "--base-urls", urls]);
  assert.equal(code, 0, stderr);
  assert.equal(stderr.match(/Left out: /g)?.length, 2);
  assert.match(stderr, /127\.0\.0\.1:9/);
  const rows = await readRowFile(join(dir.path, "new/rows.jsonl"));
  assert.deepEqual(rows.map((row) => row.base_urls), [[server.baseUrl], [server.baseUrl]]);
});

test("bad input: unknown names and flags, and flags of another backend", async () => {
  await using dir = await folder();
  const { file, out } = await start(dir);
  await using server = await startTestServer();
  const ask = (...more: string[]) => [file, ...out, "--base-urls", server.baseUrl, ...more];
  const also = { server };
  await refused(dir, ask("--modes", "strem_parallel"), /"strem_parallel".*\n.*streaming_par/, also);
  await refused(dir, ask("--modes", "direct,direct"), /direct twice/, also);
  await refused(dir, ask("--modes", ","), /--modes.*names nothing/, also);
  await refused(dir, ask("--prompt-style", "semantik"), /Did you mean semantic\?/, also);
  await refused(dir, ask("--backend", "vlm"), /--backend vlm.*Did you mean vllm\?/, also);
  await refused(dir, ask("--max-dept", "2"), /--max-dept.*\n?.*--max-depth/, also);
  await refused(dir, ask("--recombiner", "mean"), /--recombiner mean/, also);
  await refused(dir, ask("--max-depth", "deep"), /--max-depth deep/, also);
  await refused(dir, ask("--ids", "t0,t9"), /"t9"/, also);
  await refused(dir, ask("--shard", "3/3"), /shard 3\/3/, also);
  await refused(dir, ask("--backend", "simulated"), /--base-urls is of no use/, also);
  await refused(dir, ask("--lora", "planner=x.gguf"), /--lora is of no use/, also);
  await using plain = await startTestServer({ ownedBy: "someone" });
  await refused(
    dir,
    [file, ...out, "--base-urls", plain.baseUrl, "--constrain", "grammar"],
    /--constrain grammar.*offers none/,
    { server: plain },
  );
});

test("bad input: an --out that is a folder, in a file, of something else, or of other settings", async () => {
  await using dir = await folder();
  const { file } = await start(dir);
  await using server = await startTestServer({ script: () => "FINAL: 7" });
  const ask = (out: string, ...more: string[]) => [
    ...[file, "--modes", "direct", "--base-urls", server.baseUrl, "--out", out],
    ...more,
  ];
  const at = (name: string) => join(dir.path, name);
  const also = { server };
  await mkdir(at("folder"));
  await writeFile(at("notes.txt"), "my only copy\nof something\n");
  await writeFile(at("one-line.txt"), "my only copy");
  await symlink(at("notes.txt"), at("link.jsonl"));
  for (const overwrite of [[], ["--overwrite"], ["--append"]]) {
    await refused(dir, ask(at("folder"), ...overwrite), /folder/, also);
    await refused(dir, ask(at("notes.txt"), ...overwrite), /holds no rows: line 1/, also);
    await refused(dir, ask(at("one-line.txt"), ...overwrite), /holds no rows: line 1/, also);
    await refused(dir, ask(at("link.jsonl"), ...overwrite), /holds no rows: line 1/, also);
    await refused(dir, ask(file, ...overwrite), /holds no rows: line 1/, also);
    await refused(dir, ask(at("notes.txt/rows.jsonl"), ...overwrite), /cannot be written/, also);
  }
  assert.equal((await rrm(["bench", ...ask(at("rows.jsonl"))])).code, 0);
  const said = await refused(
    dir,
    ask(at("rows.jsonl"), "--temperature", "0.5", "--max-output-tokens", "90"),
    /mode direct.*max_tokens\.direct: 7000 → 90; temperature: null → 0\.5/,
    also,
  );
  assert.match(said, /--append.*--overwrite/);
});

const free = process.getuid?.() === 0 && "root may write everywhere";
test("bad input: an --out without permission", async () => {
  await using dir = await folder();
  const { file } = await start(dir);
  const model = await dir.write("script.json", '[{"text":"FINAL: 7"}]');
  const ask = ["--modes", "direct", "--backend", "scripted", "--model", model];
  await dir.write("rows.jsonl", "");
  await chmod(join(dir.path, "rows.jsonl"), 0o400);
  const args = [file, ...ask, "--out", join(dir.path, "rows.jsonl")];
  await refused(dir, args, /permission denied/);
  await refused(dir, [...args, "--overwrite"], /permission denied/);
}, { skip: free });

test("bad input: tasks that a mode or a statement is missing for", async () => {
  await using dir = await folder();
  const { file, out } = await start(dir);
  await using server = await startTestServer();
  const more = [...out, "--base-urls", server.baseUrl];
  const also = { server };
  await refused(dir, [file, ...more, "--modes", "oracle_parallel"], /oracle_graph/, also);
  const ref = { set: "aime_x", id: "x-1", sha256: "0".repeat(64) };
  const refs = await dir.write("refs.jsonl", [{ id: "a", task_ref: ref, answer: 1 }]);
  await refused(dir, [refs, ...more], /no statement.*\n.*--statements aime_x\.jsonl/, also);
  const none = await dir.write("none.jsonl", [{ id: "x-2", task: "another" }]);
  await refused(dir, [refs, ...more, "--statements", none], /none\.jsonl does not hold/, also);
  const wrong = await dir.write("wrong.jsonl", [{ id: "x-1", task: "another wording" }]);
  await refused(dir, [refs, ...more, "--statements", wrong], /another wording/, also);
  const gone = join(dir.path, "gone.jsonl");
  await refused(dir, [refs, ...more, "--statements", gone], /gone\.jsonl does not exist/, also);
  await refused(dir, [file, gone, ...more], /gone\.jsonl does not exist/, also);
  const broken = await dir.write(
    "broken.jsonl",
    '{"id":"a","task":"x"}\n{"id":"a","task":"y"}\nno\n',
  );
  const said = await refused(dir, [broken, ...more], /broken\.jsonl:2: id: /, also);
  assert.match(said, /broken\.jsonl:3: /, "all at once");
});

test("bad input: price files", async () => {
  await using dir = await folder();
  const { file, out } = await start(dir);
  await using server = await startTestServer({ model: "tiny" });
  const ask = (...more: string[]) => [file, ...out, "--base-urls", server.baseUrl, ...more];
  const prices = async (name: string, text: string, message: RegExp) =>
    await refused(dir, ask("--prices", await dir.write(name, text)), message, { server });
  await refused(dir, ask("--max-usd", "1"), /--max-usd needs --prices/, { server });
  await refused(dir, ask("--prices", join(dir.path, "gone.json")), /gone\.json/, { server });
  await refused(dir, ask("--prices", dir.path), /--prices/, { server });
  await prices("prose.json", "cheap", /prose\.json: not JSON/);
  await prices("wrong.json", '{"tiny": {"prompt": "much"}}', /wrong\.json: /);
  await prices("minus.json", '{"tiny": {"prompt": -1, "completion": 1}}', /minus\.json: /);
  await prices("other.json", '{"huge": {"prompt": 1, "completion": 1}}', /no price.*"tiny"/);
  await prices("proto.json", '{"__proto__": {"prompt": 1, "completion": 1}}', /no price/);
});

test("bad input: own strategies and scripts", async () => {
  await using dir = await folder();
  const { file, out } = await start(dir);
  const script = await dir.write("script.json", '[{"text":"FINAL: 7"}]');
  const ask = (...more: string[]) => [file, ...out, "--backend", "scripted", ...more];
  const strategy = async (name: string, text: string, message: RegExp) =>
    await refused(
      dir,
      ask("--model", script, "--strategy", await dir.write(name, text)),
      message,
    );
  await refused(dir, ask(), /--backend scripted needs --model/);
  await refused(dir, ask("--model", join(dir.path, "gone.json")), /gone\.json/);
  await refused(dir, ask("--model", await dir.write("prose.json", "say 7")), /not JSON/);
  await refused(dir, ask("--model", await dir.write("empty.json", "[]")), /empty\.json/);
  await strategy("nothing.ts", "export const x = 1;\n", /nothing\.ts: .*default export/);
  await strategy("value.ts", "export default 7;\n", /value\.ts: .*default export/);
  await strategy("broken.ts", "export default async (node => {\n", /broken\.ts: /);
  await strategy("throws.ts", 'throw new Error("at the door");\n', /throws\.ts: at the door/);
  await strategy(
    "imports.ts",
    'import "./not_there.ts";\nexport default () => "";\n',
    /imports\.ts/,
  );
  await strategy("direct.ts", 'export default () => "";\n', /a mode named direct exists already/);
  const gone = join(dir.path, "gone.ts");
  await refused(dir, ask("--model", script, "--strategy", gone), /gone\.ts: /);
});
