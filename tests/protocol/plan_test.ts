import { createEventReader, createPlan } from "../../lib/protocol/mod.ts";
import type { NodeEvent, PlanEnd, PlanOptions, PlanStep } from "../../lib/protocol/types.ts";
import { assert, test } from "../kit.ts";
import { child } from "./read.ts";

const open: PlanOptions = { earlier: new Map(), width: 100, refuse: null };
const wait = (children: readonly string[] | null, rule = "r"): NodeEvent => ({
  type: "await",
  children,
  rule,
});
const answer = (text: string | null): NodeEvent => ({ type: "atomic", answer: text });
const done: NodeEvent = { type: "done" };

function run(events: readonly NodeEvent[], options: Partial<PlanOptions> = {}): {
  steps: PlanStep[];
  end: PlanEnd;
} {
  const plan = createPlan({ ...open, ...options });
  const steps = events.map((event) => plan.accept({ kind: "event", event, repairs: [] }));
  return { steps, end: plan.end() };
}

/** Reasons of refusal and names of repairs, line by line. */
function verdicts({ steps }: { steps: readonly PlanStep[] }): (string | readonly string[])[] {
  return steps.map(({ line }) => "reason" in line ? line.reason : line.repairs);
}

const late = ({ end }: { end: PlanEnd }) =>
  end.late.map((line) => "reason" in line ? [line.reason, line.text] : []);

test("a plan without an await waits for all of its children", () => {
  const { steps, end } = run([child("a"), child("b", "u", ["a", "later"])]);
  assert.deepEqual(steps.map((step) => step.child), [child("a"), child("b", "u", ["a", "later"])]);
  assert.deepEqual(end, {
    children: [child("a"), child("b", "u", ["a", "later"])],
    awaited: ["a", "b"],
    rule: null,
    answer: null,
    solveItself: false,
    late: [],
  });
});

test("an await names what is waited for, and the rule", () => {
  const { end } = run([child("a"), child("b", "u"), wait(["b"], "sum"), done]);
  assert.deepEqual([end.awaited, end.rule, end.late], [["b"], "sum", []]);
  assert.deepEqual(run([child("a"), child("b", "u"), wait(null)]).end.awaited, ["a", "b"]);
});

test("children after an await belong to the plan and are awaited too", () => {
  const { end } = run([child("a"), child("b", "u"), wait(["b"]), child("c", "v")]);
  assert.deepEqual(end.awaited, ["b", "c"]);
  assert.deepEqual(end.children.length, 3);
});

test("several awaits add up", () => {
  const { end } = run([child("a"), wait(["a"], "one"), child("b", "u"), wait(["b"], "two")]);
  assert.deepEqual([end.awaited, end.rule], [["a", "b"], "one\ntwo"]);
  assert.deepEqual(run([child("a"), wait(["a"], "r"), wait(["a"], "r")]).end.rule, "r");
});

test("ids announced after the await that names them are known at the end", () => {
  const ended = run([wait(["b"]), child("a"), child("b", "u")]);
  assert.deepEqual(ended.end.awaited, ["a", "b"]);
  assert.deepEqual(ended.end.late, []);
});

test("unknown_children: the known ones are kept; with none known all are awaited", () => {
  const some = run([child("a"), child("b", "u"), wait(["b", "x", "y"])]);
  assert.deepEqual([some.end.awaited, late(some)], [["b"], [["unknown_children", '["x","y"]']]]);
  const none = run([child("a"), child("b", "u"), wait(["x"])]);
  assert.deepEqual([none.end.awaited, late(none)], [["a", "b"], [["unknown_children", '["x"]']]]);
});

test("nothing_to_await: an await in a node without children", () => {
  const ended = run([wait(["x"])]);
  assert.deepEqual([ended.end.awaited, late(ended)], [[], [["nothing_to_await", ""]]]);
});

test("an await may name children of earlier rounds", () => {
  const earlier = new Map([["a", "t"], ["b", "u"]]);
  assert.deepEqual(run([child("c", "v"), wait(["a", "c"])], { earlier }).end.awaited, ["a", "c"]);
  assert.deepEqual(run([child("c", "v"), wait(null)], { earlier }).end.awaited, ["c"]);
  assert.deepEqual(run([wait(null)], { earlier }).end.awaited, ["a", "b"]);
  assert.deepEqual(run([child("c", "v")], { earlier }).end.awaited, ["c"]);
});

test("duplicate_id: the same child again is dropped", () => {
  const ended = run([child("a"), child("a")]);
  assert.deepEqual(verdicts(ended), [[], "duplicate_id"]);
  assert.deepEqual(ended.end.children, [child("a")]);
  assert.deepEqual(verdicts(run([child("a")], { earlier: new Map([["a", "t"]]) })), [
    "duplicate_id",
  ]);
});

test("duplicate_renamed: a taken id with another task gets a number", () => {
  const ended = run([child("a"), child("a", "u"), child("a", "v"), child("a", "u"), wait(["a"])]);
  assert.deepEqual(verdicts(ended), [
    [],
    ["duplicate_renamed"],
    ["duplicate_renamed"],
    "duplicate_id",
    [],
  ]);
  assert.deepEqual(ended.end.children.map(({ id }) => id), ["a", "a_2", "a_3"]);
  assert.deepEqual(ended.end.awaited, ["a"]);
  const earlier = new Map([["a", "t"], ["a_2", "u"]]);
  const again = run([child("a", "u"), child("a", "v"), child("a_2", "w")], { earlier });
  assert.deepEqual(verdicts(again), ["duplicate_id", ["duplicate_renamed"], ["duplicate_renamed"]]);
  assert.deepEqual(again.end.children.map(({ id }) => id), ["a_3", "a_2_2"]);
});

test("self_dependency: a child that names itself waits for the others only", () => {
  const ended = run([child("a", "t", ["a", "b"])]);
  assert.deepEqual(verdicts(ended), [["self_dependency"]]);
  assert.deepEqual(ended.end.children, [child("a", "t", ["b"])]);
});

test("width: further children are refused, an await that names them waits for the rest", () => {
  const ended = run([child("a"), child("b", "u"), child("c", "v"), wait(["b", "c"])], { width: 2 });
  assert.deepEqual(verdicts(ended), [[], [], "width", []]);
  assert.deepEqual(ended.end.awaited, ["b"]);
  // Only this plan's children count.
  const earlier = new Map([["x", "1"], ["y", "2"]]);
  assert.deepEqual(verdicts(run([child("a")], { width: 1, earlier })), [[]]);
});

test("depth and rounds: children are refused, an answer is not", () => {
  for (const refuse of ["depth", "rounds"] as const) {
    const ended = run([child("a"), wait(["a"]), answer("4")], { refuse });
    assert.deepEqual(verdicts(ended), [refuse, [], []]);
    assert.deepEqual(ended.end.answer, "4");
    assert.deepEqual(late(ended), [["nothing_to_await", ""]]);
    const [{ line }] = ended.steps as [PlanStep];
    assert.ok(line.kind === "rejected" && line.id === "a" && line.type === "child");
  }
});

test("atomic alone concludes; without an answer the node solves its task itself", () => {
  assert.deepEqual(run([answer("4"), done]).end, {
    children: [],
    awaited: [],
    rule: null,
    answer: "4",
    solveItself: false,
    late: [],
  });
  const { answer: none, solveItself } = run([answer(null)]).end;
  assert.deepEqual([none, solveItself], [null, true]);
  assert.equal(run([]).end.solveItself, false);
});

test("atomic_with_children: refused, whichever came first", () => {
  const after = run([child("a"), answer("4")]);
  assert.deepEqual(verdicts(after), [[], "atomic_with_children"]);
  assert.deepEqual([after.end.answer, after.end.awaited], [null, ["a"]]);
  const before = run([answer("4"), child("a")]);
  assert.deepEqual([before.end.answer, before.end.awaited], [null, ["a"]]);
  assert.equal(late(before)[0]![0], "atomic_with_children");
});

test("second_atomic: the first answer counts", () => {
  const ended = run([answer(null), answer("4"), answer("5"), answer(null)]);
  assert.deepEqual(verdicts(ended), [[], [], "second_atomic", "second_atomic"]);
  assert.equal(ended.end.answer, "4");
});

test("after_done: nothing counts any more", () => {
  const ended = run([child("a"), done, child("b", "u"), wait(["a"]), answer("x"), done]);
  assert.deepEqual(verdicts(ended).slice(2), Array(4).fill("after_done"));
  assert.deepEqual(ended.end.awaited, ["a"]);
});

test("repairs of the reader and of the plan stand together; other lines pass through", () => {
  const reader = createEventReader();
  const plan = createPlan(open);
  const text = 'x\n- {"type":"child","id":"a","task":"t","depends_on":["a"]}\n{"type":"x"}\n';
  const lines = reader.push(text).map((line) => plan.accept(line).line);
  assert.deepEqual(lines.map((line) => "repairs" in line ? line.repairs : line.reason), [
    "prose",
    ["list_mark", "self_dependency"],
    "unknown_type",
  ]);
  assert.equal(plan.size, 1);
});

test("10,000 children of one name are told apart in no time worth measuring", () => {
  const { end } = run(Array.from({ length: 10_000 }, (_, i) => child("a", `t${i}`)), {
    width: 10_000,
  });
  assert.equal(end.children.at(-1)!.id, "a_10000");
});
