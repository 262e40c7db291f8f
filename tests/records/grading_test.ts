import { type AnswerSheet, gradeText, guessAnswerType } from "../../lib/records/grading/mod.ts";
import { extractAnswer, finalValue, stripThinking } from "../../lib/records/grading/mod.ts";
import type { AnswerType } from "../../lib/records/task_types.ts";
import { assert, test } from "../kit.ts";

type Case = readonly [text: string, answer: AnswerSheet["answer"], correct: boolean, rule?: string];

function table(name: string, type: AnswerType | undefined, cases: readonly Case[]): void {
  test(`grading, ${name}`, () => {
    const wrong = cases.flatMap(([text, answer, correct, rule]) => {
      const grade = gradeText(text, type ? { answer, answer_type: type } : { answer });
      const right = grade.correct === correct && (!rule || grade.answer_rule === rule);
      return right ? [] : [
        `${JSON.stringify(text)} against ${JSON.stringify(answer)}: ` +
        JSON.stringify(grade),
      ];
    });
    assert.deepEqual(wrong, []);
  });
}

table("dress of integers", "integer", [
  ["FINAL: 73", 73, true, "final_line"],
  ["FINAL: 73", "73", true],
  ["FINAL: 073", 73, true],
  ["FINAL: 25", "025", true],
  ["FINAL: 0", "000", true],
  ["FINAL: 1,234", 1234, true],
  ["FINAL: 1{,}234", 1234, true],
  ["FINAL: 12,345,678", 12345678, true],
  ["FINAL: 1\\,234", 1234, true],
  ["FINAL: 1,23", 123, false],
  ["FINAL: $73$", 73, true],
  ["FINAL: $73", 73, true],
  ["FINAL: \\$73", 73, true],
  ["FINAL: \\(73\\)", 73, true],
  ["FINAL: \\[73\\]", 73, true],
  ["FINAL: **73**", 73, true],
  ["**FINAL:** 73", 73, true],
  ["**FINAL: 73**", 73, true],
  ["FINAL: `73`", 73, true],
  ["FINAL: 73.", 73, true],
  ["FINAL: 73.0", 73, true],
  ["FINAL: 73.5", 73, false],
  ["FINAL: \\text{73}", 73, true],
  ["FINAL: \\mathbf{73}", 73, true],
  ["FINAL: 73\\text{ cm}", 73, true],
  ["FINAL: 73 cm^2", 73, true],
  ["FINAL: 73cm", 73, true],
  ["FINAL: 73 square units", 73, true],
  ["FINAL: 73^\\circ", 73, true],
  ["FINAL: 73^{\\circ}", 73, true],
  ["FINAL: 73°", 73, true],
  ["FINAL: 10%", 10, true],
  ["FINAL: 10\\%", 10, true],
  ["FINAL: \u22125", -5, true],
  ["FINAL: -5", 5, false],
  ["FINAL: x = 73", 73, true],
  ["FINAL: $m+n = 12+25+25 = 62$", 62, true],
  ["FINAL: a+b=62", 62, true],
  ["FINAL: x <= 73", 73, false],
  ["FINAL: The total is 73.", 73, true],
  ["FINAL: 73, because 70 + 3 is 73", 73, true],
  ["FINAL: 73 or 74", 73, false],
  ["FINAL: 12 and 73", 73, false],
  ["FINAL: not 73", 73, false],
  ["FINAL: 3 million", 3, false],
  ["FINAL: 5!", 5, false],
  ["FINAL: 2x", 2, false],
  ["FINAL: 2^5", 32, false],
  ["FINAL: 30 + 43", 73, false],
  ["FINAL: \\frac{146}{2}", 73, true],
  ["FINAL: \\sqrt{73}", 73, false],
  ["FINAL: {73}", 73, true],
  ["FINAL: <answer>", 73, false],
]);

table("which rule", "integer", [
  ["\\boxed{5}\nFINAL: 73", 73, true, "final_line"],
  ["FINAL: 5\nno, wait\nFINAL: 73", 73, true, "final_line"],
  ["FINAL: 73\n\\boxed{5}", 73, true, "final_line"],
  ["FINAL: \\boxed{73}", 73, true, "final_line"],
  ["FINAL: \\boxed{73}\nso \\boxed{5}", 73, true, "final_line"],
  ["FINAL: \\boxed{73", 73, false, "final_line"],
  ["FINAL:\n73", 73, true, "final_line"],
  ["FINAL:\n\n**73**\nDone.", 73, true, "final_line"],
  ["\\boxed{73}\nFINAL:", 73, false, "final_line"],
  ["We sum. FINAL: 73", 73, true, "final_line"],
  ["Final: 73", 73, true, "final_line"],
  ["FINAL ANSWER: 73", 73, true, "final_line"],
  ["the final: 73 and then 5", 5, true, "last_integer"],
  ["\\boxed{73}", 73, true, "boxed"],
  ["\\boxed{5} \\boxed{73}", 73, true, "boxed"],
  ["\\boxed{004}, so \\boxed{004}", 4, true, "boxed"],
  ["\\fbox{73}", 73, true, "boxed"],
  ["\\boxed 73", 73, true, "boxed"],
  ["\\boxed {73}", 73, true, "boxed"],
  ["\\boxed{\\text{73}}", 73, true, "boxed"],
  ["\\boxed{\\frac{146}{2}}", 73, true, "boxed"],
  ["\\boxed{\\boxed{73}}", 73, true, "boxed"],
  ["\\boxed{a+b+c = 12+25+36 = 73}", 73, true, "boxed"],
  ["$\\boxed{73}$.", 73, true, "boxed"],
  ["\\boxed{73} then \\boxed{", 73, false, "boxed"],
  ["\\boxed{73} then \\boxed{7", 7, false, "boxed"],
  ["\\boxed{73} then \\boxed{}", 73, false, "boxed"],
  ["\\boxed{73} then \\boxed{\\text{}}", 73, false, "boxed"],
  ["The answer is 5. \\boxed{73}", 73, true, "boxed"],
  ["The final answer is 73. I hope it is correct.", 73, true, "answer_phrase"],
  ["Final answer: 73", 73, true, "answer_phrase"],
  ["final answer is 73. Another answer: 5", 73, true, "answer_phrase"],
  ["The answer is 5, no: the answer is 73.", 73, true, "answer_phrase"],
  ["**Answer:** 73", 73, true, "answer_phrase"],
  ["Answer:\n73", 73, true, "answer_phrase"],
  ["the answer is $73$ apples.", 73, true, "answer_phrase"],
  ["The answer is 73 because 70+3 = 73", 73, true, "answer_phrase"],
  ["Of 100 there are 73", 73, true, "last_integer"],
  ["Of 100 there are 73.5", 100, true, "last_integer"],
  ["There are 1,073 of them", 1073, true, "last_integer"],
  ["x^2, a_3, step4: 73", 73, true, "last_integer"],
  ["It falls to -73", -73, true, "last_integer"],
  ["80-7", 7, true, "last_integer"],
  ["nothing at all", 73, false],
  ["", 73, false],
]);

table("thinking is ignored", "integer", [
  ["<think>FINAL: 5</think>FINAL: 73", 73, true, "final_line"],
  ["FINAL: 73<think>FINAL: 5</think>", 73, true],
  ["FINAL: 5</think>73", 73, true, "last_integer"],
  ["<think>\\boxed{73}", 73, false],
  ["<think>a <think> b</think>FINAL: 73", 73, true],
  ["<THINK>FINAL: 5</THINK>FINAL: 73", 73, true],
]);

table("numbers", "number", [
  ["FINAL: \\frac{1}{2}", "1/2", true],
  ["FINAL: \\dfrac12", "1/2", true],
  ["FINAL: 0.5", "1/2", true],
  ["FINAL: .5", "\\frac{1}{2}", true],
  ["FINAL: 2/4", 0.5, true],
  ["FINAL: -\\frac{3}{4}", -0.75, true],
  ["FINAL: 3\\frac{1}{2}", 3.5, true],
  ["FINAL: 3 1/2", 3.5, true],
  ["FINAL: 0.333333", "1/3", true],
  ["FINAL: 0.333", "1/3", false],
  ["FINAL: 1/3", "0.333333", true],
  ["FINAL: 33/100", "1/3", false],
  ["FINAL: 10%", "0.1", true],
  ["FINAL: 0.1", "10%", true],
  ["FINAL: 10", "10%", true],
  ["FINAL: 1/0", "0", false],
  ["FINAL: 1.5e3", 1500, true],
  ["FINAL: 1e999", 1, false],
  ["FINAL: \u20AC12.50", 12.5, true],
  ["FINAL: \\sqrt{2}", "\\sqrt{2}", true],
  ["FINAL: $3 \\pi$", "3\\pi", true],
  ["FINAL: 2003^{2002^{2001}}", "1", false],
  ["about 12 of 3.25", 3.25, true, "last_number"],
]);

table("choices", "choice", [
  ["FINAL: B", "B", true],
  ["FINAL: (B)", "B", true],
  ["FINAL: b", "B", true],
  ["FINAL: B) the second", "B", true],
  ["FINAL: \\text{(B)}", "(B)", true],
  ["FINAL: **B.** the second", "B", true],
  ["FINAL: Option B", "B", true],
  ["The answer is (B).", "B", true],
  ["\\boxed{\\textbf{(C)}}", "C", true],
  ["It could be (A), but (D) fits", "D", true, "last_choice"],
  ["FINAL: A", "B", false],
  ["FINAL: Positive.", "positive", true],
]);

table("sets, lists, pairs", undefined, [
  ["FINAL: \\{3, 1, 2\\}", "\\{1,2,3\\}", true],
  ["FINAL: 3, 1, 2", [1, 2, 3], true],
  ["FINAL: 3, 1, 2, 2", [1, 2, 3], true],
  ["FINAL: 3, 1", [1, 2, 3], false],
  ["FINAL: {1/2, 0.25}", ["1/4", "0.5"], true],
  ["FINAL: Oslo, Rome and Paris", ["Paris", "Rome", "Oslo"], true],
  ["FINAL: Oslo and Rome.", ["Rome", "Oslo"], true],
  ["FINAL: salt and pepper, oil", ["oil", "salt and pepper"], true],
  ["FINAL:\n- Oslo\n- Rome", ["Rome", "Oslo"], true],
  ["FINAL:\n1. Oslo\n2. Rome\n\nThat is all.", ["Rome", "Oslo"], true],
  ["Oslo, Rome", ["Rome", "Oslo"], true, "whole_text"],
  ["FINAL: (1, 2)", "(1,2)", true],
  ["FINAL: (2, 1)", "(1,2)", false],
  ["FINAL: [1, 2)", "[1,2)", true],
  ["FINAL: (1, 2)", "[1,2)", false],
  ["FINAL: $\\left(1, 2\\right]$", "(1,2]", true],
  ["FINAL: [3,4) \\cup (0, 1/2]", "(0,0.5] ∪ [3,4)", true],
  ["FINAL: (3,4), (1,2)", [[1, 2], [3, 4]], true],
  ["FINAL: [[1,2],[3,4]]", [[1, 2], [3, 4]], true],
  ["FINAL: (2,1), (3,4)", [[1, 2], [3, 4]], false],
]);

table("ordered lists as text", "text", [
  ["FINAL: Oslo, Rome", ["Oslo", "Rome"], true],
  ["FINAL: Rome, Oslo", ["Oslo", "Rome"], false],
  ["FINAL: The  River.", "the river", true],
  ["FINAL: \u201CThe River\u201D", "The River", true],
  ["FINAL: $x^2 + 1$", "x^2+1", true],
  ["FINAL: a river", "the river", false],
  ["The River", "the river", true, "whole_text"],
]);

table("JSON", "json", [
  ['FINAL: {"b": [1, 2], "a": 1.0}', '{"a": 1, "b": [1, 2]}', true],
  ['FINAL:\n```json\n{"a":\n 1}\n```', '{"a": 1}', true],
  ['FINAL: {"a": 1} as asked.', '{"a": 1}', true],
  ['{"a": 1}', '{"a": 1}', true, "whole_text"],
  ['FINAL: {"a": 2}', '{"a": 1}', false],
  ['FINAL: {"a": ', '{"a": 1}', false],
  ["FINAL: [1, 2]", [1, 2], true],
  ["FINAL: [2, 1]", [1, 2], false],
]);

test("a task without an answer is not graded, but its answer is found", () => {
  const grade = gradeText("FINAL: 7", { answer: null });
  assert.deepEqual(grade, { answer: "7", answer_rule: "final_line", correct: null, score: null });
  assert.deepEqual(gradeText(null, { answer: 7 }).correct, false);
});

test("the answer is shown normalised", () => {
  assert.equal(gradeText("\\boxed{\\text{1,234 cm}}", { answer: 5 }).answer, "1234");
  assert.equal(extractAnswer("FINAL: \\dfrac{2}{4}", "number").answer, "1/2");
  assert.equal(extractAnswer("\\boxed{}", "integer").rule, "boxed");
  assert.equal(extractAnswer("\\boxed{}", "integer").answer, null);
});

test("answer types are guessed", () => {
  const guesses: readonly (readonly [AnswerSheet["answer"], AnswerType])[] = [
    [5, "integer"],
    ["025", "integer"],
    ["1/2", "number"],
    [0.5, "number"],
    ["10%", "number"],
    ["B", "choice"],
    ["(C)", "choice"],
    ["\\{1,2\\}", "set"],
    [["a", "b"], "set"],
    [[[1, 2]], "pairs"],
    ["(1, 2)", "pairs"],
    ["[0, 1)", "pairs"],
    ['{"a": 1}', "json"],
    ["Paris", "text"],
    ["yes", "text"],
    ["x = 5 or so", "text"],
  ];
  for (const [answer, type] of guesses) {
    assert.equal(guessAnswerType(answer!), type, JSON.stringify(answer));
  }
});

test("finalValue gives what a conclusion states", () => {
  assert.equal(finalValue("Tara sold 12 pens. FINAL: 12"), "12");
  assert.equal(finalValue("\\boxed{x}"), "x");
  assert.equal(finalValue("<think>no</think> yes. "), "yes");
  assert.equal(finalValue("**yes**"), "yes");
  assert.equal(finalValue("\\boxed{}"), "");
  assert.equal(stripThinking("a<think>b</think>c"), "ac");
});
