import type { NodeEvent } from "../../lib/protocol/types.ts";
import { assert, test } from "../kit.ts";
import { awaiting, child, kindOf, lines, ran, type RunOptions } from "./strategy_kit.ts";

/** A plan with one child for each reply, under a recombiner. */
function combine(replies: readonly string[], rule: string, options: RunOptions) {
  const names = replies.map((_, i) => `n${i}`);
  const plan = [...names.map((id) => child(id, `task ${id}`)), awaiting(names.toReversed(), rule)];
  return ran(({ role, prompt }) => {
    if (role === "planner") return lines(...plan);
    if (role === "worker") return replies[Number(/^task n(\d)/.exec(prompt)![1])]!;
    return "FINAL: continued";
  }, options);
}

async function outcome(replies: readonly string[], rule: string, options: RunOptions) {
  const result = await combine(replies, rule, options);
  return [result.conclusion.text, result.concludedBy, result.asked.length - replies.length];
}

test("reduce: exact, without a call", async () => {
  const reduce = (replies: readonly string[], rule: string) =>
    outcome(replies, rule, { recombiner: "reduce" });
  assert.deepEqual(await reduce(["FINAL: 0.1", "FINAL: 0.2"], "sum"), [
    "FINAL: 0.3",
    "reduce:sum",
    1,
  ]);
  assert.deepEqual(
    await reduce(["FINAL: 90071992547409930", "So 1.\nFINAL: 1"], "sum"),
    ["FINAL: 90071992547409931", "reduce:sum", 1],
  );
  assert.deepEqual(await reduce(["FINAL: yes", "yes", "FINAL: no"], "count:yes"), [
    "FINAL: 2",
    "reduce:count:yes",
    1,
  ]);
  assert.deepEqual(await reduce(["FINAL: 3", "FINAL: 12"], "max"), ["FINAL: 12", "reduce:max", 1]);
});

test("reduce: continues where the rule is no reducer, a value does not parse, or a child failed", async () => {
  const continued = ["FINAL: continued", "continue", 2];
  const reduce = (replies: readonly string[], rule: string) =>
    outcome(replies, rule, { recombiner: "reduce" });
  assert.deepEqual(await reduce(["FINAL: 1", "FINAL: 2"], "sum of all"), continued);
  assert.deepEqual(await reduce(["FINAL: 1", "FINAL: two or so"], "sum"), continued);
  const talk = "I have read it twice, and it could be said that yes is not quite what it is.";
  assert.deepEqual(await reduce(["FINAL: yes", talk], "count:yes"), continued);
  const failed = await ran(({ role, prompt }) => {
    if (role === "planner") {
      return lines(child("a", "A"), child("b", "B"), awaiting(["a", "b"], "sum"));
    }
    if (prompt.startsWith("A")) return { error: { code: "engine", retryable: false } };
    return role === "worker" ? "FINAL: 1" : "FINAL: continued";
  }, { recombiner: "reduce" });
  assert.equal(failed.concludedBy, "continue");
});

test("vote: the majority; ties go to the earliest announced, in whatever order they are awaited", async () => {
  const vote = (...replies: string[]) => outcome(replies, "agree", { recombiner: "vote" });
  assert.deepEqual(await vote("FINAL: 1", "FINAL: 2", "FINAL: 2"), ["FINAL: 2", "vote", 1]);
  assert.deepEqual(await vote("FINAL: 7", "FINAL: 8"), ["FINAL: 7", "vote", 1]);
  assert.deepEqual(await vote("FINAL: 8", "FINAL: 7", "FINAL: 7", "FINAL: 8"), [
    "FINAL: 8",
    "vote",
    1,
  ]);
});

test("last: the last announced child's conclusion, without a call", async () => {
  assert.deepEqual(
    await outcome(["FINAL: 1", "It is 2.\nFINAL: 2"], "take the last", { recombiner: "last" }),
    [
      "It is 2.\nFINAL: 2",
      "last",
      1,
    ],
  );
});

test("fresh: a new conversation that knows the task, the rule and the conclusions only", async () => {
  const result = await combine(["FINAL: 1", "FINAL: 2"], "add them", { recombiner: "fresh" });
  const last = result.asked.at(-1)!;
  assert.equal(result.concludedBy, "fresh");
  assert.equal(last.messages.some((one) => one.role === "assistant"), false);
  assert.match(
    last.prompt,
    /the task[^]*task n0\nResult: FINAL: 1[^]*task n1\nResult: FINAL: 2[^]*add them/,
  );
});

const oracle: readonly NodeEvent[] = [
  child("a", "part A"),
  child("b", "part B"),
  child("c", "part C", ["a"]),
  awaiting(["a", "b", "c"], "sum"),
];

test("oracle: the given plan, workers at any depth, no root call before the continuation", async () => {
  const result = await ran(({ role, prompt }) => {
    if (role === "worker") return `FINAL: ${prompt.startsWith("part A") ? 1 : 2}`;
    assert.equal(role, "continuation");
    return "FINAL: 5";
  }, { mode: "oracle_parallel", oracle, maxDepth: 3, maxSiblingWidth: 1 });
  assert.deepEqual(result.asked.map((call) => call.role), [
    "worker",
    "worker",
    "worker",
    "continuation",
  ]);
  assert.equal(kindOf(result, "root"), "oracle");
  const { messages } = result.asked.at(-1)!;
  assert.deepEqual(messages.map((one) => one.role), ["system", "user", "assistant", "user"]);
  assert.match(messages[1]!.content, /the task/);
  assert.equal(messages[2]!.content, lines(...oracle).trim());
  assert.equal(result.conclusion.text, "FINAL: 5");
});

test("oracle: reduces without any root call", async () => {
  const result = await ran(() => "FINAL: 2", {
    mode: "oracle_parallel",
    oracle,
    recombiner: "reduce",
  });
  assert.deepEqual([result.conclusion.text, result.concludedBy, result.asked.length], [
    "FINAL: 6",
    "reduce:sum",
    3,
  ]);
});
