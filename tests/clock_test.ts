import { virtualClock } from "../lib/clock.ts";
import { assert, test } from "./kit.ts";

test("virtualClock: sleepers wake in order of time, then of lying down", async () => {
  const clock = virtualClock();
  const woken: string[] = [];
  const nap = async (name: string, ms: number) => {
    await clock.sleep(ms);
    woken.push(`${name}@${clock.now()}`);
  };
  await Promise.all([nap("c", 30), nap("a", 10), nap("b", 10), nap("d", 3_600_000)]);
  assert.deepEqual(woken, ["a@10", "b@10", "c@30", "d@3600000"]);
});

test("virtualClock: an aborted sleep rejects and does not hold time up", async () => {
  const clock = virtualClock();
  const abort = new AbortController();
  const long = clock.sleep(1000, { signal: abort.signal });
  await clock.sleep(5);
  abort.abort(new Error("enough"));
  await assert.rejects(long, /enough/);
  await clock.sleep(1);
  assert.equal(clock.now(), 6);
});

test("virtualClock: what a wakened promise does happens before the next wakes", async () => {
  const clock = virtualClock();
  const order: number[] = [];
  const first = clock.sleep(10).then(async () => {
    for (let i = 0; i < 50; i++) await Promise.resolve();
    order.push(clock.now());
    await clock.sleep(1);
    order.push(clock.now());
  });
  const second = clock.sleep(20).then(() => order.push(clock.now()));
  await Promise.all([first, second]);
  assert.deepEqual(order, [10, 11, 20]);
});
