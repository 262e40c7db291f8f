/** A bench under the virtual clock repeats exactly. */
import { readFile } from "node:fs/promises";
import { virtualClock } from "../../lib/clock.ts";
import { hash } from "../../lib/hash.ts";
import type { Script } from "../../lib/model/scripted_reply.ts";
import { assert, test } from "../kit.ts";
import { bench, childLine, folder, someTasks } from "./bench_kit.ts";

/** Replies, times and failures that follow from the prompt and the seed. */
const lively: Script = ({ role, messages, request, turn }) => {
  const draw = parseInt(hash(JSON.stringify([role, turn, request.seed])).slice(0, 6), 16);
  if (draw % 11 === 0 && request.avoid.length === 0) {
    return { error: { code: "http", status: 503 } };
  }
  const speed = { prefillMs: draw % 97, tokensPerSecond: 20 + draw % 80 };
  const plans = role === "planner" && messages.every((one) => one.role !== "assistant");
  if (!plans) return { text: `It is ${draw % 9}.\nFINAL: ${draw % 2 ? 7 : draw % 9}`, ...speed };
  const children = ["a", "b", "c", "d", "e"].slice(0, 1 + draw % 5);
  return { text: children.map((id) => childLine(id)).join(""), ...speed };
};

/** The rows and the live trace as text, without what differs from run to run by its nature. */
async function runOnce(taskConcurrency: number): Promise<{ rows: string[]; events: string[] }> {
  await using dir = await folder();
  const clock = virtualClock();
  const { out, runId, all } = await bench(dir, {
    tasks: someTasks(6),
    modes: ["direct", "streaming_parallel", "sequential"],
    repeats: 2,
    seed: 9,
    taskConcurrency,
    script: lively,
    scripted: { clock },
    run: { clock },
  });
  assert.equal(all.length, 36);
  assert.ok(all.some((row) => row.attempts > row.model_calls), "some attempts fail");
  const lines = async (path: string) =>
    (await readFile(path, "utf8")).replaceAll(runId, "RUN")
      .replace(/"started_at":"[^"]*"/g, '"started_at":"NOW"').trimEnd().split("\n");
  return { rows: await lines(out), events: await lines(out.replace(".jsonl", ".events.jsonl")) };
}

/** As `assert.deepEqual`, told in one line. */
function alike(a: readonly string[], b: readonly string[]): void {
  assert.equal(a.length, b.length);
  for (const [i, line] of a.entries()) {
    let at = 0;
    while (at < line.length && line[at] === b[i]![at]) at++;
    assert.equal(line.slice(at, at + 80), b[i]!.slice(at, at + 80), `line ${i + 1}, from ${at}`);
  }
}

test("deterministic: rows and live trace are the same to the byte, save run_id and started_at", async () => {
  const [one, two] = [await runOnce(1), await runOnce(1)];
  alike(one.rows, two.rows);
  alike(one.events, two.events);
});

test("deterministic: with tasks side by side only their places on the bench's clock differ", async () => {
  // Rows go to a real disk, for which the virtual clock does not wait; and times of a task that
  // begins elsewhere on the clock differ in their last bits.
  const placeless = ({ rows }: { rows: string[] }) =>
    rows.map((row) =>
      row.replace(/"bench_offset_ms":[\d.]+/, "")
        .replace(/\d+\.\d+(e-\d+)?/g, (number) => String(Math.round(Number(number) * 1e6) / 1e6))
    ).toSorted();
  alike(placeless(await runOnce(4)), placeless(await runOnce(1)));
});
