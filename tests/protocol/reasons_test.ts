import { readFile } from "node:fs/promises";
import { REASONS, REPAIRS } from "../../lib/protocol/mod.ts";
import { assert, test } from "../kit.ts";
import { child, eventsOf, read } from "./read.ts";

type Verdict = readonly ["ignored" | "rejected", string];

/** Of each reason: a text, and the verdicts on it that are no events. */
const cases: Readonly<Record<string, readonly (readonly [string, readonly Verdict[]])[]>> = {
  prose: [
    ["I think so.\n\n{1, 2} and {x: 3}\n", [["ignored", "prose"], ["ignored", "prose"]]],
    ['{"type":"done"} that is all\n', [["ignored", "prose"]]],
    ['{"type":"done"\nThat was all.', [["ignored", "prose"]]],
  ],
  code_fence: [
    ['```json\n{"type":"done"}\n```', [["ignored", "code_fence"], ["ignored", "code_fence"]]],
  ],
  wrapper: [
    ['[\n{"type":"done"},\n{"type":"done"}\n]', [
      ["ignored", "wrapper"],
      ["rejected", "after_done"],
      ["ignored", "wrapper"],
    ]],
  ],
  separator: [['{"type":"done"},\n', [["ignored", "separator"]]]],
  control_characters: [["\0\x01\n", [["ignored", "control_characters"]]]],
  think: [
    ['<think>a\nb</think>{"type":"done"}', [["ignored", "think"]]],
    ["<think>a\nb {1}", [["ignored", "think"]]],
    ["a\n</think>\n", [["ignored", "prose"], ["ignored", "think"]]],
  ],
  not_an_event: [['{"name":"x","size":[1,2]}', [["ignored", "not_an_event"]]]],
  missing_type: [['{"id":"a","task":"t"}', [["rejected", "missing_type"]]]],
  unknown_type: [
    ['{"type":"spawn","id":"a"}', [["rejected", "unknown_type"]]],
    ['{"type":5}', [["rejected", "unknown_type"]]],
  ],
  empty_task: [
    ['{"type":"child","id":"a","task":" \\n "}', [["rejected", "empty_task"]]],
    ['{"type":"child","id":"a"}', [["rejected", "empty_task"]]],
  ],
  bad_task: [['{"type":"child","id":"a","task":["t"]}', [["rejected", "bad_task"]]]],
  invalid_json: [
    ['{"type":"done","x":@}', [["rejected", "invalid_json"]]],
    [`{"type":${"[".repeat(100)}${"]".repeat(100)}1}`, [["rejected", "invalid_json"]]],
  ],
  unclosed_string: [
    ['{"type":"child","id":"a","task":"half of', [["rejected", "unclosed_string"]]],
  ],
  truncated: [
    ['{"type":"child","id":"a","task":"t","depends_on":', [["rejected", "truncated"]]],
    ['{"type":"child","id":"a","task":"t","depends_on":nul', [["rejected", "truncated"]]],
  ],
  line_too_long: [
    [`{"type":"child","id":"a","task":"${"x".repeat(300)}"}\n{"type":"done"}`, [
      ["rejected", "line_too_long"],
    ]],
    [`${"prose ".repeat(50)}\n{"type":"done"}`, [["rejected", "line_too_long"]]],
    // 100 characters of 3 bytes each.
    [`{"type":"atomic","answer":"${"無".repeat(100)}"}\n{"type":"done"}`, [
      ["rejected", "line_too_long"],
    ]],
    // Many lines that one unclosed object swallows.
    [`{"a": [\n${"x\n".repeat(150)}{"type":"done"}`, [
      ["rejected", "line_too_long"],
      ...Array.from({ length: 28 }, (): Verdict => ["ignored", "prose"]),
    ]],
  ],
  too_many_events: [
    [
      ["a", "b", "c", "d"].map((id) => JSON.stringify(child(id))).join("\n"),
      [["rejected", "too_many_events"]],
    ],
  ],
  after_done: [
    ['{"type":"done"}\n{"type":"atomic","answer":"x"}', [["rejected", "after_done"]]],
  ],
};

for (const [name, list] of Object.entries(cases)) {
  test(`the reader names ${name}`, () => {
    for (const [text, expected] of list) {
      assert.ok(expected.some(([, reason]) => reason === name));
      const results = read(text, { maxLineBytes: 250, maxEvents: 3 });
      const verdicts = results.flatMap((result) =>
        "reason" in result ? [[result.kind, result.reason]] : []
      );
      assert.deepEqual(verdicts, expected, text);
    }
  });
}

test("a refusal carries the type and the id where they could be read", () => {
  const [result] = read('{"type":"Spawn","id":"a b"}');
  assert.deepEqual(result, {
    kind: "rejected",
    reason: "unknown_type",
    text: '{"type":"Spawn","id":"a b"}',
    type: "spawn",
    id: "a_b",
  });
});

test("what is refused does not stop what follows", () => {
  const text = '{"type":"child","id":"a"}\n{"type":"x"}\n{"type":"child","id":"b","task":"t",\n' +
    '{"type":"child","id":"c","task":"t","depends_on":[]}';
  assert.deepEqual(eventsOf(read(text)), [child("b"), child("c")]);
});

test("every reason of the reader has a case here", () => {
  const ofThePlan = [
    "duplicate_id",
    "width",
    "depth",
    "rounds",
    "atomic_with_children",
    "second_atomic",
    "unknown_children",
    "nothing_to_await",
  ];
  const names = REASONS.map(({ name }) => name);
  assert.deepEqual([...Object.keys(cases), ...ofThePlan].sort(), [...names].sort());
});

test("the design page lists every repair and reason, with its meaning", async () => {
  const source = await readFile(new URL("../../docs/design/protocol.md", import.meta.url), "utf8");
  const page = source.replace(/ +/g, " ");
  for (const { name, meaning } of [...REPAIRS, ...REASONS]) {
    const row = `| \`${name}\` | ${meaning.replaceAll("|", "\\|")} |`;
    assert.ok(page.includes(row), `docs/design/protocol.md lacks the row: ${row}`);
  }
});
