import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../../lib/errors.ts";
import { readTasks, type ReadTasksOptions, taskHash } from "../../lib/records/tasks.ts";
import { assert, test } from "../kit.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

async function inFolder(files: Files, use: (path: (name: string) => string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), "rrm-tasks-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, name), content);
    }
    await use((name) => join(folder, name));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Reads `a.jsonl` of the given content and gives the error, with the folder cut out of it. */
async function failure(
  content: string | Uint8Array,
  options: ReadTasksOptions = {},
  more: Files = {},
): Promise<InputError> {
  let found: unknown;
  await inFolder({ "a.jsonl": content, ...more }, async (path) => {
    const named = options.statements
      ? { ...options, statements: path(options.statements) }
      : options;
    found = await readTasks([path("a.jsonl")], named).then(() => null, (error) => error);
    assert.ok(found instanceof InputError, `no input error but ${found}`);
    const folder = path("").replace(/\/$/, "");
    found.message = found.message.replaceAll(`${folder}/`, "").replaceAll(folder, "FOLDER");
  });
  return found as InputError;
}

const good = (id: string, more: object = {}) => JSON.stringify({ id, task: `task ${id}`, ...more });

test("a task line is read with its aliases, and what is not known goes to meta", async () => {
  const lines = [
    good("a", { answer: 5, answer_type: "integer", split: "test" }),
    JSON.stringify({ id: "b", problem: "p", target: ["x"], level: 3, meta: { from: "here" } }),
    JSON.stringify({ id: "c", question: "q", gold: "g" }),
    JSON.stringify({ id: "d", prompt: "r", task: "t", expected: null, answer: null }),
  ];
  // A byte-order mark, CRLF, blank lines, and no line end at the end.
  const content = "\uFEFF" + lines.join("\r\n\r\n  \r\n");
  await inFolder({ "a.jsonl": content }, async (path) => {
    const [a, b, c, d] = await readTasks([path("a.jsonl")]);
    assert.deepEqual(a, {
      id: "a",
      task: "task a",
      answer: 5,
      answer_type: "integer",
      context: null,
      context_path: null,
      oracle_graph: null,
      meta: { split: "test" },
    });
    assert.deepEqual([b!.task, b!.answer, b!.meta], ["p", ["x"], { from: "here", level: 3 }]);
    assert.deepEqual([c!.task, c!.answer], ["q", "g"]);
    assert.deepEqual([d!.task, d!.answer, d!.meta["prompt"]], ["t", null, "r"]);
  });
});

test("all bad lines are told at once, each with file, line, field and reason", async () => {
  const error = await failure([
    good("a"),
    "{not json",
    "[1]",
    JSON.stringify({ task: "x" }),
    JSON.stringify({ id: 5, task: "" }),
    JSON.stringify({ id: "b" }),
    good("a"),
    good("c", { answer: true }),
    good("d", { answer: "many", answer_type: "integer" }),
    good("e", { answer_type: "integr" }),
    good("f", { context: { file: "x" } }),
    good("g", { oracle_graph: [{ type: "child", id: "x", task: "" }] }),
  ].join("\n"));
  assert.equal(error.code, "task-file");
  const lines = error.message.split("\n");
  const expected = [
    /^a\.jsonl:2: line: is not JSON: "\{not json"$/,
    /^a\.jsonl:3: line: needs one JSON object/,
    /^a\.jsonl:4: id: /,
    /^a\.jsonl:5: id: /,
    /^a\.jsonl:5: task: is empty$/,
    /^a\.jsonl:6: task: missing/,
    /^a\.jsonl:8: answer: needs a string, a number or a list$/,
    /^a\.jsonl:9: answer: "many" is no integer$/,
    /^a\.jsonl:10: answer_type: /,
    /^a\.jsonl:11: context: /,
    /^a\.jsonl:12: oracle_graph\[0\]\.task: is empty$/,
    /^a\.jsonl:7: id: "a" stands already at a\.jsonl:1$/,
  ];
  assert.equal(lines.length, expected.length, error.message);
  for (const [i, pattern] of expected.entries()) assert.match(lines[i]!, pattern);
});

test("an oracle graph is checked as a plan", async () => {
  const child = (id: string, ...depends_on: string[]) => ({
    type: "child",
    id,
    task: "t",
    depends_on,
  });
  const graphs: readonly (readonly [object[], RegExp])[] = [
    [[{ type: "await", children: [], rule: "sum" }], /announces no child/],
    [[child("a"), child("a")], /child "a" is announced twice/],
    [[child("a", "b")], /child "a" depends on unknown "b"/],
    [[child("a", "a")], /cycle: a → a/],
    [[child("a", "c"), child("b", "a"), child("c", "b"), child("d", "a")], /cycle: a → c → b → a/],
    [
      [child("a"), { type: "await", children: ["z"], rule: "sum" }],
      /await names unknown child "z"/,
    ],
    [[child("a"), { type: "atomic", answer: "1" }], /type must be/],
    [[{ type: "done" }, child("a")], /events follow done/],
    [[child("__proto__")], /an id is/],
    [[child("constructor")], /means something/],
    [[child("a.b")], /an id is/],
  ];
  for (const [graph, pattern] of graphs) {
    const error = await failure(good("x", { oracle_graph: graph }));
    assert.match(error.message, /^a\.jsonl:1: oracle_graph/);
    assert.match(error.message, pattern);
  }
  const fine = [child("b", "a"), { type: "child", id: "a", task: "t" }, {
    type: "await",
    rule: "sum",
  }];
  await inFolder({ "a.jsonl": good("x", { oracle_graph: fine }) }, async (path) => {
    const [task] = await readTasks([path("a.jsonl")], { needsOracle: true });
    assert.deepEqual(task!.oracle_graph, [
      child("b", "a"),
      child("a"),
      { type: "await", children: null, rule: "sum" },
    ]);
  });
});

test("files that are no task files get a message that says what they are", async () => {
  const cases: readonly (readonly [string | Uint8Array, RegExp])[] = [
    ["", /a\.jsonl is empty/],
    ["\n \n", /a\.jsonl is empty/],
    [`[\n${good("a")},\n${good("b")}\n]`, /is one JSON list, not JSONL/],
    [JSON.stringify({ id: "a", task: "b" }, null, 2), /over several lines, not JSONL/],
    [new Uint8Array([0xff, 0xfe, 0x41, 0x00]), /a\.jsonl:1: line: not UTF-8 text/],
    ["id,task\n1,two\n", /a\.jsonl:1: line: is not JSON: "id,task"/],
  ];
  for (const [content, pattern] of cases) {
    const error = await failure(content);
    assert.equal(error.code, "task-file");
    assert.match(error.message, pattern);
  }
  await inFolder({}, async (path) => {
    await mkdir(path("folder"));
    await assert.rejects(readTasks([path("none.jsonl")]), {
      code: "task-file",
      message: /does not exist/,
    });
    await assert.rejects(readTasks([path("folder")]), {
      code: "task-file",
      message: /is a folder/,
    });
  });
});

test("ids are unique over all files", async () => {
  await inFolder({ "a.jsonl": good("x"), "b.jsonl": good("x") }, async (path) => {
    await assert.rejects(
      readTasks([path("a.jsonl"), path("b.jsonl")]),
      /b\.jsonl:1: id: "x" stands already at .*a\.jsonl:1/,
    );
  });
});

test("a context is read by its path relative to the task file", async () => {
  const lines = [good("a", { context: { path: "text.txt" } }), good("b", { context: "here" })];
  await inFolder({ "a.jsonl": lines.join("\n"), "text.txt": "long text" }, async (path) => {
    const [a, b] = await readTasks([path("a.jsonl")]);
    assert.deepEqual([a!.context, a!.context_path], ["long text", "text.txt"]);
    assert.deepEqual([b!.context, b!.context_path], ["here", null]);
  });
  const error = await failure(good("a", { context: { path: "none.txt" } }));
  assert.match(
    error.message,
    /^a\.jsonl:1: context: none\.txt does not exist \(looked in FOLDER\)$/,
  );
});

test("ids, limit and shard select, and a wrong id gets a suggestion", async () => {
  const content = ["case_one", "case_two", "three", "four", "five"].map((id) => good(id)).join(
    "\n",
  );
  await inFolder({ "a.jsonl": content }, async (path) => {
    const ids = async (options: ReadTasksOptions) =>
      (await readTasks([path("a.jsonl")], options)).map(({ id }) => id);
    assert.deepEqual(await ids({ ids: ["four", "case_one"] }), ["case_one", "four"]);
    assert.deepEqual(await ids({ limit: 2 }), ["case_one", "case_two"]);
    assert.deepEqual(await ids({ shard: { index: 1, count: 2 } }), ["case_one", "three", "five"]);
    assert.deepEqual(await ids({ shard: { index: 2, count: 2 }, limit: 3 }), ["case_two"]);
  });
  const error = await failure(content, { ids: ["case_on"] });
  assert.equal(error.code, "task-ids");
  assert.match(error.message, /no task has the id "case_on" \(did you mean "case_one"\?\)/);
  assert.equal((await failure(content, { ids: [] })).code, "task-ids");
  assert.equal((await failure(content, { shard: { index: 7, count: 8 } })).code, "task-shard");
});

test("needed answers and graphs are asked for only of the selected tasks", async () => {
  const content = [good("a", { answer: 1 }), good("b")].join("\n");
  assert.match(
    (await failure(content, { needsAnswer: true })).message,
    /^a\.jsonl:2: answer: missing$/,
  );
  assert.match(
    (await failure(content, { needsOracle: true })).message,
    /:1: oracle_graph: missing.*\n.*:2: /,
  );
  await inFolder({ "a.jsonl": content }, async (path) => {
    assert.equal((await readTasks([path("a.jsonl")], { needsAnswer: true, limit: 1 })).length, 1);
  });
});

test("a statement is filled in from a file and checked by its hash", async () => {
  const sha256 = createHash("sha256").update("The statement.").digest("hex");
  const line = JSON.stringify({
    id: "a",
    answer: 1,
    task_ref: { set: "contest", id: "one", sha256 },
  });
  const statements = JSON.stringify({ id: "one", task: "The statement.", answer: "ignored" });
  await inFolder({ "a.jsonl": line, "s.jsonl": statements }, async (path) => {
    const [task] = await readTasks([path("a.jsonl")], { statements: path("s.jsonl") });
    assert.equal(task!.task, "The statement.");
    assert.equal("task_ref" in task!, false);
  });
  const without = await failure(line);
  assert.equal(without.code, "task-statement");
  assert.match(
    without.message,
    /1 of 1 tasks have no statement.*"one" of "contest" \(a\.jsonl:1\)/,
  );
  assert.match(without.hint!, /rrm bench .*a\.jsonl --statements contest\.jsonl/);
  const other = { "s.jsonl": JSON.stringify({ id: "two", task: "x" }) };
  assert.equal((await failure(line, { statements: "s.jsonl" }, other)).code, "task-statement");
  const changed = { "s.jsonl": JSON.stringify({ id: "one", task: "The statement" }) };
  const wrong = await failure(line, { statements: "s.jsonl" }, changed);
  assert.match(wrong.message, /^a\.jsonl:1: task_ref: the statement of "one" in .* has sha256/);
});

test("a megabyte in one task is legal", async () => {
  const big = "word ".repeat(300_000);
  await inFolder({ "a.jsonl": JSON.stringify({ id: "a", task: big }) }, async (path) => {
    assert.equal((await readTasks([path("a.jsonl")]))[0]!.task, big);
  });
});

test("a task's hash covers its content but not its notes", async () => {
  const lines = [good("a", { answer: 1, note: "x" }), good("b")].join("\n");
  await inFolder({ "a.jsonl": lines }, async (path) => {
    const [a, b] = await readTasks([path("a.jsonl")]);
    assert.notEqual(taskHash(a!), taskHash(b!));
    assert.equal(taskHash({ ...a!, meta: {} }), taskHash(a!));
    assert.notEqual(taskHash({ ...a!, task: "other" }), taskHash(a!));
  });
});
