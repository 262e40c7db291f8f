import { fc } from "../deps.ts";
import { assert, test } from "../kit.ts";
import { createBudget, seededRandom } from "../../lib/kernel/mod.ts";
import type { ChildHandle, NodeScope } from "../../lib/kernel/types.ts";
import { virtualClock } from "../../lib/clock.ts";
import type { ScriptedReply } from "../../lib/model/scripted_reply.ts";
import { ask, brokenRules, only, runScripted } from "./kernel_kit.ts";

/** A strategy that does anything a strategy may do, as its node's own randomness says. */
async function wander(node: NodeScope): Promise<string> {
  const dice = (n: number) => Math.floor(node.random() * n);
  for (const dependency of node.dependencies) {
    if (dependency.text === "") throw new Error("a dependency had not concluded");
  }
  const handles: ChildHandle[] = [];
  const rounds = node.depth < node.maxDepth ? 1 + dice(3) : 0;
  for (let round = 0; round < rounds; round++) {
    const session = node.session();
    const turn = [{ role: "user" as const, content: `round ${round}` }];
    const keepCut = () => handles.length > 0 && dice(2) === 0;
    const generation = node.generate(session, turn, { role: "planner", keepCut });
    const width = dice(9);
    const ids = Array.from({ length: width }, (_, i) => `r${round}n${i}`);
    const read = dice(4) > 0;
    try {
      for await (const _delta of read ? generation : []) {
        const id = ids.shift();
        if (id === undefined || dice(3) === 0) continue;
        const dependsOn = Array.from({ length: dice(3) }, () => `r${dice(2)}n${dice(6)}`);
        handles.push(node.spawn({ id, task: id, dependsOn, strategy: wander }));
      }
      await generation.reply;
    } catch (error) {
      if (dice(2) === 0) throw error;
    }
    node.seal();
    if (handles.length > 0 && dice(4) === 0) await handles[dice(handles.length)]!.cancel("dice");
    if (dice(6) === 0) await node.clock.sleep(dice(50));
    const enough = 1 + dice(handles.length + 1);
    const until = dice(3) === 0 ? (done: readonly unknown[]) => done.length >= enough : undefined;
    await node.join(handles, until ? { until } : {});
  }
  if (dice(12) === 0) throw new Error("the dice say no");
  if (dice(5) === 0) await node.effect("check", "x", () => node.clock.sleep(dice(20)));
  return dice(6) === 0 ? "no call needed" : await ask(node);
}

/** A model that is slow, wordy, cut, overloaded or broken, as its seed says. */
function moody(seed: number): () => ScriptedReply {
  const random = seededRandom(`mood ${seed}`);
  return () => {
    const pieces = 1 + Math.floor(random() * 12);
    const reply = {
      chunks: Array.from({ length: pieces }, (_, i) => `w${i} `),
      delaysMs: Math.floor(random() * 40),
    };
    const mood = random();
    if (mood < 0.05) return { ...reply, error: { code: "cut" } };
    if (mood < 0.12) return { error: { code: "http", status: 503 } };
    if (mood < 0.14) return { error: { code: "http", status: 400, retryable: false } };
    return reply;
  };
}

const RUNS = Number(globalThis.process?.env.RRM_SOAK ? 20_000 : 2_500);

test("random trees: every rule of the kernel holds, whatever happens", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        seed: fc.nat(),
        slots: fc.integer({ min: 1, max: 6 }),
        depth: fc.integer({ min: 0, max: 3 }),
        calls: fc.option(fc.integer({ min: 0, max: 30 }), { freq: 1 }),
        tokens: fc.option(fc.integer({ min: 100, max: 3000 }), { freq: 1 }),
        stopAt: fc.option(fc.integer({ min: 0, max: 400 }), { freq: 1 }),
        timeout: fc.option(fc.integer({ min: 1, max: 600 }), { freq: 1 }),
      }),
      async ({ seed, slots, depth, calls, tokens, stopAt, timeout }) => {
        const clock = virtualClock();
        const abort = new AbortController();
        if (stopAt !== null) clock.sleep(stopAt).then(() => abort.abort(new Error("stop")));
        const budget = createBudget({ calls: calls ?? undefined, tokens: tokens ?? undefined });
        const result = await runScripted(moody(seed), wander, {
          clock,
          seed,
          budget,
          maxConcurrency: slots,
          maxDepth: depth,
          maxAttempts: 3,
          timeoutMs: timeout,
          signal: abort.signal,
        });
        assert.deepEqual(brokenRules(result.events, { slots }), []);
        const sent = only(result.events, "call-start").length;
        assert.ok(calls === null || sent <= calls, `${sent} calls of ${calls}`);
        assert.ok(tokens === null || budget.spent.tokens <= tokens, "tokens overshot");
      },
    ),
    { numRuns: RUNS, seed: 20261121 },
  );
});

test("random trees repeat exactly: same seed, same trace", async () => {
  for (let seed = 0; seed < 40; seed++) {
    const run = () => runScripted(moody(seed), wander, { seed, maxDepth: 3, maxConcurrency: 2 });
    const [one, two] = [await run(), await run()];
    assert.deepEqual(one.events, two.events);
  }
});

test("depth 50 with one slot does not deadlock", async () => {
  const nest = async (node: NodeScope): Promise<string> => {
    await ask(node);
    if (node.depth === 50) return "bottom";
    const child = node.spawn({ id: "c", task: "deeper", strategy: nest });
    node.seal();
    const [below] = await node.join([child]);
    return `${await ask(node)}${below!.text}`;
  };
  const result = await runScripted(() => ({ text: "", prefillMs: 1 }), nest, {
    maxConcurrency: 1,
    maxDepth: 50,
  });
  assert.equal(result.conclusion.text, "bottom");
  assert.equal(result.elapsed, 101);
});
