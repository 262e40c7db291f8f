import { parseGradable, regrade } from "../../lib/records/regrade.ts";
import { assert, test } from "../kit.ts";
import { sampleRow } from "./rows.ts";

function gradable(value: unknown, tasks?: Parameters<typeof parseGradable>[1]) {
  const parsed = parseGradable(value, tasks);
  assert.ok("item" in parsed, JSON.stringify(parsed));
  return parsed.item;
}

test("plain lines are graded", () => {
  const { lines, summary } = regrade([
    gradable({ id: "a", text: "so \\boxed{5}", answer: 5 }),
    gradable({ id: "b", text: "FINAL: 1, 2", answer: ["2", "1"], answer_type: "set" }),
    gradable({ id: "c", text: null, answer: "x" }),
    gradable({ id: "d", text: "FINAL: 3" }),
  ]);
  assert.deepEqual(lines, [
    { id: "a", answer: "5", answer_rule: "boxed", correct: true },
    { id: "b", answer: "1, 2", answer_rule: "final_line", correct: true },
    { id: "c", answer: null, answer_rule: null, correct: false },
    { id: "d", answer: "3", answer_rule: "final_line", correct: null },
  ]);
  const { graded, correct, wrong, ungraded, rules, changed } = summary;
  assert.deepEqual([graded, correct, wrong, ungraded, changed], [4, 2, 1, 1, []]);
  assert.deepEqual(rules, { boxed: 1, final_line: 2, none: 1 });
});

test("a row is graded by its root's concluding text, and what changed is told", () => {
  const { lines, summary } = regrade([
    gradable(sampleRow()),
    gradable(sampleRow({ row_id: "old", correct: false, answer: null })),
    gradable(sampleRow({ row_id: "none", nodes: [], correct: false })),
  ]);
  assert.deepEqual(lines[0], {
    id: "task",
    row_id: "row",
    answer: "5",
    answer_rule: "final_line",
    correct: true,
  });
  assert.deepEqual(summary.changed, [{
    id: "task",
    row_id: "old",
    from: { answer: null, correct: false },
    to: { answer: "5", correct: true },
  }]);
  assert.equal(lines[2]!.correct, false);
});

test("answers of a task file go before those in the lines", () => {
  const tasks = new Map([["task", { answer: 6, answer_type: "integer" as const }]]);
  assert.equal(regrade([gradable(sampleRow(), tasks)]).lines[0]!.correct, false);
  assert.equal(
    regrade([gradable({ id: "task", text: "6", answer: 5 }, tasks)]).lines[0]!.correct,
    true,
  );
});

test("what cannot be graded says why", () => {
  for (const value of [5, { id: "a" }, { id: "a", text: 5 }, { schema: "rrm.row/9" }]) {
    const parsed = parseGradable(value);
    assert.ok("reason" in parsed && parsed.reason.includes("{id, text, answer}"));
  }
});
