import { InputError } from "../../lib/errors.ts";
import { seededRandom } from "../../lib/random.ts";
import { findMode, modes } from "../../lib/strategies/mod.ts";
import { readListed } from "../../lib/strategies/listed.ts";
import type { NodeEvent } from "../../lib/protocol/types.ts";
import { hash } from "../../lib/hash.ts";
import { assert, test } from "../kit.ts";
import { awaiting, calls, child, events, kindOf, lines, ran } from "./strategy_kit.ts";

test("modes: each has a name, a sentence and its settings; a slip is met with a suggestion", () => {
  assert.deepEqual(modes.map((mode) => mode.name), [
    "direct",
    "direct_reduce",
    "streaming_parallel",
    "planned_parallel",
    "sequential",
    "oracle_parallel",
  ]);
  assert.equal(findMode("sequential").maxConcurrency, 1);
  assert.throws(
    () => findMode("streaming_paralel"),
    (error) => error instanceof InputError && /streaming_parallel/.test(error.hint!),
  );
  assert.throws(
    () => findMode("qqqq"),
    (error) => error instanceof InputError && /direct/.test(error.hint!),
  );
});

test("oracle_parallel without an oracle_graph is bad input", async () => {
  await assert.rejects(
    ran([], { mode: "oracle_parallel" }),
    (error) => error instanceof InputError,
  );
  await assert.rejects(
    ran([], { mode: "oracle_parallel", oracle: [] }),
    (error) => error instanceof InputError,
  );
});

test("direct: one call, its text as it is", async () => {
  const text = `x\n{"type":"child","id":"a","task":"t"}\nFINAL: 1`;
  const result = await ran([text], { mode: "direct" });
  assert.deepEqual([result.conclusion.text, result.concludedBy, kindOf(result, "root")], [
    text,
    "direct",
    "direct",
  ]);
});

test("direct_reduce: code reduces the list; a reply that cannot be reduced stands, and is noted", async () => {
  const reduced = await ran(["REDUCE: sum\n- 2 cups = 2\n- 0.5 cups = 0.5"], {
    mode: "direct_reduce",
  });
  assert.deepEqual([reduced.conclusion.text, reduced.concludedBy], ["FINAL: 2.5", "reduce:sum"]);
  const stands = await ran(["It is 3.\nFINAL: 3"], { mode: "direct_reduce" });
  assert.deepEqual([stands.conclusion.text, stands.concludedBy], ["It is 3.\nFINAL: 3", "direct"]);
  assert.ok(events(stands, "note").some((note) => note.kind === "not-reduced"));
  const unreadable = await ran(["- a = many\nREDUCE: sum\nFINAL: 4"], { mode: "direct_reduce" });
  assert.equal(unreadable.concludedBy, "direct");
});

test("readListed: marks, arrows, prose around", () => {
  assert.deepEqual(
    readListed("Sure:\n1. Ann = x = **4**\n* Bob -> `5`\n\n**REDUCE: max**\nDone."),
    {
      values: ["4", "5"],
      reducer: "max",
    },
  );
  assert.deepEqual(readListed("a = yes\nReducer: count: yes"), {
    values: ["yes"],
    reducer: "count:yes",
  });
  const first = readListed("x = 1 is how it starts\nREDUCE: sum\n- a = 2\n- b = 3");
  assert.deepEqual(first, { values: ["2", "3"], reducer: "sum" });
  assert.equal(readListed("a = yes"), null);
  assert.equal(readListed("REDUCE: sum"), null);
});

/** A random plan: children with dependencies in both directions, awaited in part. */
function randomPlan(seed: number, depth: number): NodeEvent[] {
  const random = seededRandom(`plan ${seed} ${depth}`);
  const pick = (n: number) => Math.floor(random() * n);
  const names = Array.from({ length: 1 + pick(6) }, (_, i) => `k${i}`);
  const children = names.map((id, i) => {
    const dependsOn = names.filter((_, j) => j !== i && random() < 0.25);
    return child(id, `${depth + 1}:${seed}:${id}`, dependsOn);
  });
  const awaited = names.filter(() => random() < 0.7);
  return random() < 0.8 ? [...children, awaiting(awaited, "all of them")] : children;
}

test("property: streaming, planned and sequential runs of a plan conclude alike", async () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = seededRandom(`delays ${seed}`);
    // What a model says depends on what it is shown, never on when.
    const script = (
      { role, messages, prompt }: {
        role: string;
        messages: readonly { content: string }[];
        prompt: string;
      },
    ) => {
      const prefillMs = Math.floor(random() * 300);
      if (role === "planner") {
        const [, depth] = /(\d):\d+:/.exec(prompt) ?? [];
        const said = randomPlan(seed, Number(depth ?? 0));
        return { chunks: said.map((event) => lines(event)), delaysMs: prefillMs };
      }
      return { text: `FINAL: ${hash(messages.map((one) => one.content).join("\n"))}`, prefillMs };
    };
    const options = {
      maxDepth: 1 + seed % 2,
      task: `0:${seed}:root`,
      maxConcurrency: 1 + seed % 5,
    };
    const streaming = await ran(script, options);
    const planned = await ran(script, { ...options, mode: "planned_parallel" });
    const sequential = await ran(script, { ...options, mode: "sequential" });
    assert.equal(streaming.status, "ok");
    assert.equal(planned.conclusion.text, streaming.conclusion.text, `seed ${seed}`);
    assert.equal(sequential.conclusion.text, streaming.conclusion.text, `seed ${seed}`);
    const times = calls(sequential).toSorted((a, b) => a[2] - b[2]);
    for (const [i, [, , start]] of times.entries()) {
      if (i > 0) assert.ok(start >= times[i - 1]![3], `seed ${seed}`);
    }
  }
});
