import { createHash } from "node:crypto";
import { assert, test } from "../kit.ts";
import type { Row } from "../../lib/records/row_types.ts";
import { renderDemo } from "../../lib/report/mod.ts";
import { payloads, poisoned, tainted } from "./hostile.ts";
import { tagsOf, textOfPage, withoutOwnCode } from "./markup.ts";
import {
  directRow,
  emittedRow,
  errorRow,
  fallbackRow,
  oracleRow,
  sampleRows,
  withoutTexts,
} from "./sample_rows.ts";
import { sampleTasks } from "./problems.ts";

const [first, second] = sampleTasks(2);
const title = "A page";

function page(
  rows: readonly Row[],
  more: { notes?: string[]; tasks?: typeof first[] } = {},
): string {
  return renderDemo({ title, rows, notes: more.notes, tasks: more.tasks as never });
}

/** The text of a page on one line. */
function words(html: string): string {
  return textOfPage(html).replace(/\s+/g, " ");
}

test("the head tells accuracy with its interval, median time, overlap and fallback", () => {
  const text = words(page(sampleRows(12)));
  assert.match(text, /8 of 12, 95 % interval 39 % to 86 %/);
  assert.match(text, /10 of 11, 95 % interval 62 % to 98 %; 1 not graded not ended 1 of 12 rows/);
  assert.match(text, /11 pairs: both right 6, only this 4, only direct 1, neither 0/);
  assert.match(text, /speed-up 1\.37× over 11 pairs, 95 % interval 1\.14× to 1\.65×/);
  assert.match(text, /headline rows 1\.31× over 5 pairs, chosen by both being right/);
  assert.match(text, /fallback 1 of 12 rows \(8 %\)/);
  assert.match(text, /overlap in 10 of 12 rows, median 25 % of the time/);
  assert.match(text, /9\.69 s median time/);
  assert.match(text, /5 headline 4 direct wrong 1 fallback 1 wrong answer 1 error/);
  assert.match(text, /1 row could not be graded and is left out of accuracy/);
});

test("a run shows answer, rule, label with reasons, latency, calls and tokens", () => {
  const row = emittedRow(first!);
  const text = words(page([directRow(first!), row]));
  assert.match(text, /✓ right/);
  assert.match(text, /7\.16 s/);
  assert.match(text, /1\.31× faster than direct/);
  assert.match(text, /answer found by final line/);
  assert.match(text, /calls 6 tokens 994 written, 1,440 read \(520 cached\)/);
  assert.match(text, /1\.80 s before its plan was fully written/);
  assert.match(words(page([fallbackRow(first!)])), /also no overlap, no direct pair/);
});

test("wrong, failed, cut and ungraded runs are told in words, not by colour alone", () => {
  assert.match(words(page([directRow(first!, { answer: 1 })])), /✕ wrong/);
  assert.match(words(page([errorRow(first!)])), /⊘ error.*connection reset by peer/);
  assert.match(
    words(page([directRow(first!, { cut: true })])),
    /cut by its limit.*also truncated, wrong answer/,
  );
  assert.match(words(page([{ ...directRow(first!), correct: null }])), /not graded/);
});

test("simulated and replayed times and given plans are announced", () => {
  assert.doesNotMatch(words(page([directRow(first!)])), /Simulated|Replayed|A given plan/);
  assert.match(
    words(page([{ ...directRow(first!), timing: "simulated" }])),
    /Simulated\. Times of 1 row/,
  );
  assert.match(
    words(page([{ ...directRow(first!), timing: "replayed" }])),
    /Replayed\. Times of 1 row/,
  );
  assert.match(
    words(page([directRow(first!), oracleRow(first!)])),
    /A given plan\. The plan of an oracle run/,
  );
});

test("times of different kinds are not mixed in one median, nor compared", () => {
  const simulated = { ...emittedRow(first!), timing: "simulated" as const };
  const text = words(page([directRow(first!), simulated, emittedRow(second!)]));
  assert.match(text, /\(simulated\) 100 % right 7\.16 s median time, simulated/);
  assert.doesNotMatch(text, /faster than direct|slower than direct/);
});

test("arms stand in one order, direct first, and repeats apart", () => {
  const again = (row: Row): Row => ({ ...row, row_id: `${row.row_id}-2`, repeat: 1 });
  const html = page([
    oracleRow(first!),
    emittedRow(first!),
    directRow(first!),
    again(directRow(first!)),
    again(oracleRow(first!)),
  ]);
  const heads = [...html.matchAll(/<h4>(.*?)<\/h4>/g)].map((found) =>
    found[1]!.replaceAll("<wbr/>", "")
  );
  assert.deepEqual(heads.slice(0, 3), ["direct", "streaming_parallel", "oracle_parallel"]);
  assert.equal(heads.length, 5);
  assert.match(words(html), /repeat 2/);
  assert.match(words(html), /no row yet: streaming_parallel/);
});

test("the last of several rows for one case and arm counts", () => {
  const text = words(page([directRow(first!, { answer: 1 }), directRow(first!)]));
  assert.match(text, /1 of 1, 95 % interval/);
  assert.doesNotMatch(text, /✕ wrong/);
});

test("two configurations of one mode are two arms", () => {
  const other = { ...emittedRow(first!), row_id: "other", config_hash: "77aa77aa77aa77aa" };
  const text = words(page([emittedRow(first!), other]));
  assert.match(text, /@5be1d0c2/);
  assert.match(text, /@77aa77aa/);
});

test("with several direct arms the page compares with none, unless one is chosen", () => {
  const other = { ...directRow(first!), row_id: "other", config_hash: "77aa77aa77aa77aa" };
  const rows = [directRow(first!), other, emittedRow(first!)];
  const text = words(page(rows));
  assert.match(text, /2 direct arms could be compared with streaming_parallel/);
  assert.doesNotMatch(text, /beside direct/);
  const chosen = words(renderDemo({ title, rows, directConfig: "77aa" }));
  assert.match(chosen, /beside direct 1 pair/);
  assert.throws(() => renderDemo({ title, rows, directConfig: "none" }), { name: "InputError" });
});

test("figures are those of the spans, and a stored one that differs is told", () => {
  const row = { ...emittedRow(first!), overlap_ms: 6_000 };
  const text = words(page([directRow(first!), row]));
  assert.match(text, /overlap 1\.80 s/);
  assert.match(text, /1 stored figure differs from what the spans say/);
});

test("given tasks that have no row are counted as missing", () => {
  assert.match(
    words(page([directRow(first!)], { tasks: [first!, second!] })),
    /1 of 2 run.*1 task of the task file has no row yet/,
  );
});

test("rows without texts and rows without spans still make a page", () => {
  const bare = { ...directRow(first!), nodes: [], calls: [], effects: [], texts: {} };
  assert.match(words(page([withoutTexts(emittedRow(first!))])), /text not recorded/);
  assert.match(words(page([bare])), /statement not recorded/);
});

test("no rows at all is bad input", () => {
  assert.throws(() => page([]), { name: "InputError", code: "no-rows" });
});

test("a long text stands in full only once", () => {
  const html = page(sampleRows(3));
  const marker = "end with an await line that says how the parts answer the problem";
  assert.equal(html.split(marker).length - 1, 1);
  for (const [, anchor] of html.matchAll(/href="#(text-\d+)"/g)) {
    assert.ok(html.includes(`id="${anchor}"`), `${anchor} is linked but not there`);
  }
});

test("anchors are unique and every link leads somewhere", () => {
  const tags = tagsOf(page(sampleRows(6)));
  const ids = tags.flatMap((tag) => tag.attributes.get("id") ?? []);
  assert.equal(new Set(ids).size, ids.length);
  const known = new Set(ids);
  for (const tag of tags) {
    const href = tag.attributes.get("href");
    if (href !== undefined) assert.ok(known.has(href.slice(1)), href);
    for (const id of tag.attributes.get("aria-labelledby")?.split(" ") ?? []) {
      assert.ok(known.has(id), id);
    }
  }
});

test("the policy forbids all but the page's own style and script", () => {
  const html = page(sampleRows(2));
  const policy = tagsOf(html).find((tag) =>
    tag.attributes.get("http-equiv") === "Content-Security-Policy"
  )!
    .attributes.get("content")!;
  const digest = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const style = html.match(/<style>([^]*?)<\/style>/)![1]!;
  const script = html.match(/<script>([^]*?)<\/script><\/body>/)![1]!;
  const parts = policy.split("; ");
  assert.ok(parts.includes("default-src 'none'"));
  assert.ok(parts.includes(`style-src ${digest(style)}`));
  assert.ok(parts.includes(`script-src ${digest(script)}`));
  assert.ok(!policy.includes("unsafe"));
  assert.ok(html.indexOf("Content-Security-Policy") < html.indexOf("<style>"));
});

test("nothing is fetched: no address in a tag, none in the style or the script", () => {
  const html = page(sampleRows(6));
  for (const tag of tagsOf(html)) {
    for (const [name, value] of tag.attributes) {
      assert.ok(!["src", "srcset", "style", "action", "xlink:href", "data"].includes(name), name);
      if (name === "href") assert.match(value, /^#/);
    }
  }
  const own = html.match(/<style>[^]*?<\/style>/)![0] + html.match(/<script>[^]*?<\/script>/)![0];
  assert.doesNotMatch(own, /https?:|@import|\bfetch\b|innerHTML|eval/);
  assert.deepEqual([...own.matchAll(/url\(([^)]*)\)/g)].map((found) => found[1]), ["#hatch"]);
});

test("hostile text in every field of a row stays text", () => {
  const calm = tagsOf(
    page([directRow(first!), emittedRow(first!), errorRow(second!), fallbackRow(second!)]),
  );
  const tagNames = new Set(calm.map((tag) => tag.name).concat("math", "mrow", "svg", "pattern"));
  const attributeNames = new Set(calm.flatMap((tag) => [...tag.attributes.keys()]));
  for (const payload of payloads) {
    for (const spoil of [poisoned, tainted]) {
      const rows = [directRow(first!), emittedRow(first!), errorRow(second!), fallbackRow(second!)];
      const html = renderDemo({
        title: payload,
        rows: rows.map((row) => spoil(row, payload)),
        tasks: [{ id: payload, task: payload, answer: payload }],
        notes: [payload],
      });
      for (const tag of tagsOf(html)) {
        assert.ok(tagNames.has(tag.name), `<${tag.name}> from ${payload}`);
        for (const name of tag.attributes.keys()) {
          assert.ok(attributeNames.has(name), `${name} from ${payload}`);
        }
      }
      const opened = withoutOwnCode(html).match(/<(?![a-z/!])/gi);
      assert.equal(opened, null, `a bare < from ${payload}`);
      assert.equal(html.match(/<script/g)!.length, 1, payload);
    }
  }
});

test("control characters, overrides of direction and half surrogates are shown, not carried", () => {
  const html = page([tainted(emittedRow(first!), "a\u0000b\u202Ec\ud83dd\u{E0041}")]);
  assert.ok(textOfPage(html).includes("a[U+0000]b[U+202E]c[U+D83D]d[U+E0041]"));
  assert.ok(html.isWellFormed());
  assert.doesNotMatch(html, /[\0\u202E\u{E0041}]/u);
});

test("200 tasks make a page of a few megabytes in seconds", () => {
  const started = performance.now();
  const html = page(sampleRows(200));
  const seconds = (performance.now() - started) / 1000;
  console.error(`200 tasks: ${(html.length / 1e6).toFixed(2)} MB in ${seconds.toFixed(2)} s`);
  assert.ok(html.length < 5e6, `${html.length} characters`);
  assert.ok(seconds < 10, `${seconds} s`);
});

test("the same rows make the same page", () => {
  assert.equal(page(sampleRows(5)), page(sampleRows(5)));
});
