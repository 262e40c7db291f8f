import { virtualClock } from "../../lib/clock.ts";
import { simulatedBackend } from "../../lib/model/simulated.ts";
import { answerItem, applyRule, readListTask } from "../../lib/model/simulated_tasks.ts";
import { assert, test } from "../kit.ts";
import { attempt, hear } from "./scripted_kit.ts";

const reviews = ["The soup was cold.", "I love this lamp.", "He was kind to us."];

test("simulated: reads lists in many layouts", () => {
  const layouts = [
    `How many of these reviews are positive?\n${reviews.join(" | ")}`,
    `How many of these reviews are positive?\n${reviews.map((x) => `- ${x}`).join("\n")}`,
    `Count the positive reviews. ${reviews.map((x, i) => `${i + 1}. ${x}`).join(" ")}`,
    `Count the positive reviews. ${reviews.map((x) => `"${x}"`).join(" ")}`,
    `${reviews.join(" ")} How many of the reviews above are positive?`,
    `Count the positive reviews.\n${reviews.join("\n")}`,
  ];
  for (const task of layouts) {
    const list = readListTask(task);
    assert.deepEqual(list?.items, reviews, task);
    assert.equal(list?.rule, "count:yes");
  }
  assert.equal(readListTask("Prove that the square root of 2 is irrational."), null);
});

test("simulated: answers items and applies rules", () => {
  assert.deepEqual(reviews.map((x) => answerItem(`Is this review positive? ${x}`)), [
    "no",
    "yes",
    "yes",
  ]);
  assert.equal(answerItem("What number is stated? The box holds 15 eggs."), "15");
  assert.equal(answerItem("Which city is named? Ida flew to Bern."), "Bern");
  assert.equal(answerItem("Does this question ask about a place? Where is the lake?"), "yes");
  assert.equal(answerItem("Compute 7*8."), "56");
  assert.equal(answerItem("What is love?"), null);
  assert.equal(applyRule("sum", ["4", "15"]), "19");
  assert.equal(applyRule("count:yes", ["yes", "no", "Yes"]), "2");
  assert.equal(applyRule("concat", ["Bern", "Malmo"]), "Bern, Malmo");
  assert.equal(applyRule("sum", ["4", "x"]), null);
});

const task =
  `What is the total?\n- Ida bought 4 pens.\n- The box holds 15 eggs.\n- Tom lost 6 coins.`;

test("simulated: plans, works, continues and answers directly", async () => {
  await using backend = simulatedBackend({ clock: virtualClock() });
  const planner = attempt(`Task:\n${task}\n\nAnnounce at most 12 children.`, { role: "planner" });
  const session = backend.open();
  const planned = await hear(session.generate(planner));
  const events = planned.text.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(events.map((event) => event.type), ["child", "child", "child", "await", "done"]);
  assert.equal(events[1].task, "What number is stated? The box holds 15 eggs.");
  assert.equal(events[3].rule, "sum");
  const worker = await hear(backend.open().generate(attempt(events[1].task, { role: "worker" })));
  assert.match(worker.text, /FINAL: 15$/);
  const more = attempt(
    "[part_1]\nFINAL: 4\n\n[part_2]\nFINAL: 15\n\nYour rule: sum\n\nFINAL: <answer>",
    {
      role: "continuation",
    },
  );
  assert.match((await hear(session.generate(more))).text, /FINAL: 19$/);
  const short = attempt("Conclusions: a=4 b=15. Rule: sum.", { role: "continuation" });
  assert.match((await hear(session.generate(short))).text, /FINAL: 19$/);
  const direct = await hear(backend.open().generate(attempt(task, { thinking: "on" })));
  assert.equal(direct.text, "FINAL: 25");
  assert.match(direct.reasoning, /3\. Tom lost 6 coins\. gives 6\./);
});

test("simulated: a plan keeps to its width", async () => {
  await using backend = simulatedBackend({ clock: virtualClock() });
  const prompt = `Task:\n${task}\n\nAnnounce at most 2 children.`;
  const { text } = await hear(backend.open().generate(attempt(prompt, { role: "planner" })));
  const events = text.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(events.map((event) => event.type), ["child", "child", "await", "done"]);
  const values = [];
  for (const { task } of events.slice(0, 2)) {
    const part = await hear(backend.open().generate(attempt(task, { role: "worker" })));
    values.push(/FINAL: (.*)$/.exec(part.text)?.[1]);
  }
  assert.deepEqual(values, ["19", "6"]);
});

test("simulated: time follows the tokens, and a seed repeats it", async () => {
  const time = async (seed: number) => {
    const clock = virtualClock();
    await using backend = simulatedBackend({ clock, seed });
    assert.equal(backend.info.timing, "simulated");
    const { finish } = await hear(backend.open().generate(attempt(task)));
    return { ms: clock.now(), usage: finish!.usage };
  };
  const [one, again, other] = [await time(1), await time(1), await time(2)];
  assert.deepEqual(one, again);
  assert.notEqual(one.ms, other.ms);
  const expected = 20 + 0.1 * one.usage.prompt_tokens! + 20 * one.usage.completion_tokens!;
  assert.ok(Math.abs(one.ms / expected - 1) <= 0.1, `${one.ms} of ${expected}`);
});
