import { parseRow, rowId } from "../../lib/records/row.ts";
import { assert, test } from "../kit.ts";
import { sampleRow } from "./rows.ts";

test("a row survives being stored and read", () => {
  const row = sampleRow();
  assert.deepEqual(parseRow(JSON.parse(JSON.stringify(row))), { row });
});

test("fields that a row may lack read as null or empty", () => {
  const { seed: _s, effects: _e, errors: _r, cost_usd: _c, context: _x, ...older } = sampleRow();
  const parsed = parseRow({ ...older, of_a_later_version: 1 });
  assert.ok("row" in parsed);
  const { seed, effects, errors, cost_usd, context } = parsed.row;
  assert.deepEqual({ seed, effects, errors, cost_usd, context }, {
    seed: null,
    effects: [],
    errors: [],
    cost_usd: null,
    context: null,
  });
});

test("what is no row is refused with its reason", () => {
  const { latency_ms: _, ...headless } = sampleRow();
  const cases: readonly (readonly [unknown, string, RegExp])[] = [
    [null, "foreign", /not a JSON object/],
    [[sampleRow()], "foreign", /not a JSON object/],
    [{ id: "a", task: "b" }, "foreign", /no schema field/],
    [{ schema: "other/1" }, "foreign", /schema "other\/1", not rrm.row\/1/],
    [{ ...sampleRow(), schema: "rrm.row/0" }, "schema", /schema rrm.row\/0, and only rrm.row\/1/],
    [headless, "schema", /^latency_ms: /],
    [sampleRow({ status: "fine" as "ok" }), "schema", /^status: /],
    [{ ...sampleRow(), nodes: [{ path: 5 }] }, "schema", /^nodes\.0\.path: /],
  ];
  for (const [value, kind, reason] of cases) {
    const parsed = parseRow(value);
    assert.ok(!("row" in parsed));
    assert.equal(parsed.kind, kind);
    assert.match(parsed.reason, reason);
  }
});

test("hostile keys of a row are data", () => {
  const text = JSON.stringify(sampleRow()).replace('"texts":{', '"texts":{"__proto__":"x",');
  const parsed = parseRow(JSON.parse(text));
  assert.ok("row" in parsed);
  assert.equal(Object.getPrototypeOf(parsed.row.texts), Object.prototype);
  assert.equal(({} as Record<string, unknown>)["x"], undefined);
});

test("a row's id depends on each of task, mode, repeat and settings", () => {
  const key = { taskHash: "t", mode: "direct", repeat: 0, configHash: "c" };
  assert.equal(rowId(key), rowId({ ...key }));
  const others = [{ taskHash: "u" }, { mode: "other" }, { repeat: 1 }, { configHash: "d" }];
  assert.equal(new Set([key, ...others.map((o) => ({ ...key, ...o }))].map(rowId)).size, 5);
});
