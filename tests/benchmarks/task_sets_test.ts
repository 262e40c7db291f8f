import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { aimeRefs, statementsPath } from "../../benchmarks/generate/aime_refs.ts";
import { contestMini } from "../../benchmarks/generate/contest_mini.ts";
import { jsonl, type TaskFile } from "../../benchmarks/generate/finish.ts";
import { firstRun } from "../../benchmarks/generate/first_run.ts";
import { dev, test as testPool } from "../../benchmarks/generate/first_run/contents.ts";
import { gradeText } from "../../lib/records/grading/mod.ts";
import { reduceValues } from "../../lib/records/reducers.ts";
import type { Task } from "../../lib/records/task_types.ts";
import { readTasks } from "../../lib/records/tasks.ts";
import { assert, test } from "../kit.ts";

const pathOf = (name: string) =>
  fileURLToPath(new URL(`../../benchmarks/${name}`, import.meta.url));

async function assertFresh({ name, lines }: TaskFile): Promise<void> {
  const stored = await readFile(pathOf(name), "utf8");
  assert.ok(stored === jsonl(lines), `${name} differs from a fresh generation: run its generator`);
}

test("stored task files are what their generators make", async () => {
  for (const file of [contestMini(), ...firstRun()]) await assertFresh(file);
});

test("the contest set is whole: answers from 0 to 999, no statement twice, families even", async () => {
  const tasks = await readTasks([pathOf("contest_mini.jsonl")], { needsAnswer: true });
  assert.ok(tasks.length >= 48);
  assert.equal(new Set(tasks.map(({ task }) => task)).size, tasks.length);
  const families = new Map<unknown, number>();
  for (const { answer, answer_type, meta } of tasks) {
    assert.ok(Number.isInteger(answer) && Number(answer) >= 0 && Number(answer) <= 999);
    assert.equal(answer_type, "integer");
    families.set(meta["family"], (families.get(meta["family"]) ?? 0) + 1);
  }
  assert.deepEqual([...families.values()], [12, 12, 12, 12, 12]);
});

test("some contest answers agree with closed forms", async () => {
  const answers = new Map(
    contestMini().lines.map((line) => {
      const { task, answer } = line as { task: string; answer: number };
      return [task, answer];
    }),
  );
  const answerTo = (part: string) => {
    const found = [...answers].filter(([task]) => task.includes(part));
    assert.equal(found.length, 1, part);
    return found[0]![1];
  };
  // Squares on an n by n grid of points: n²(n² − 1) / 12.
  assert.equal(answerTo("the 64 points with integer"), (64 * 63) / 12);
  // Pick's theorem.
  const [twice, edges] = [17 * 23 - 4 * 6, 1 + 1 + 1];
  assert.equal(answerTo("(17, 4) and (6, 23)"), (twice - edges + 2) / 2);
  // A diagonal crosses a + b − gcd(a, b) cells.
  assert.equal(answerTo("231 by 105"), 231 + 105 - 21);
  // Returning to the origin after six steps: C(6, 3)² of 4⁶ walks, 25/256.
  assert.equal(answerTo("makes 6 moves"), 25 + 256);
  // Exactly two of six at home: C(6, 2) · 9 of 720, 3/16.
  assert.equal(answerTo("6 letters are put"), 3 + 16);
});

/** What a perfect child would conclude, found without the generator. */
function perfectChild(task: string): string {
  const [question, item] = [
    task.slice(0, task.indexOf("?") + 1),
    task.slice(task.indexOf("?") + 2),
  ];
  const pools = [testPool, dev];
  const named = (names: readonly string[]) => names.filter((name) => item.includes(name));
  switch (question) {
    case "What number is stated?":
      return item.match(/\d+/g)!.join(" and ");
    case "Is this review positive?":
      return pools.some(({ positive }) => positive.includes(item)) ? "yes" : "no";
    case "Which city is named?":
      return named(pools.flatMap(({ cities }) => cities)).join(" and ");
    case "Which person is named?":
      return named(pools.flatMap(({ people }) => people)).join(" and ");
    default:
      throw new Error(`an unknown question: ${question}`);
  }
}

function assertSolvable({ id, task, answer, answer_type, oracle_graph, meta }: Task): void {
  const children = oracle_graph!.filter((event) => event.type === "child");
  const end = oracle_graph!.at(-1)!;
  assert.ok(end.type === "await");
  assert.equal(children.length, meta["n"], id);
  for (const child of children) {
    const item = child.task.slice(child.task.indexOf("?") + 2);
    assert.ok(task.includes(item), `${id}: ${item} is not in the task`);
    assert.ok(!/^\d/.test(item), `${id}: ${item} begins with a digit`);
  }
  const value = reduceValues(end.rule, children.map((child) => perfectChild(child.task)))?.value;
  assert.ok(value !== undefined, `${id}: ${end.rule} does not apply`);
  assert.equal(gradeText(`FINAL: ${value}`, { answer, answer_type }).correct, true, id);
}

test("perfect children and the named reducer solve every first-run task", async () => {
  for (const name of ["first_run.jsonl", "first_run_dev.jsonl"]) {
    const tasks = await readTasks([pathOf(name)], { needsOracle: true, needsAnswer: true });
    assert.ok(tasks.length >= 60);
    for (const task of tasks) assertSolvable(task);
    const first = tasks.slice(0, 40).map(({ meta }) => meta["family"]);
    for (const family of ["count", "total", "largest", "list"]) {
      assert.equal(first.filter((name) => name === family).length, 10);
    }
  }
});

test("the splits of the first-run set share nothing", async () => {
  for (const key of Object.keys(testPool) as (keyof typeof testPool)[]) {
    const shared = testPool[key].filter((entry) => dev[key].includes(entry));
    assert.deepEqual(shared, [], key);
  }
  const items = async (name: string) =>
    (await readTasks([pathOf(name)])).flatMap(({ oracle_graph }) =>
      oracle_graph!.flatMap((event) => event.type === "child" ? [event.task] : [])
    );
  const seen = new Set(await items("first_run_dev.jsonl"));
  assert.deepEqual((await items("first_run.jsonl")).filter((task) => seen.has(task)), []);
});

test("the AIME file holds 30 references with answers and no statement", async () => {
  const text = await readFile(pathOf("aime_2024_rrm_candidates.jsonl"), "utf8");
  const lines = text.trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines.length, 30);
  for (const line of lines) {
    const keys = ["id", "contest", "number", "answer", "answer_type", "task_ref"];
    assert.deepEqual(Object.keys(line), keys);
    assert.deepEqual(Object.keys(line.task_ref), ["set", "id", "sha256"]);
  }
  await assert.rejects(readTasks([pathOf("aime_2024_rrm_candidates.jsonl")]), {
    code: "task-statement",
    hint: /--statements aime_2024\.jsonl/,
  });
});

const absent = !existsSync(statementsPath) && "the AIME statements are not beside this checkout";
test("the AIME file agrees with the statements, which fill it", async () => {
  await assertFresh(await aimeRefs(statementsPath));
  const path = pathOf("aime_2024_rrm_candidates.jsonl");
  const tasks = await readTasks([path], { statements: statementsPath, needsAnswer: true });
  assert.equal(tasks.length, 30);
  assert.ok(tasks.every(({ task }) => task.length > 50));
}, { skip: absent });
