import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diffConfig, openForResume } from "../../lib/records/resume.ts";
import type { Row } from "../../lib/records/row_types.ts";
import {
  dedupeRows,
  openRowWriter,
  readRows,
  rewriteAtomically,
  type RowFileProblem,
} from "../../lib/records/store.ts";
import { assert, onDeno, test } from "../kit.ts";
import { sampleRow } from "./rows.ts";

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "rrm-rows-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readAll(path: string): Promise<{ rows: Row[]; problems: RowFileProblem[] }> {
  const rows: Row[] = [];
  const problems: RowFileProblem[] = [];
  for await (const item of readRows(path)) {
    if ("row" in item) rows.push(item.row);
    else problems.push(item.problem);
  }
  return { rows, problems };
}

const line = (change: Partial<Row>) => JSON.stringify(sampleRow(change));

test("rows are on disk as soon as each write resolves, and read back in order", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "made/on/the/way/rows.jsonl");
    {
      await using writer = await openRowWriter(path);
      await writer.write(sampleRow({ row_id: "a" }));
      assert.equal((await readAll(path)).rows.length, 1);
      await Promise.all(["b", "c", "d"].map((row_id) => writer.write(sampleRow({ row_id }))));
    }
    await using again = await openRowWriter(path);
    await again.write(sampleRow({ row_id: "e", answer: "line\nbreak \uD800 \u2028" }));
    const { rows, problems } = await readAll(path);
    assert.deepEqual(rows.map(({ row_id }) => row_id), ["a", "b", "c", "d", "e"]);
    assert.deepEqual(problems, []);
  });
});

test("a file that cannot be written says why", async () => {
  await inFolder(async (folder) => {
    await assert.rejects(openRowWriter(folder), { code: "out-file", message: /it is a folder/ });
    await writeFile(join(folder, "file"), "");
    await assert.rejects(openRowWriter(join(folder, "file/rows.jsonl")), {
      code: "out-file",
      message: /a part of its path is a file/,
    });
  });
});

const asRoot = process.getuid?.() === 0 && "root may write everywhere";
test("a file without permission says so", async () => {
  await inFolder(async (folder) => {
    await writeFile(join(folder, "rows.jsonl"), "");
    await chmod(join(folder, "rows.jsonl"), 0o400);
    await assert.rejects(openRowWriter(join(folder, "rows.jsonl")), /permission denied/);
  });
}, { skip: asRoot });

const noFull = process.platform !== "linux" && "there is no /dev/full here";
test("a full disk is an error of the write, with its cause", async () => {
  await using writer = await openRowWriter("/dev/full");
  await assert.rejects(writer.write(sampleRow()), {
    code: "out-file",
    message: /no space is left/,
  });
}, { skip: noFull });

test("torn, foreign and odd lines are told apart, and the rest is read", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "rows.jsonl");
    const whole = line({ row_id: "a" });
    await writeFile(
      path,
      [
        "\uFEFF" + whole,
        "",
        "# a comment",
        '{"id": "x", "task": "y"}',
        whole.replace("rrm.row/1", "rrm.row/9"),
        whole.replace('"latency_ms":100', '"latency_ms":"fast"') + "\r",
        line({ row_id: "b" }),
        whole.slice(0, 200),
      ].join("\n"),
    );
    const { rows, problems } = await readAll(path);
    assert.deepEqual(rows.map(({ row_id }) => row_id), ["a", "b"]);
    assert.deepEqual(problems.map(({ line, kind }) => [line, kind]), [
      [3, "foreign"],
      [4, "foreign"],
      [5, "schema"],
      [6, "schema"],
      [8, "torn"],
    ]);
    assert.match(problems[3]!.reason, /latency_ms/);
    assert.equal(problems[0]!.file, path);
  });
});

test("a file cut off at any byte reads as its whole rows and at most one torn line", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "rows.jsonl");
    const content = new TextEncoder().encode(
      [line({ row_id: "a", answer: "ä" }), line({ row_id: "b" })].join("\n") + "\n",
    );
    const first = content.indexOf(10);
    for (let cut = 1; cut <= content.length; cut += 37) {
      await writeFile(path, content.subarray(0, cut));
      const { rows, problems } = await readAll(path);
      assert.equal(rows.length, (cut >= first ? 1 : 0) + (cut >= content.length - 1 ? 1 : 0));
      assert.ok(problems.length <= 1);
    }
  });
});

test("of doubled rows the newest is used, with a warning", () => {
  const old = sampleRow({ row_id: "a", started_at: "2026-01-01T00:00:00.000Z" });
  const young = sampleRow({ row_id: "a", started_at: "2026-02-01T00:00:00.000Z" });
  const other = sampleRow({ row_id: "b" });
  const { rows, warnings } = dedupeRows([young, other, old]);
  assert.deepEqual(rows, [young, other]);
  assert.match(warnings[0]!, /^1 rows stand more than once/);
  assert.deepEqual(dedupeRows([old, other]).warnings, []);
});

test("a file is rewritten at once, keeping lines as they were", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "rows.jsonl");
    const spaced = JSON.stringify(sampleRow({ row_id: "a" }), null, 1).replaceAll("\n", "");
    await writeFile(path, [spaced, line({ row_id: "b" }), "# note", '{"torn'].join("\n"));
    const counts = await rewriteAtomically(path, (row) => row.row_id === "a");
    assert.deepEqual(counts, { kept: 1, dropped: 1 });
    assert.equal(await readFile(path, "utf8"), `${spaced}\n# note\n`);
    assert.deepEqual(await readdir(folder), ["rows.jsonl"], "nothing is left beside it");
    await assert.rejects(rewriteAtomically(path, () => {
      throw new Error("in the middle");
    }));
    assert.equal(await readFile(path, "utf8"), `${spaced}\n# note\n`, "a failed rewrite leaves it");
    assert.deepEqual(await readdir(folder), ["rows.jsonl"]);
  });
});

const arm = { mode: "streaming_parallel", config_hash: "config", config: { temperature: 0 } };
const tasks = new Set(["task"]);

test("resuming keeps what is done, takes out what failed, and cuts the torn line", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "rows.jsonl");
    const nothing = await openForResume(path, { arms: [arm], tasks });
    assert.deepEqual([nothing.done.size, await readdir(folder)], [0, []]);
    const lines = [
      line({ row_id: "a" }),
      line({ row_id: "b", status: "error" }),
      line({ row_id: "c", status: "cancelled" }),
      line({ row_id: "d", status: "budget" }),
      line({ row_id: "e" }),
      line({ row_id: "f" }).slice(0, 100),
    ];
    await writeFile(path, lines.join("\n"));
    const resumed = await openForResume(path, { arms: [arm], tasks });
    assert.deepEqual([...resumed.done], ["a", "e"]);
    assert.equal(resumed.again, 3);
    assert.match(resumed.warnings[0]!, /rows\.jsonl:6: torn line cut off/);
    assert.equal(await readFile(path, "utf8"), `${lines[0]}\n${lines[4]}\n`);
    const clean = await openForResume(path, { arms: [arm], tasks });
    assert.deepEqual([clean.done.size, clean.again, clean.warnings], [2, 0, []]);
  });
});

test("a whole last row without its line end is kept, and the next row starts a line", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "rows.jsonl");
    await writeFile(path, line({ row_id: "a" }));
    assert.equal((await openForResume(path, { arms: [arm], tasks })).done.size, 1);
    {
      await using writer = await openRowWriter(path);
      await writer.write(sampleRow({ row_id: "b" }));
    }
    assert.equal((await readAll(path)).rows.length, 2);
  });
});

test("rows of another arm are refused with the settings that differ, unless appended", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "rows.jsonl");
    const config = { temperature: 0.6, prompts: { planner: "x" } };
    const content = line({ row_id: "a", config_hash: "other", config }) + "\n" +
      line({ row_id: "b", status: "error" }) + "\n";
    await writeFile(path, content);
    await assert.rejects(openForResume(path, { arms: [arm], tasks }), {
      code: "resume-arm",
      message: /streaming_parallel.*prompts: \{"planner":"x"\} → not set; temperature: 0.6 → 0$/,
    });
    assert.equal(await readFile(path, "utf8"), content, "a refused file is left as it was");
    assert.deepEqual([...(await openForResume(path, { arms: [arm], tasks, append: true })).done], [
      "a",
    ]);
    const otherMode = { ...arm, mode: "direct" };
    assert.equal((await openForResume(path, { arms: [otherMode], tasks })).done.size, 1);
    assert.equal(
      (await openForResume(path, { arms: [arm], tasks: new Set(["new"]) })).done.size,
      1,
    );
  });
});

test("a file of something else is not appended to", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "tasks.jsonl");
    await writeFile(path, '{"id":"a","task":"b"}\n');
    await assert.rejects(openForResume(path, { arms: [arm], tasks }), {
      code: "out-file",
      message: /holds no rows: line 1: no schema field/,
    });
    await mkdir(join(folder, "folder"));
    await assert.rejects(
      openForResume(join(folder, "folder"), { arms: [arm], tasks }),
      /is a folder/,
    );
  });
});

test("differences of settings are named by path", () => {
  assert.deepEqual(
    diffConfig({ a: 1, b: { c: [1], d: 2 } }, { a: 1, b: { c: [2], d: 2 }, e: null }),
    [
      "b.c: [1] → [2]",
      "e: not set → null",
    ],
  );
  assert.deepEqual(diffConfig({ a: 1, b: 2 }, { b: 2, a: 1 }), []);
});

test("a large file is read with little memory", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "rows.jsonl");
    const texts = { t1: "x".repeat(1_000_000), c1: "FINAL: 5" };
    const block = Array.from({ length: 8 }, (_, i) => line({ row_id: `r${i}`, texts }) + "\n").join(
      "",
    );
    for (let i = 0; i < 25; i++) await appendFile(path, block);
    const before = process.memoryUsage().rss;
    let most = 0;
    let rows = 0;
    for await (const item of readRows(path)) {
      if ("row" in item) rows++;
      most = Math.max(most, process.memoryUsage().rss - before);
    }
    assert.equal(rows, 200);
    assert.ok(most < 180_000_000, `${most} bytes more for a file of 200 MB`);
  });
}, { skip: !onDeno && "Bun frees memory late: its resident size says little" });
