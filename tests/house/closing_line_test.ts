import { add, format, readTotals } from "../../scripts/tests/closing_line.ts";
import { assert, test } from "../kit.ts";

test("closing line: deno's summary, with steps, skips and colour", () => {
  const text = "x ... ok\n\n\x1b[32mok\x1b[0m | 12 passed (3 steps) | 0 failed | 2 ignored (5ms)\n";
  assert.deepEqual(readTotals(text, 0), { passed: 12, failed: 0, skipped: 2 });
});

test("closing line: bun's summary", () => {
  const text = "(pass) a\n\n 7 pass\n 1 skip\n 2 fail\n 20 expect() calls\nRan 10 tests\n";
  assert.deepEqual(readTotals(text, 1), { passed: 7, failed: 2, skipped: 1 });
});

test("closing line: a runner that died, or said nothing, is a failure", () => {
  assert.equal(readTotals("ok | 3 passed | 0 failed (1ms)", 1).failed, 1);
  assert.equal(readTotals("", 0).failed, 1);
});

test("closing line: totals add up", () => {
  const sum = add({ passed: 1, failed: 2, skipped: 3 }, { passed: 4, failed: 5, skipped: 6 });
  assert.equal(format(sum), "5 passed, 7 failed, 9 skipped");
});
