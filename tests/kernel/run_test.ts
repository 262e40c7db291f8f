import { assert, test } from "../kit.ts";
import { ask, brokenRules, only, role, runScripted } from "./kernel_kit.ts";
import { virtualClock } from "../../lib/clock.ts";
import { runTree } from "../../lib/kernel/mod.ts";
import { scriptedBackend } from "../../lib/model/scripted.ts";

const second = (text: string) => ({ text, prefillMs: 1000 });

test("runTree: the root's conclusion is the result, and the trace is whole", async () => {
  const result = await runScripted(() => second("42"), (node) => ask(node));
  assert.equal(result.status, "ok");
  assert.equal(result.conclusion.text, "42");
  assert.equal(result.elapsed, 1000);
  assert.deepEqual(brokenRules(result.events, { slots: 4 }), []);
  assert.deepEqual(result.events.map((event) => event.type), [
    "node-create",
    "node-ready",
    "node-start",
    "call-queue",
    "call-start",
    "call-answer",
    "call-first-token",
    "call-end",
    "node-end",
  ]);
});

test("spawn: children start at once, in parallel, and join in the order asked for", async () => {
  const result = await runScripted(() => second("x"), async (node) => {
    const children = ["a", "b", "c"].map((id) => node.spawn({ id, task: id, strategy: ask }));
    node.seal();
    const done = await node.join(children);
    return done.map((conclusion) => conclusion.id + conclusion.text).join();
  });
  assert.equal(result.conclusion.text, "ax,bx,cx");
  assert.equal(result.elapsed, 1000);
});

test("spawn: a dependency may be announced later; its conclusion reaches the dependent", async () => {
  const result = await runScripted(({ prompt }) => second(`<${prompt}>`), async (node) => {
    const b = node.spawn({
      id: "b",
      task: "b",
      dependsOn: ["a"],
      strategy: (child) => ask(child, child.dependencies.map((d) => d.text).join()),
    });
    await node.clock.sleep(500);
    node.spawn({ id: "a", task: "a", strategy: ask });
    node.seal();
    return (await node.join([b]))[0]!.text;
  });
  assert.equal(result.conclusion.text, "<<a>>");
  assert.equal(result.elapsed, 2500);
});

test("seal: unknown dependencies are dropped and named, and the child starts", async () => {
  const result = await runScripted(() => second("x"), async (node) => {
    const a = node.spawn({ id: "a", task: "a", dependsOn: ["ghost"], strategy: ask });
    assert.deepEqual(node.seal(), [{ node: "root.a", id: "ghost" }]);
    return (await node.join([a]))[0]!.text;
  });
  assert.equal(result.conclusion.text, "x");
  assert.equal(only(result.events, "dependency-drop")[0]!.reason, "unknown");
});

test("spawn: the edge that closes a cycle is dropped and named; self-dependencies too", async () => {
  const result = await runScripted(() => second("x"), async (node) => {
    const a = node.spawn({ id: "a", task: "a", dependsOn: ["b", "a"], strategy: ask });
    const b = node.spawn({ id: "b", task: "b", dependsOn: ["c"], strategy: ask });
    const c = node.spawn({ id: "c", task: "c", dependsOn: ["a"], strategy: ask });
    assert.deepEqual(a.droppedDependencies, [{ id: "a", reason: "self" }]);
    assert.deepEqual(c.droppedDependencies, [{ id: "a", reason: "cycle" }]);
    node.seal();
    return String((await node.join([a, b, c])).length);
  });
  assert.equal(result.conclusion.text, "3");
  assert.deepEqual(brokenRules(result.events, { slots: 4 }), []);
});

test("join: until resolves early; the rest is cancelled when the node concludes", async () => {
  const slow = ({ prompt }: { prompt: string }) => ({ text: prompt, prefillMs: Number(prompt) });
  const result = await runScripted(slow, async (node) => {
    const children = ["300", "100", "200", "9000"].map((ms) =>
      node.spawn({ id: `t${ms}`, task: ms, strategy: ask })
    );
    node.seal();
    const two = await node.join(children, { until: (concluded) => concluded.length === 2 });
    return two.map((conclusion) => conclusion.text).join();
  });
  assert.equal(result.conclusion.text, "100,200");
  assert.equal(result.elapsed, 200);
  const ends = new Map(only(result.events, "node-end").map((event) => [event.node, event.status]));
  assert.equal(ends.get("root.t9000"), "cancelled");
  assert.deepEqual(brokenRules(result.events, { slots: 4 }), []);
});

test("cancel: a child's subtree ends, and nothing of it runs afterwards", async () => {
  const deep = async (node: Parameters<typeof ask>[0]): Promise<string> => {
    const child = node.spawn({
      id: "child",
      task: "x",
      strategy: node.depth < 3 ? deep : (leaf) => ask(leaf),
    });
    node.seal();
    return (await node.join([child]))[0]!.text;
  };
  const result = await runScripted(() => second("x"), async (node) => {
    const a = node.spawn({ id: "a", task: "a", strategy: deep });
    node.seal();
    await node.clock.sleep(500);
    await a.cancel("no longer needed");
    return (await a.conclusion).status;
  });
  assert.equal(result.conclusion.text, "cancelled");
  assert.equal(result.elapsed, 500);
  assert.deepEqual(brokenRules(result.events, { slots: 4 }), []);
});

test("a child that fails concludes with its reason, and its dependents are told", async () => {
  const result = await runScripted(() => second("x"), async (node) => {
    node.spawn({
      id: "a",
      task: "a",
      strategy: () => Promise.reject(new Error("no\n luck")),
    });
    const b = node.spawn({
      id: "b",
      task: "b",
      dependsOn: ["a"],
      strategy: (child) => Promise.resolve(`told: ${child.dependencies[0]!.text}`),
    });
    node.seal();
    return (await node.join([b]))[0]!.text;
  });
  assert.equal(result.conclusion.text, "told: failed: no luck");
  assert.equal(result.status, "ok");
  assert.deepEqual(result.errors, ["root.a: no luck"]);
});

test("a root that fails is an outcome", async () => {
  const result = await runScripted([], () => Promise.reject(new Error("boom")));
  assert.equal(result.status, "error");
  assert.deepEqual(result.errors, ["root: boom"]);
});

test("signal and deadline: the tree ends at once, as cancelled and as budget", async () => {
  const abort = new AbortController();
  const clock = virtualClock();
  clock.sleep(300).then(() => abort.abort(new Error("Ctrl-C")));
  const stopped = await runScripted(() => second("x"), ask, { signal: abort.signal, clock });
  assert.equal(stopped.status, "cancelled");
  assert.equal(stopped.elapsed, 300);
  const late = await runScripted(() => second("x"), ask, { timeoutMs: 400 });
  assert.equal(late.status, "budget");
  assert.equal(late.elapsed, 400);
  for (const { events } of [stopped, late]) {
    assert.deepEqual(brokenRules(events, { slots: 4 }), []);
  }
  const before = await runScripted([], ask, { signal: AbortSignal.abort(new Error("early")) });
  assert.equal(before.status, "cancelled");
  assert.deepEqual(only(before.events, "call-queue"), []);
});

test("a strategy that pauses between deltas holds nothing up", async () => {
  const script = () => ({ chunks: ["a", "b", "c"], delaysMs: 100 });
  const result = await runScripted(script, async (node) => {
    const seen: string[] = [];
    const turn = [{ role: "user" as const, content: "go" }];
    const generation = node.generate(node.session(), turn, { role: "worker" });
    for await (const delta of generation) {
      seen.push(`${delta.text}@${delta.atMs}`);
      await node.clock.sleep(1000);
    }
    return seen.join();
  });
  assert.equal(result.conclusion.text, "a@100,b@200,c@300");
  assert.equal(only(result.events, "call-end")[0]!.at_ms, 300);
});

test("effects are spans, and are awaited when their node is cancelled", async () => {
  const result = await runScripted([], async (node) => {
    const done = await node.effect("checker", "in", async () => {
      await node.clock.sleep(50);
      return { ok: true };
    });
    const failed = await node.effect("checker", "bad", () => Promise.reject(new Error("no")))
      .catch((error) => error.message);
    return JSON.stringify([done, failed]);
  });
  assert.equal(result.conclusion.text, '[{"ok":true},"no"]');
  assert.deepEqual(only(result.events, "effect-end").map((e) => [e.output, e.error]), [
    ['{"ok":true}', null],
    [null, "no"],
  ]);
});

test("a handed-over session carries its past; verbs of an ended node are refused", async () => {
  let leaked: (() => unknown) | undefined;
  const result = await runScripted(
    ({ messages }) => second(String(messages.length)),
    async (node) => {
      const session = node.session();
      const turn = [{ role: "user" as const, content: "one" }];
      await node.generate(session, turn, { role: "planner" }).reply;
      const child = node.spawn({
        id: "a",
        task: "two",
        session: session.fork(),
        strategy: (inner) => {
          leaked = () => inner.session();
          return ask(inner);
        },
      });
      node.seal();
      return (await node.join([child]))[0]!.text;
    },
  );
  assert.equal(result.conclusion.text, "3");
  assert.throws(() => leaked!(), /root\.a has ended/);
});

test("bad limits and unknown roles are refused with the value", async () => {
  await using backend = scriptedBackend([]);
  const common = { task: "t", strategy: ask, backend, maxDepth: 1 };
  await assert.rejects(
    runTree({ ...common, roles: { default: role }, maxConcurrency: 0 }),
    /maxConcurrency must be at least 1, not 0/,
  );
  const result = await runTree({ ...common, roles: { planner: role }, maxConcurrency: 1 });
  assert.match(result.errors[0]!, /No settings for role "worker".*planner/);
});
