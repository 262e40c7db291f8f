import { virtualClock } from "../../lib/clock.ts";
import { connectChat } from "../../lib/model/chat/mod.ts";
import { poolOf } from "../../lib/model/pool.ts";
import { leastOutstanding } from "../../lib/model/pool_policy.ts";
import { scriptedCompleter } from "../../lib/model/scripted.ts";
import type { Completer, ModelEvent } from "../../lib/model/types.ts";
import { startTestServer } from "../../lib/testing/server.ts";
import { assert, test } from "../kit.ts";
import { attempt, hear } from "./scripted_kit.ts";

const load = (name: string, outstanding: number, idleSinceMs: number) => ({
  name,
  outstanding,
  idleSinceMs,
});

test("pool: fewest calls first, then longest idle, avoided ones last", () => {
  const replicas = [load("a", 1, 0), load("b", 0, 9), load("c", 0, 5)];
  assert.equal(leastOutstanding(replicas, [], Infinity), 2);
  assert.equal(leastOutstanding(replicas, ["c"], Infinity), 1);
  assert.equal(leastOutstanding(replicas, ["b", "c"], Infinity), 0);
  assert.equal(leastOutstanding(replicas, ["a", "b", "c"], Infinity), 2);
  assert.equal(leastOutstanding(replicas, ["b", "c"], 1), null);
  assert.equal(leastOutstanding([load("a", 0, 3), load("b", 0, 3)], [], 1), 0);
});

function replicas(count: number, clock = virtualClock()): Completer[] {
  return Array.from(
    { length: count },
    (_, i) =>
      scriptedCompleter(() => ({ text: "done", prefillMs: 100 }), {
        clock,
        replica: `http://replica-${i}/v1`,
      }),
  );
}

const sentTo = (events: readonly ModelEvent[]) =>
  events.find((event) => event.type === "sent")?.replica.slice(7, -3);

test("pool: spreads, caps, and serves the queue first come, first served", async () => {
  const clock = virtualClock();
  const pool = poolOf(replicas(2, clock), { clock, maxPerReplica: 1 });
  const log: string[] = [];
  const call = async (name: string) => {
    const { events } = await hear(pool.complete([], attempt(name)));
    log.push(`${name}:${sentTo(events)}@${clock.now()}`);
  };
  await Promise.all(["one", "two", "three", "four", "five"].map(call));
  assert.deepEqual(log.map((line) => line.replace(/:.*@/, "@")), [
    "one@100",
    "two@100",
    "three@200",
    "four@200",
    "five@300",
  ]);
  assert.deepEqual(log.slice(0, 2), ["one:replica-0@100", "two:replica-1@100"]);
});

test("pool: a waiting call can be cancelled, and its place goes to the next", async () => {
  const clock = virtualClock();
  const pool = poolOf(replicas(1, clock), { clock, maxPerReplica: 1 });
  const abort = new AbortController();
  const first = hear(pool.complete([], attempt("one")));
  const second = hear(pool.complete([], attempt("two", { signal: abort.signal })));
  const third = hear(pool.complete([], attempt("three")));
  abort.abort(new Error("gone"));
  assert.match(String((await second).error), /gone/);
  assert.deepEqual((await second).events, []);
  assert.equal((await third).text, "done");
  assert.equal(clock.now(), 200);
  await first;
});

test("pool: a retry avoids the replica that failed", async () => {
  const pool = poolOf(replicas(2));
  const { events } = await hear(
    pool.complete([], attempt("x", { avoid: ["http://replica-0/v1"] })),
  );
  assert.equal(sentTo(events), "replica-1");
});

test("pool: replicas of different models do not mix", () => {
  const one = scriptedCompleter([], { model: "a" });
  const two = scriptedCompleter([], { model: "b" });
  assert.throws(() => poolOf([one, two]), /Replicas must serve one model/);
  assert.throws(() => poolOf([]), /at least one/);
});

test("pool: spreads over servers, and one simulated replica makes all times simulated", async () => {
  await using a = await startTestServer({ script: () => "hello" });
  await using b = await startTestServer({
    script: () => "hello",
    maxModelLen: 4096,
    claimReal: true,
  });
  const baseUrls = [b.baseUrl, a.baseUrl];
  const pool = poolOf(await Promise.all(baseUrls.map((baseUrl) => connectChat({ baseUrl }))));
  assert.deepEqual(pool.info.baseUrls, baseUrls);
  assert.equal(pool.info.contextWindow, 4096);
  assert.equal(pool.info.timing, "simulated");
  const calls = [1, 2, 3, 4].map(() => hear(pool.complete(attempt("x").turn, attempt("x"))));
  const heard = await Promise.all(calls);
  assert.deepEqual(heard.map(({ text }) => text), Array(4).fill("hello"));
  assert.equal(a.stats().requests, 2);
  assert.equal(b.stats().requests, 2);
});
