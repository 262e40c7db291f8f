/** Whether a real vLLM (XGrammar) takes our grammars and schemas, and obeys them. */
import { CallError } from "../../lib/model/call_error.ts";
import type { Constraint } from "../../lib/model/types.ts";
import {
  createEventReader,
  type EventConstraintOptions,
  eventGrammar,
  eventSchema,
  type LineResult,
} from "../../lib/protocol/mod.ts";
import { assert, test } from "../kit.ts";
import type { Heard } from "../model/scripted_kit.ts";
import { ask, connect, skip } from "./vllm_kit.ts";

const short = { maxChildren: 3, textChars: 40, rules: ["sum", "count:"] } as const;
const shapes: Readonly<Record<string, EventConstraintOptions>> = {
  "plans of few words": { ...short, kinds: ["plan"] },
  "answers of few words": { textChars: 40, kinds: ["atomic"] },
  "either": short,
  "any rule": { maxChildren: 2, textChars: 20, kinds: ["plan"] },
};

/** Hot, so that it is the constraint that keeps the model in line. */
async function sample(constraint: Constraint, seed: number, maxTokens = 1000): Promise<Heard> {
  await using chat = await connect();
  return await ask(chat, "Emit events: tree stone light", {
    constraint,
    seed,
    temperature: 1.5,
    maxTokens,
  });
}

function readAll(text: string): LineResult[] {
  const reader = createEventReader();
  return [...reader.push(text), ...reader.end()];
}

for (const [name, options] of Object.entries(shapes)) {
  test(`vllm: our grammar is obeyed: ${name}`, async () => {
    const constraint = { kind: "grammar", grammar: eventGrammar(options) } as const;
    for (let seed = 1; seed <= 4; seed++) {
      const { text, finish, error } = await sample(constraint, seed);
      assert.equal(error, undefined);
      assert.equal(finish!.finishReason, "stop", text);
      const lines = readAll(text);
      const said = JSON.stringify(lines);
      assert.ok(lines.length > 0 && lines.every((line) => line.kind === "event"), said);
      const types = lines.map((line) => line.kind === "event" ? line.event.type : "").join(" ");
      const plan = new RegExp(`^(child ){2,${options.maxChildren}}await$`);
      const [kind] = options.kinds ?? [];
      assert.ok(
        kind !== "atomic" && plan.test(types) || kind !== "plan" && types === "atomic",
        said,
      );
    }
  }, { skip });
}

test(
  "vllm: the grammar of benches, without limits, is taken and begins a plan or an answer",
  async () => {
    const grammar = eventGrammar();
    for (let seed = 1; seed <= 3; seed++) {
      const { text, error } = await sample({ kind: "grammar", grammar }, seed, 200);
      assert.equal(error, undefined);
      assert.match(text, /^\{"type":"(child","id":"[a-z]|atomic","answer":")/);
    }
  },
  { skip },
);

test("vllm: our JSON schema is obeyed", async () => {
  for (const options of [short, { ...short, kinds: ["plan"] }] as const) {
    const schema = eventSchema(options);
    const { text, finish, error } = await sample({ kind: "json-schema", schema }, 1, 700);
    assert.equal(error, undefined);
    // White space is JSON too, and a weak model may fill its whole reply with it.
    assert.match(text, /^\s*\{\s*"events"\s*:\s*\[/);
    if (finish!.finishReason === "length") continue;
    // Not by JSON.parse: XGrammar lets control characters into strings whose length is limited.
    const lines = readAll(text);
    const said = JSON.stringify(lines);
    assert.ok(lines.some(({ kind }) => kind === "event" || kind === "repaired"), said);
    assert.ok(lines.every((line) => line.kind !== "rejected"), said);
    assert.ok(lines.every((line) => line.kind !== "ignored" || line.reason === "wrapper"), said);
  }
}, { skip });

test("vllm: a grammar that is none is refused, once and for all", async () => {
  const { error } = await sample({ kind: "grammar", grammar: "root ::= nobody" }, 1);
  assert.ok(error instanceof CallError, `${error}`);
  // It comes inside a reply that was answered with 200.
  assert.match(error.code, /^(http|stream-error)$/);
  assert.equal(error.status, 400);
  assert.equal(error.retryable, false);
  assert.match(error.message, /grammar|nobody/i);
}, { skip });
