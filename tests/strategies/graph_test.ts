import { assert, test } from "../kit.ts";
import {
  awaiting,
  calls,
  child,
  endOf,
  events,
  kindOf,
  lines,
  ran,
  slowly,
} from "./strategy_kit.ts";

const twoChildren = [child("a", "part A"), child("b", "part B"), awaiting(["a", "b"], "add")];

test("streaming: a child starts while its parent still streams", async () => {
  const result = await ran(({ role, prompt }) => {
    if (role === "planner") return slowly(100, ...twoChildren, { type: "done" });
    if (role === "worker") return { text: `${prompt} FINAL: 1`, prefillMs: 50 };
    return { text: "FINAL: 2", prefillMs: 10 };
  });
  assert.equal(result.conclusion.text, "FINAL: 2");
  assert.deepEqual(calls(result), [
    ["root", "planner", 0, 400],
    ["root.a", "worker", 100, 150],
    ["root.b", "worker", 200, 250],
    ["root", "continuation", 400, 410],
  ]);
  const [a] = events(result, "node-create").filter((one) => one.node === "root.a");
  assert.deepEqual(a!.announced_by, { id: "c1", at_ms: 100 });
  assert.deepEqual(
    events(result, "call-line").map((line) => [line.event, line.id, line.at_ms]),
    [["child", "a", 100], ["child", "b", 200], ["await", null, 300], ["done", null, 400]],
  );
  assert.equal(kindOf(result, "root"), "emitted");
  assert.equal(kindOf(result, "root.a"), "worker");
  assert.equal(result.concludedBy, "continue");
});

test("planned: children wait for the end of the plan; sequential: one call at a time", async () => {
  const script = ({ role }: { role: string }) =>
    role === "planner" ? slowly(100, ...twoChildren) : { text: "FINAL: 1", prefillMs: 50 };
  const planned = await ran(script, { mode: "planned_parallel" });
  assert.deepEqual(calls(planned), [
    ["root", "planner", 0, 300],
    ["root.a", "worker", 300, 350],
    ["root.b", "worker", 300, 350],
    ["root", "continuation", 350, 400],
  ]);
  assert.equal(events(planned, "node-create")[1]!.announced_by!.at_ms, 100);
  const sequential = await ran(script, { mode: "sequential", maxConcurrency: 8 });
  assert.deepEqual(calls(sequential), [
    ["root", "planner", 0, 300],
    ["root.a", "worker", 300, 350],
    ["root.b", "worker", 350, 400],
    ["root", "continuation", 400, 450],
  ]);
});

test("a child with dependencies starts after them, with their conclusions in its prompt", async () => {
  const result = await ran(({ role, prompt }) => {
    if (role === "planner") {
      return slowly(10, child("b", "part B", ["a"]), child("a", "part A"), awaiting(["b"]));
    }
    if (role === "continuation") return "FINAL: done";
    return { text: prompt.startsWith("part A") ? "FINAL: 42" : "FINAL: 43", prefillMs: 100 };
  });
  const b = result.asked.find((call) => call.prompt.startsWith("part B"))!;
  assert.match(b.prompt, /part A\nResult: FINAL: 42/);
  assert.deepEqual(calls(result).slice(1, 3), [
    ["root.a", "worker", 20, 120],
    ["root.b", "worker", 120, 220],
  ]);
});

test("the continuation goes on in the planner's own conversation", async () => {
  const plan = lines(...twoChildren);
  const result = await ran(({ role, prompt }) =>
    role === "planner" ? plan : role === "worker" ? `did ${prompt}` : "FINAL: 3"
  );
  const last = result.asked.at(-1)!;
  assert.deepEqual(last.messages.map((one) => one.role), ["system", "user", "assistant", "user"]);
  assert.equal(last.messages[2]!.content, plan);
  assert.match(last.prompt, /\[a\]\ndid part A\n\n\[b\]\ndid part B/);
  assert.match(last.prompt, /Your rule: add/);
});

test("nested plans: nodes above the depth limit plan, nodes at it work", async () => {
  const result = await ran(({ role, messages, prompt }) => {
    if (role === "planner") {
      return prompt.includes("the task")
        ? lines(child("left", "halve"), awaiting(["left"]))
        : lines(child("leaf", "tiny"), awaiting(["leaf"]));
    }
    return role === "worker" ? "FINAL: leaf" : `FINAL: ${messages.length}`;
  }, { maxDepth: 2 });
  assert.deepEqual(calls(result).map(([node, role]) => `${node} ${role}`), [
    "root planner",
    "root.left planner",
    "root.left.leaf worker",
    "root.left continuation",
    "root continuation",
  ]);
  assert.equal(kindOf(result, "root.left"), "emitted");
});

test("at depth 0 the root is a worker; its events are refused, and it is asked directly once", async () => {
  const result = await ran(({ prompt, messages, index }) => {
    if (index === 0) return lines(...twoChildren);
    assert.equal(prompt, "the task");
    assert.equal(messages.length, 2);
    return "FINAL: 9";
  }, { maxDepth: 0 });
  assert.deepEqual(calls(result).map(([node, role]) => `${node} ${role}`), [
    "root worker",
    "root worker",
  ]);
  assert.equal(result.conclusion.text, "FINAL: 9");
  assert.equal(events(result, "node-create").length, 1);
  const refused = events(result, "call-line").filter((line) => line.event === "child");
  assert.deepEqual(refused.map((line) => [line.kind, line.reason]), [["rejected", "depth"], [
    "rejected",
    "depth",
  ]]);
});

test("a worker's reply: text is the conclusion, an atomic in it too, and text beside refused events", async () => {
  const worker = (reply: string) => ran([reply], { maxDepth: 0 });
  assert.equal(
    (await worker("Say {x | x > 1}.\nFINAL: 4")).conclusion.text,
    "Say {x | x > 1}.\nFINAL: 4",
  );
  const atomic = await worker(`{"type":"atomic","answer":"So 5. FINAL: 5"}`);
  assert.equal(atomic.conclusion.text, "So 5. FINAL: 5");
  assert.equal(atomic.concludedBy, "worker");
  assert.equal(
    (await worker(`${lines(child("a", "x"))}So\nFINAL: 6`)).conclusion.text,
    "So\nFINAL: 6",
  );
  assert.equal((await worker(`It is 7.\n{"type":"done"}`)).conclusion.text, "It is 7.");
});

test("a cut plan goes on with the children it has, and is not sampled again", async () => {
  const result = await ran(({ role }) => {
    if (role === "planner") {
      return { text: lines(child("a", "part A")) + `{"type":"chi`, error: { code: "cut" } };
    }
    return "FINAL: 1";
  });
  assert.deepEqual(calls(result).map(([, role]) => role), ["planner", "worker", "continuation"]);
  assert.equal(result.status, "ok");
  assert.equal(events(result, "call-end")[0]!.used, true);
  const planned = await ran(
    ({ role }) =>
      role === "planner"
        ? { text: lines(child("a", "part A")), error: { code: "cut" } }
        : "FINAL: 1",
    { mode: "planned_parallel" },
  );
  assert.deepEqual(calls(planned).map(([, role]) => role), ["planner", "worker", "continuation"]);
});

test("a plan that fails before its first child is sampled again, and starts clean", async () => {
  let planners = 0;
  const result = await ran(({ role }) => {
    if (role === "planner" && planners++ === 0) {
      return { text: `{"type":"atomic","answer":"FINAL: wrong"}\n`, error: { code: "cut" } };
    }
    return role === "planner" ? lines(child("a", "part A"), awaiting(["a"])) : "FINAL: right";
  });
  assert.equal(result.conclusion.text, "FINAL: right");
  assert.equal(result.concludedBy, "continue");
  assert.equal(planners, 2);
});

test("a planner's reply without a usable event falls back to the direct prompt", async () => {
  for (const reply of ["Let me think. FINAL: 3", "", `{"type":"done"}`, `{"type":"dance"}`]) {
    const result = await ran(({ role, prompt, messages }) => {
      if (role === "planner") return reply;
      assert.equal(role, "direct");
      assert.equal(prompt, "the task");
      assert.equal(messages.length, 2);
      return "FINAL: 8";
    });
    assert.equal(result.conclusion.text, "FINAL: 8");
    assert.equal(kindOf(result, "root"), "fallback");
  }
});

test("atomic: alone it concludes; without an answer the node works; beside children it is refused", async () => {
  const alone = await ran([`{"type":"atomic","answer":"FINAL: 1"}`]);
  assert.deepEqual([alone.conclusion.text, alone.concludedBy, kindOf(alone, "root")], [
    "FINAL: 1",
    "atomic",
    "atomic",
  ]);
  const itself = await ran(({ role }) =>
    role === "planner" ? `{"type":"atomic","answer":null}` : `${role} FINAL: 2`
  );
  assert.deepEqual([itself.conclusion.text, itself.concludedBy, kindOf(itself, "root")], [
    "worker FINAL: 2",
    "worker",
    "atomic",
  ]);
  const beside = await ran(({ role }) =>
    role === "planner"
      ? lines(child("a", "part A"), { type: "atomic", answer: "FINAL: 1" })
      : "FINAL: 3"
  );
  assert.equal(beside.conclusion.text, "FINAL: 3");
  assert.ok(events(beside, "call-line").some((line) => line.reason === "atomic_with_children"));
});

test("without an await all children are awaited; what follows done is refused", async () => {
  const result = await ran(({ role }) =>
    role === "planner"
      ? lines(child("a", "part A"), child("b", "part B"), { type: "done" }, child("c", "part C"))
      : "FINAL: 1"
  );
  assert.deepEqual(events(result, "join-start")[0]!.children, ["root.a", "root.b"]);
  assert.ok(
    events(result, "call-line").some((line) => line.id === "c" && line.reason === "after_done"),
  );
});

test("children that nobody awaits are cancelled when the node concludes", async () => {
  const result = await ran(({ role, prompt }) => {
    if (role === "planner") {
      return lines(child("a", "part A"), child("slow", "part S"), awaiting(["a"]));
    }
    return { text: "FINAL: 1", prefillMs: prompt.startsWith("part S") ? 1e6 : 10 };
  });
  assert.equal(endOf(result, "root.slow").status, "cancelled");
  assert.equal(endOf(result, "root").at_ms, 20);
});

test("a failed child is told to its dependents and its parent, and the node goes on", async () => {
  const result = await ran(({ role, prompt }) => {
    if (role === "planner") {
      return lines(child("a", "part A"), child("b", "part B", ["a"]), awaiting(["a", "b"]));
    }
    if (prompt.startsWith("part A")) {
      return { error: { code: "http", status: 400, message: "bad", retryable: false } };
    }
    return "FINAL: 1";
  });
  assert.equal(endOf(result, "root.a").status, "failed");
  const told = result.asked.filter((call) => call.prompt.includes("failed: ")).map((call) =>
    call.role
  );
  assert.deepEqual(told, ["worker", "continuation"]);
  assert.equal(result.status, "ok");
});

test("a root whose planner fails for good is an error", async () => {
  const result = await ran(() => ({ error: { code: "http", status: 400, retryable: false } }));
  assert.equal(result.status, "error");
  assert.equal(result.asked.length, 1);
});

test("rounds: further children see earlier ones; at the limit the node is told to conclude", async () => {
  let round = 0;
  const result = await ran(({ role, prompt }) => {
    if (role === "worker") return `FINAL: ${prompt.split("\n")[0]}`;
    if (role === "planner") return lines(child("r0", "zero"), awaiting(["r0"]));
    round++;
    if (round === 1) {
      assert.match(prompt, /1 more round/);
      return lines(child("r1", "one", ["r0"]), awaiting(["r1", "r0"]));
    }
    assert.match(prompt, /last round/);
    return `FINAL: end\n${lines(child("r2", "two"))}`;
  }, { maxRounds: 2 });
  assert.equal(result.conclusion.text, "FINAL: end");
  const one = result.asked.find((call) => call.prompt.startsWith("one"))!;
  assert.match(one.prompt, /zero\nResult: FINAL: zero/);
  assert.ok(
    events(result, "call-line").some((line) => line.id === "r2" && line.reason === "rounds"),
  );
  assert.deepEqual(events(result, "join-start").map((one) => one.children), [["root.r0"], [
    "root.r0",
    "root.r1",
  ]]);
});

test("a last continuation of nothing but refused events is asked afresh", async () => {
  const result = await ran(({ role, messages }) => {
    if (role === "worker") return "FINAL: 5";
    if (role === "planner" || messages.length > 2) {
      return lines(child(`n${messages.length}`, "more"), awaiting([]));
    }
    return "FINAL: fresh";
  }, { maxRounds: 1 });
  assert.equal(result.conclusion.text, "FINAL: fresh");
  assert.equal(result.concludedBy, "fresh");
});

test("a continuation may answer by atomic, or ask to solve the rest itself", async () => {
  const plan = lines(...twoChildren);
  const answer = await ran(({ role }) =>
    role === "planner"
      ? plan
      : role === "worker"
      ? "FINAL: 1"
      : `{"type":"atomic","answer":"FINAL: 2"}`
  );
  assert.deepEqual([answer.conclusion.text, answer.concludedBy, kindOf(answer, "root")], [
    "FINAL: 2",
    "continue",
    "emitted",
  ]);
  const itself = await ran(({ role, prompt }) => {
    if (role === "planner") return plan;
    if (role === "continuation") return `{"type":"atomic","answer":null}`;
    return prompt.includes("part A]") || prompt.includes("[a]") ? "FINAL: whole" : "FINAL: 1";
  });
  assert.deepEqual([itself.conclusion.text, itself.concludedBy], ["FINAL: whole", "fresh"]);
  assert.equal(itself.asked.at(-1)!.role, "worker");
});

test("width: further children are refused, and an await that names them waits for the rest", async () => {
  const result = await ran(
    ({ role }) =>
      role === "planner"
        ? lines(child("a", "A"), child("b", "B"), child("c", "C"), awaiting(["a", "b", "c"]))
        : "FINAL: 1",
    { maxSiblingWidth: 2 },
  );
  assert.deepEqual(events(result, "join-start")[0]!.children, ["root.a", "root.b"]);
  assert.ok(events(result, "call-line").some((line) => line.id === "c" && line.reason === "width"));
  assert.match(result.asked[0]!.prompt, /at most 2 children/);
});

test("the reasoning channel is read only when the content holds no event", async () => {
  const hidden = await ran(({ role }) =>
    role === "planner"
      ? { reasoning: `I plan:\n${lines(...twoChildren)}`, text: "Here it is." }
      : "FINAL: 1"
  );
  const read = events(hidden, "call-line").filter((line) => line.event === "child");
  assert.deepEqual(read.map((line) => line.repairs), [["reasoning_channel"], [
    "reasoning_channel",
  ]]);
  assert.equal(kindOf(hidden, "root"), "emitted");
  const shown = await ran(({ role }) =>
    role === "planner"
      ? { reasoning: lines(child("no", "not this")), text: lines(...twoChildren) }
      : { reasoning: lines(child("no", "not this")), text: "FINAL: 1" }
  );
  assert.equal(events(shown, "node-create").length, 3);
  assert.equal(shown.conclusion.text, "FINAL: 1");
});

test("a truncated answer says so", async () => {
  const result = await ran(({ role }) =>
    role === "planner"
      ? lines(...twoChildren)
      : { text: "FINAL: 1", ...(role === "continuation" ? { finishReason: "length" } : {}) }
  );
  assert.equal(endOf(result, "root").truncated, true);
  assert.equal(endOf(result, "root.a").truncated, false);
});

test("the planner's constraint binds the planner alone", async () => {
  const constraint = { kind: "grammar", grammar: "root ::= x" } as const;
  const result = await ran(({ role }) => role === "planner" ? lines(...twoChildren) : "FINAL: 1", {
    constraint,
  });
  assert.deepEqual(result.asked.map((call) => call.request.constraint), [
    constraint,
    null,
    null,
    null,
  ]);
});
