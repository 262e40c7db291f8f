import { majority, reduceValues } from "../../lib/records/reducers.ts";
import { assert, test } from "../kit.ts";

const cases:
  readonly (readonly [rule: string, values: readonly string[], result: string | null])[] = [
    ["sum", ["1", "2", "3"], "6"],
    ["sum", ["12 pens", "FINAL"], null],
    ["sum", ["12 pens", "3"], "15"],
    ["sum", ["0.1", "0.2"], "0.3"],
    ["sum", ["1/2", "1/3"], "5/6"],
    ["sum", ["0.5", "1/3"], "5/6"],
    ["sum", ["\u22125", "2"], "-3"],
    ["sum", ["9007199254740993", "1"], "9007199254740994"],
    ["sum", ["10%", "2"], null],
    ["sum", [], null],
    [" sum ", ["4"], "4"],
    ["Sum", ["4"], null],
    ["sum of all", ["4"], null],
    ["product", ["1/2", "4"], "2"],
    ["product", ["2", "-3", "0.5"], "-3"],
    ["product", Array.from({ length: 200 }, () => "9".repeat(90)), null],
    ["min", ["3", "1/2", "2"], "1/2"],
    ["max", ["3", "10", "2"], "10"],
    ["max", ["3", "ten"], null],
    ["count:yes", ["yes", "No.", "Yes, it is.", "**yes**"], "3"],
    ["count:yes", ["yes", "maybe"], null],
    ["count:no", ["yes", "no"], "1"],
    ["count:red", ["Red", "blue", "red."], "2"],
    ["count:2", ["2", "2.0", "3"], "2"],
    ["count:", ["yes"], null],
    ["count:red", ["a long story\nabout red"], null],
    ["concat", ["Oslo", "Rome."], "Oslo, Rome"],
    ["concat", ["Oslo", ""], null],
    ["union", ["Oslo, Rome", "rome, Paris"], "Oslo, Rome, Paris"],
    ["vote", ["12", "12.0", "13"], "12"],
    ["vote", ["a", "b"], "a"],
    ["vote", ["b", "a", "A"], "a"],
    ["all", ["yes", "Yes."], "yes"],
    ["all", ["yes", "no"], "no"],
    ["any", ["no", "yes"], "yes"],
    ["any", ["false", "no"], "no"],
    ["any", ["no", "perhaps"], null],
    ["constructor", ["1"], null],
  ];

test("named reducers are exact, and null for anything else", () => {
  for (const [rule, values, result] of cases) {
    assert.equal(reduceValues(rule, values)?.value ?? null, result, `${rule} of ${values}`);
  }
});

test("majority counts after normalisation and prefers the earliest", () => {
  assert.deepEqual(majority(["x", "025", "25", "x"]), { value: "x", votes: 2, index: 0 });
  assert.deepEqual(majority(["7", "025", "25"]), { value: "025", votes: 2, index: 1 });
  assert.equal(majority([]), null);
});
