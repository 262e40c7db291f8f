import { assert, test } from "../kit.ts";
import { createBudget } from "../../lib/kernel/mod.ts";
import type { NodeScope } from "../../lib/kernel/types.ts";
import { ask, brokenRules, only, role, runScripted } from "./kernel_kit.ts";

const never = new AbortController().signal;
const calls = (n: number) => ({ calls: n, tokens: 0, usd: 0 });

async function fanOut(node: NodeScope, n: number): Promise<string> {
  const children = Array.from(
    { length: n },
    (_, i) => node.spawn({ id: `n${i}`, task: `${i}`, strategy: ask }),
  );
  node.seal();
  const done = await node.join(children);
  return done.filter((conclusion) => conclusion.status === "ok").length.toString();
}

test("createBudget: what does not fit waits for refunds, and is refused when none can come", async () => {
  const budget = createBudget({ tokens: 100 });
  const amount = { calls: 1, tokens: 60, usd: 0 };
  const first = await budget.reserve(amount, never);
  let second: string | undefined;
  const waiting = budget.reserve(amount, never).then((held) => {
    second = "held";
    return held;
  });
  await Promise.resolve();
  assert.equal(second, undefined);
  first.settle({ calls: 1, tokens: 20, usd: 0 });
  (await waiting).settle({ calls: 1, tokens: 60, usd: 0 });
  await assert.rejects(
    budget.reserve(amount, never),
    /tokens budget of 100 is used up: 80 spent.*60/,
  );
  assert.equal(budget.exhausted, true);
});

test("createBudget: nested budgets are reserved together, and refunded together", async () => {
  const bench = createBudget({ calls: 3 });
  const task = createBudget({ calls: 2 }, bench);
  const other = createBudget({}, bench);
  const held = await task.reserve(calls(2), never);
  held.settle(calls(1));
  (await other.reserve(calls(2), never)).settle(calls(2));
  await assert.rejects(task.reserve(calls(1), never), /calls budget of 3/);
  assert.deepEqual([task.spent.calls, bench.spent.calls], [1, 3]);
});

test("a call budget is never overshot; running calls finish; the task ends as budget", async () => {
  for (const limit of [0, 1, 3, 7]) {
    const budget = createBudget({ calls: limit });
    const result = await runScripted(() => ({ text: "x", prefillMs: 100 }), (n) => fanOut(n, 10), {
      budget,
      maxConcurrency: 3,
    });
    assert.equal(result.status, "budget");
    assert.equal(only(result.events, "call-start").length, limit);
    assert.equal(result.conclusion.text, String(limit));
    assert.deepEqual(brokenRules(result.events, { slots: 3 }), []);
  }
});

test("a token budget reserves the worst case and refunds the rest", async () => {
  // Each call may write 100 tokens and writes one: most fit, one after the other.
  const budget = createBudget({ tokens: 400 });
  const result = await runScripted(() => ({ text: "x", prefillMs: 10 }), (n) => fanOut(n, 4), {
    budget,
    roles: { default: { ...role, maxTokens: 100 } },
  });
  assert.equal(result.conclusion.text, "4");
  assert.equal(result.status, "ok");
  assert.ok(budget.spent.tokens <= 400);
});

test("a deadline leaves the newest noted conclusion of the root", async () => {
  const result = await runScripted(() => ({ text: "x", prefillMs: 1000 }), async (node) => {
    node.note("conclusion", "so far");
    return await ask(node);
  }, { timeoutMs: 100 });
  assert.equal(result.status, "budget");
  assert.equal(result.conclusion.text, "so far");
});
