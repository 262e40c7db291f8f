import { REPAIRS } from "../../lib/protocol/mod.ts";
import type { NodeEvent } from "../../lib/protocol/types.ts";
import { assert, test } from "../kit.ts";
import { child, eventsOf, read } from "./read.ts";

const done: NodeEvent = { type: "done" };

/** Of each repair: texts, the event each holds, and the names of all repairs it took. */
const cases: Readonly<
  Record<string, readonly (readonly [string, NodeEvent, readonly string[]])[]>
> = {
  byte_order_mark: [['\ufeff{"type":"done"}', done, ["byte_order_mark"]]],
  control_characters: [
    ['\0{"type":"done"}', done, ["control_characters"]],
    ['{"type":\x01"done"}', done, ["control_characters"]],
    [
      '{"type":"child","id":"a","task":"x\0y\x1b","depends_on":[]}',
      child("a", "xy"),
      ["control_characters"],
    ],
  ],
  code_fence: [
    ['```json\n{"type":"done"}\n```', done, ["code_fence"]],
    ['```{"type":"done"}```', done, ["code_fence"]],
  ],
  list_mark: [
    ['- {"type":"done"}', done, ["list_mark"]],
    ['  12. {"type":"done"}', done, ["list_mark"]],
    ['* {"type":"done"}', done, ["list_mark"]],
  ],
  prose: [['First of all: {"type":"done"}', done, ["prose"]]],
  several_on_line: [[
    '{"x":1} {"type":"done"}',
    done,
    ["several_on_line"],
  ]],
  wrapper: [
    ['[{"type":"done"}]', done, ["wrapper"]],
    ['{"events":[{"type":"done"}]}', done, ["wrapper"]],
    ['{\n  "events": [\n    {"type":"done"}\n  ]\n}', done, ["wrapper"]],
    ['{"plan": {"type":"done"}}', done, ["wrapper"]],
  ],
  salvaged: [
    ['{"type":"plan","events":[{"type":"done"}]}', done, ["salvaged"]],
    ['{"type":: {"type":"done"}', done, ["salvaged"]],
  ],
  think: [
    ['<think>{"type":"done"}</think>', done, ["think"]],
    ['<THINKING>so {"type":"done"}', done, ["think", "prose"]],
  ],
  escaped_object: [
    ['{\\"type\\":\\"done\\"}', done, ["escaped_object"]],
    ['{\\n  \\"type\\": \\"done\\"\\n}', done, ["escaped_object", "multiline_object"]],
  ],
  double_encoded: [
    [JSON.stringify('{"type":"done"}'), done, ["double_encoded"]],
    [
      JSON.stringify(JSON.stringify({ ...child("a", 'say "hi" \\ }'), note: 1 })),
      child("a", 'say "hi" \\ }'),
      ["double_encoded", "extra_keys"],
    ],
    [JSON.stringify(JSON.stringify('{"type":"done"}')), done, ["double_encoded"]],
  ],
  multiline_object: [['{\n  "type":\n  "done"\n}', done, ["multiline_object"]]],
  trailing_comma: [
    ['{"type":"done",}', done, ["trailing_comma"]],
    ['{"type":"await","children":["a",],"rule":"r"}', {
      type: "await",
      children: ["a"],
      rule: "r",
    }, ["trailing_comma"]],
  ],
  single_quotes: [
    ["{'type':'done'}", done, ["single_quotes"]],
    [
      "{'type':'child','id':'a','task':'don\\'t say \"no\"','depends_on':[]}",
      child("a", 'don\'t say "no"'),
      ["single_quotes"],
    ],
  ],
  smart_quotes: [
    ["{“type”: “done”}", done, ["smart_quotes"]],
    ["{‘type’: ‘done’}", done, ["smart_quotes"]],
  ],
  inner_quotes: [
    [
      '{"type":"child","id":"a","task":"say "hi", then go","depends_on":[]}',
      child("a", 'say "hi", then go'),
      ["inner_quotes"],
    ],
    ["{'type':'atomic','answer':'it's 5'}", { type: "atomic", answer: "it's 5" }, [
      "single_quotes",
      "inner_quotes",
    ]],
  ],
  unquoted_keys: [['{type: "done"}', done, ["unquoted_keys"]]],
  unquoted_values: [['{"type": done}', done, ["unquoted_values"]]],
  python_literals: [
    ['{"type":"atomic","answer":None}', { type: "atomic", answer: null }, ["python_literals"]],
    ['{"type":"atomic","answer":True}', { type: "atomic", answer: "true" }, [
      "python_literals",
      "text_coerced",
    ]],
  ],
  missing_brace: [
    ['{"type":"done"', done, ["missing_brace"]],
    ['{"type":"done"\n', done, ["missing_brace"]],
    ['{"type":"done"\nThat was all.', done, ["missing_brace"]],
    ['{"type":"child","id":"a","task":"t","depends_on":[]\n{"type":', child("a"), [
      "missing_brace",
    ]],
  ],
  missing_bracket: [
    ['{"type":"child","id":"a","task":"t","depends_on":["b"', child("a", "t", ["b"]), [
      "missing_bracket",
      "missing_brace",
    ]],
    ['{"type":"child","id":"a","task":"t","depends_on":["b"}', child("a", "t", ["b"]), [
      "missing_bracket",
    ]],
  ],
  raw_whitespace: [
    [
      '{"type":"child","id":"a","task":"one\r\ntwo\tthree\n{four}","depends_on":[]}',
      child("a", "one\ntwo\tthree\n{four}"),
      ["raw_whitespace"],
    ],
  ],
  tex_escapes: [
    ['{"type":"atomic","answer":"\\frac{1}{2}"}', { type: "atomic", answer: "\\frac{1}{2}" }, [
      "tex_escapes",
    ]],
  ],
  upper_case: [
    ['{"type":"DONE"}', done, ["upper_case"]],
    ['{"Type":"Done "}', done, ["upper_case"]],
  ],
  type_key: [
    ['{"event":"done"}', done, ["type_key"]],
    ['{"action":"done"}', done, ["type_key"]],
  ],
  extra_keys: [['{"type":"done","because":"so"}', done, ["extra_keys"]]],
  id_number: [
    ['{"type":"child","id":7,"task":"t","depends_on":[12345678901234567890]}', {
      ...child("7"),
      depends_on: ["12345678901234567890"],
    } as NodeEvent, ["id_number"]],
  ],
  id_missing: [['{"type":"child","task":"t","depends_on":[]}', child("child_1"), ["id_missing"]]],
  id_made_safe: [
    ['{"type":"child","id":"a.b/c\\u0000","task":"t","depends_on":[]}', child("a_b_c_"), [
      "id_made_safe",
    ]],
    ['{"type":"child","id":"__proto__","task":"t","depends_on":["constructor"]}', {
      ...child("id___proto__"),
      depends_on: ["id_constructor"],
    } as NodeEvent, ["id_made_safe"]],
  ],
  depends_on_missing: [
    ['{"type":"child","id":"a","task":"t"}', child("a"), ["depends_on_missing"]],
    ['{"type":"child","id":"a","task":"t","depends_on":null}', child("a"), [
      "depends_on_missing",
    ]],
  ],
  depends_on_text: [
    ['{"type":"child","id":"a","task":"t","depends_on":""}', child("a"), ["depends_on_text"]],
    ['{"type":"child","id":"a","task":"t","depends_on":"b"}', child("a", "t", ["b"]), [
      "depends_on_text",
    ]],
    ['{"type":"child","id":"a","task":"t","depends_on":"b, c"}', child("a", "t", ["b", "c"]), [
      "depends_on_text",
    ]],
    [`{"type":"child","id":"a","task":"t","depends_on":"['b']"}`, child("a", "t", ["b"]), [
      "depends_on_text",
    ]],
    ['{"type":"child","id":"a","task":"t","depends_on":"none"}', child("a"), [
      "depends_on_text",
    ]],
  ],
  children_missing: [
    ['{"type":"await","rule":"r"}', { type: "await", children: null, rule: "r" }, [
      "children_missing",
    ]],
    ['{"type":"await","children":[],"rule":"r"}', { type: "await", children: null, rule: "r" }, [
      "children_missing",
    ]],
  ],
  children_text: [
    ['{"type":"await","children":"a","rule":"r"}', {
      type: "await",
      children: ["a"],
      rule: "r",
    }, ["children_text"]],
    ['{"type":"await","children":"all","rule":"r"}', {
      type: "await",
      children: null,
      rule: "r",
    }, ["children_text"]],
  ],
  reference_dropped: [
    [
      '{"type":"child","id":"a","task":"t","depends_on":["b",null,"b","."]}',
      child("a", "t", [
        "b",
      ]),
      ["reference_dropped"],
    ],
  ],
  rule_missing: [
    ['{"type":"await","children":["a"]}', { type: "await", children: ["a"], rule: "" }, [
      "rule_missing",
    ]],
  ],
  text_coerced: [
    ['{"type":"atomic","answer":12345678901234567890}', {
      type: "atomic",
      answer: "12345678901234567890",
    }, ["text_coerced"]],
    ['{"type":"atomic","answer":{"x":[1,2.50]}}', { type: "atomic", answer: '{"x":[1,2.5]}' }, [
      "text_coerced",
    ]],
  ],
};

for (const [name, list] of Object.entries(cases)) {
  test(`the reader mends ${name}`, () => {
    for (const [text, event, repairs] of list) {
      assert.ok(repairs.includes(name), `${name} is not among the repairs of ${text}`);
      const result = read(text).find(({ kind }) => kind === "event" || kind === "repaired");
      assert.deepEqual(result, { kind: "repaired", event, repairs }, text);
      assert.equal(eventsOf(read(text)).length, 1, text);
    }
  });
}

test("every repair of the reader has a case here", () => {
  // Made by the plan and by the strategies: see plan_test.ts and tests/strategies.
  const elsewhere = ["duplicate_renamed", "self_dependency", "reasoning_channel"];
  const names = REPAIRS.map(({ name }) => name);
  assert.deepEqual(new Set(names).size, names.length);
  assert.deepEqual([...Object.keys(cases), ...elsewhere].sort(), [...names].sort());
});
