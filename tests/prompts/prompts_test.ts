import { InputError } from "../../lib/errors.ts";
import type { Conclusion } from "../../lib/kernel/types.ts";
import {
  continuationTurn,
  describeStyle,
  directReduceTurn,
  directTurn,
  findStyle,
  freshTurn,
  hashStyle,
  plannerTurn,
  promptRoles,
  render,
  statedValue,
  styleFor,
  styles,
  workerTurn,
} from "../../lib/prompts/mod.ts";
import type { PromptStyle, Template } from "../../lib/prompts/types.ts";
import { assert, test } from "../kit.ts";

const schema = [
  `{"type":"child","id":"case_a","task":"self-contained subproblem","depends_on":[]}`,
  `{"type":"child","id":"case_b","task":"...","depends_on":["case_a"]}`,
  `{"type":"await","children":["case_a","case_b"],"rule":"how the conclusions answer the task"}`,
  `{"type":"atomic","answer":"complete answer ending with FINAL: <answer>"}`,
  `{"type":"done"}`,
].join("\n");

function concluded(id: string, text: string, more: Partial<Conclusion> = {}): Conclusion {
  const task = `task of ${id}`;
  return { path: `root.${id}`, id, task, status: "ok", text, truncated: false, ...more };
}

const textOf = (messages: readonly { content: string }[]) =>
  messages.map((message) => message.content).join("\n");

test("render: values are literal, whatever they hold", () => {
  const nasty = '{rule} $& $1 {{task}} \\boxed{x} </s> {"type":"child"}';
  const messages = render(
    { system: "{rule}", user: "a {task} b {unknown} {constructor} c" },
    { task: nasty, rule: "R" },
    nasty,
  );
  assert.deepEqual(messages, [
    { role: "system", content: "R" },
    { role: "user", content: `a ${nasty} b {unknown} {constructor} c` },
  ]);
});

test("render: examples are chosen by the task, and are not filled", () => {
  const template: Template = {
    examples: [
      { when: "\\bcount\\b", user: "count {task}", assistant: "1" },
      { when: "total", user: "total", assistant: "2" },
      { user: "always", assistant: "3" },
    ],
    user: "{task}",
  };
  const asked = (task: string) =>
    render(template, { task }, task).filter((one) => one.role === "user").map((one) => one.content);
  assert.deepEqual(asked("Count these"), ["count {task}", "always", "Count these"]);
  assert.deepEqual(asked("The TOTAL of"), ["total", "always", "The TOTAL of"]);
  assert.deepEqual(asked("accounts"), ["always", "accounts"]);
});

test("styles: planners show the event schema word for word, direct prompts never", () => {
  for (const style of styles) {
    const node = { task: "How many in total?", dependencies: [] };
    const planner = textOf(plannerTurn(style, node, 4));
    // The adapter was trained without the schema in its prompt; its texts may not change.
    if (style.name !== "planner-lora") assert.ok(planner.includes(schema), style.name);
    for (const turn of [directTurn(style, node), directReduceTurn(style, node)]) {
      assert.doesNotMatch(textOf(turn), /"type"|depends_on|\{"/, style.name);
    }
  }
});

test("styles: every prompt carries its values; only its own; turns in a session have no system", () => {
  const allowed: Record<string, readonly string[]> = {
    direct: ["task"],
    directReduce: ["task"],
    planner: ["task", "dependencies", "limits"],
    worker: ["task", "dependencies"],
    continuation: ["task", "rule", "conclusions", "limits"],
    fresh: ["task", "rule", "conclusions"],
  };
  const needed: Record<string, readonly string[]> = {
    direct: ["task"],
    directReduce: ["task"],
    planner: ["task", "dependencies"],
    worker: ["task", "dependencies"],
    continuation: ["rule", "conclusions"],
    fresh: ["task", "rule", "conclusions"],
  };
  for (const style of styles) {
    assert.equal(style.continuation.system, undefined, style.name);
    for (const role of promptRoles) {
      const { system = "", user, examples = [] } = style[role];
      const names = [...`${system} ${user}`.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
      for (const name of names) {
        assert.ok(allowed[role]!.includes(name), `${style.name} ${role} ${name}`);
      }
      for (const name of needed[role]!) {
        assert.ok(names.includes(name), `${style.name} ${role} ${name}`);
      }
      for (const { when } of examples) if (when) new RegExp(when, "i");
    }
  }
});

test("styles: contest prompts ask for FINAL", () => {
  for (const style of styles.filter((one) => one.conclusions !== "values")) {
    const node = { task: "Find x.", dependencies: [] };
    const joined = { rule: "add", conclusions: [concluded("a", "FINAL: 1")] };
    for (
      const turn of [
        directTurn(style, node),
        workerTurn(style, node),
        continuationTurn(style, node, joined, { width: 4, roundsLeft: 0 }),
        freshTurn(style, node, joined),
      ]
    ) assert.match(textOf(turn), /FINAL: <answer>/, style.name);
  }
});

test("styles: no two share a prompt hash by accident; the hash covers quoting and examples", () => {
  const base = findStyle("semantic");
  const hashes = hashStyle(base);
  assert.deepEqual(Object.keys(hashes), [...promptRoles]);
  const changed: PromptStyle = {
    ...base,
    planner: { ...base.planner, examples: [{ user: "u", assistant: "a" }] },
  };
  assert.notEqual(hashStyle(changed).planner, hashes.planner);
  assert.equal(hashStyle(changed).worker, hashes.worker);
  assert.notEqual(hashStyle({ ...base, conclusions: "values" }).continuation, hashes.continuation);
  const planners = styles.map((style) => hashStyle(style).planner);
  assert.equal(new Set(planners).size, styles.length);
});

test("styles: chosen by name, by adapter, by size; a slip is met with a suggestion", () => {
  assert.equal(styleFor({ smallModel: false }).name, "semantic-fastsplit-noformula");
  assert.equal(styleFor({ smallModel: true }).name, "small-fewshot");
  assert.equal(styleFor({ smallModel: true, plannerAdapter: true }).name, "planner-lora");
  assert.equal(styleFor({ name: "cases", smallModel: true, plannerAdapter: true }).name, "cases");
  assert.throws(
    () => findStyle("semantc"),
    (error) =>
      error instanceof InputError && error.hint!.includes("semantic") &&
      error.message.includes("semantc"),
  );
  assert.throws(
    () => findStyle("zzzzzz"),
    (error) => error instanceof InputError && error.hint!.includes("small-fewshot"),
  );
});

test("describeStyle shows every prompt in full", () => {
  for (const style of styles) {
    const shown = describeStyle(style);
    for (const role of promptRoles) {
      assert.ok(shown.includes(style[role].user) && shown.includes(style[role].system ?? ""));
      for (const example of style[role].examples ?? []) {
        assert.ok(shown.includes(example.assistant));
      }
      assert.ok(shown.includes(hashStyle(style)[role]));
    }
  }
});

test("turns: dependencies reach the prompt with their tasks, in planner, worker and fallback", () => {
  const dependencies = [
    concluded("x", "It is 7.\nFINAL: 7"),
    concluded("y", "failed: no", { status: "failed" }),
  ];
  const node = { task: "Double it.", dependencies };
  for (const style of styles) {
    for (
      const turn of [plannerTurn(style, node, 3), workerTurn(style, node), directTurn(style, node)]
    ) {
      const text = textOf(turn);
      assert.ok(text.includes("task of x") && text.includes("failed: no"), style.name);
    }
  }
});

test("turns: conclusions are quoted whole, or by value where the style says so", () => {
  const conclusions = [
    concluded("a", "<think>hm FINAL: 9</think>It says 57.\nFINAL: 57"),
    concluded("b", "failed: down", { status: "failed" }),
  ];
  const node = { task: "T", dependencies: [] };
  const joined = { rule: "sum", conclusions };
  const limits = { width: 4, roundsLeft: 1 };
  const [full] = continuationTurn(findStyle("plain"), node, joined, limits);
  assert.match(full!.content, /\[a\]\nIt says 57\.\nFINAL: 57\n\n\[b\]\nfailed: down/);
  assert.doesNotMatch(full!.content, /FINAL: 9/);
  assert.match(full!.content, /1 more round of at most 4 children/);
  const [last] = continuationTurn(findStyle("plain"), node, joined, { width: 4, roundsLeft: 0 });
  assert.match(last!.content, /last round/);
  const [values] = continuationTurn(findStyle("planner-lora"), node, joined, limits);
  assert.equal(values!.content, "Conclusions: a=57 b=failed: down. Rule: sum.");
});

test("planner-lora: the texts of its training, to the letter", () => {
  const style = findStyle("planner-lora");
  const node = { task: "What is the total? Ann has 2 cups.", dependencies: [] };
  assert.deepEqual(plannerTurn(style, node, 12), [
    { role: "system", content: "Plan the task as JSON events." },
    { role: "user", content: node.task },
  ]);
  assert.deepEqual(workerTurn(style, node), [
    { role: "system", content: "Solve this small task. End with FINAL: value." },
    { role: "user", content: node.task },
  ]);
});

test("statedValue: only what is stated as the answer", () => {
  assert.equal(statedValue("So.\nFINAL: 7"), "7");
  assert.equal(statedValue("Thus \\boxed{12}."), "12");
  assert.equal(statedValue("<think>FINAL: 1</think>It is 2."), null);
  assert.equal(statedValue("7"), null);
});
