import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anchorsOf, checkLinks, linksOf } from "../../scripts/gate/links.ts";
import { assert, test } from "../kit.ts";

test("links: found outside code only", () => {
  const text = "[a](one.md) `[b](two.md)`\n```\n[c](three.md)\n```\n[d]: four.md\n![e](<five.png>)";
  assert.deepEqual(linksOf(text), [
    { target: "one.md", line: 1 },
    { target: "four.md", line: 5 },
    { target: "five.png", line: 6 },
  ]);
});

test("links: headings get GitHub's anchors", () => {
  const anchors = anchorsOf(
    "# The `rrm` command, first\n## Twice\n## Twice\n```\n# not one\n```\n",
  );
  assert.deepEqual([...anchors], ["the-rrm-command-first", "twice", "twice-1"]);
});

test("links: a missing file and a missing heading are named with their line", async () => {
  const root = await mkdtemp(join(tmpdir(), "rrm-links-"));
  try {
    await writeFile(
      join(root, "a.md"),
      "# Top\n[x](b.md#here) [y](b.md#gone)\n[z](c.md) [t](#top)",
    );
    await writeFile(join(root, "b.md"), "## Here\n[web](https://example.org/none)\n");
    assert.deepEqual(await checkLinks(root), [
      "a.md:2: b.md#gone: no heading #gone",
      "a.md:3: c.md: no such file",
    ]);
  } finally {
    await rm(root, { recursive: true });
  }
});
