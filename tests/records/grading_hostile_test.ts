import { extractAnswer, finalValue, gradeText } from "../../lib/records/grading/mod.ts";
import { majority, REDUCERS, reduceValues } from "../../lib/records/reducers.ts";
import { ANSWER_TYPES } from "../../lib/records/task_line.ts";
import { assert, test } from "../kit.ts";

/** Numbers in [0, 1) from a seed. */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed * 1664525 + 1013904223) % 4294967296;
    return seed / 4294967296;
  };
}

const pieces = [
  "FINAL:",
  "Final:",
  "\\boxed",
  "\\fbox{",
  "{",
  "}",
  "\\{",
  "\\frac",
  "\\frac{1}{",
  "<think>",
  "</think>",
  "the answer is ",
  "Answer:",
  "**",
  "`",
  "$",
  "\n",
  "\r\n",
  " ",
  ",",
  ".",
  "=",
  "/",
  "%",
  "^",
  "(",
  "]",
  "1",
  "23",
  "0.5",
  "1,234",
  "\u2212",
  "1e999",
  "9".repeat(500),
  "x",
  "yes",
  "and",
  "```json",
  '"',
  "\\",
  "\uD800",
  "\u0000",
  "\u202E",
  "__proto__",
  "[[",
  "\\text{",
  "°",
  "-",
  "\t",
];

test("no text makes grading throw, and its answer is a string or null", () => {
  const random = seeded(7);
  for (let round = 0; round < 1500; round++) {
    const length = Math.floor(random() * 24);
    const text = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join(
      "",
    );
    const type = ANSWER_TYPES[round % ANSWER_TYPES.length]!;
    for (const answer of [7, "1/2", "\\{1, 2\\}", ["a", "b"], [[1, 2]], text || "x"]) {
      const grade = gradeText(text, { answer, answer_type: type });
      assert.equal(typeof grade.correct, "boolean");
      assert.ok(grade.answer === null || typeof grade.answer === "string");
      assert.ok(grade.answer === null || grade.answer_rule !== null, "an answer has a rule");
    }
    assert.equal(typeof finalValue(text), "string");
    for (const rule of REDUCERS) reduceValues(rule, [text, "1", text]);
    majority([text, "1", text]);
  }
});

test("an answer is right when given in its own words", () => {
  const random = seeded(11);
  for (let round = 0; round < 500; round++) {
    const n = Math.floor(random() * 2000) - 1000;
    const d = 1 + Math.floor(random() * 50);
    assert.equal(gradeText(`FINAL: ${n}`, { answer: n }).correct, true);
    assert.equal(gradeText(`\\boxed{${n}}`, { answer: String(n) }).correct, true);
    assert.equal(gradeText(`FINAL: ${n + 1}`, { answer: n }).correct, false);
    assert.equal(
      gradeText(`FINAL: \\frac{${n * 3}}{${d * 3}}`, { answer: `${n}/${d}` }).correct,
      true,
    );
  }
});

test("expressions are not worked out", () => {
  const started = performance.now();
  for (
    const power of [
      "2003^{2002^{2001}}",
      "9".repeat(300) + "^" + "9".repeat(300),
      "1e99999999",
      "10**10**10",
    ]
  ) {
    for (const text of [`FINAL: ${power}`, `\\boxed{${power}}`, power]) {
      assert.equal(gradeText(text, { answer: 1, answer_type: "number" }).correct, false);
    }
  }
  assert.ok(performance.now() - started < 1000);
});

test("reading is linear in the length of hostile texts", () => {
  const seeds = [
    "FINAL: ",
    "FINAL:\n",
    "final",
    "\\boxed{",
    "\\boxed",
    "{",
    "}",
    "\\frac{",
    "<think>",
    "</think>",
    "answer is ",
    "final answer ",
    " ",
    "\n",
    "\t\n",
    "*",
    "`",
    "(",
    "(A)",
    "1",
    "1,",
    "1/",
    "-",
    "1 ",
    "\\",
    '"',
    "[",
    "```",
    ",",
    "a, ",
    "and ",
  ];
  const slow: string[] = [];
  for (const seed of seeds) {
    for (const type of ["integer", "set", "pairs", "json"] as const) {
      for (const head of ["", "FINAL: "]) {
        const short = timeOf(head + seed.repeat(8_000 / seed.length), type);
        const long = timeOf(head + seed.repeat(64_000 / seed.length), type);
        // Eight times the text may take eight times as long; a square would take 64 times.
        if (long > 30 * Math.max(short, 2)) {
          slow.push(`${type} ${JSON.stringify(head + seed)}: ${short} ${long}`);
        }
      }
    }
  }
  assert.deepEqual(slow, []);
});

function timeOf(text: string, type: (typeof ANSWER_TYPES)[number]): number {
  let best = Infinity;
  for (let i = 0; i < 3; i++) {
    const started = performance.now();
    extractAnswer(text, type);
    gradeText(text, { answer: ["a"], answer_type: type });
    best = Math.min(best, performance.now() - started);
  }
  return best;
}
