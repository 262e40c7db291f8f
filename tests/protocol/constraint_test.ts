import process from "node:process";
import { InputError } from "../../lib/errors.ts";
import {
  createPlan,
  type EventConstraintOptions,
  eventGrammar,
  eventSchema,
  type NodeEvent,
} from "../../lib/protocol/mod.ts";
import { fc } from "../deps.ts";
import { assert, test } from "../kit.ts";
import { gbnfSampler, type Pick } from "./gbnf.ts";
import { read } from "./read.ts";

// The same cases each time; RRM_SOAK=1 draws others.
if (process.env.RRM_SOAK !== "1") fc.configureGlobal({ seed: 20261121 });

/** A generator of numbers, drawn by fast-check. */
const picks: fc.Arbitrary<Pick> = fc.infiniteStream(fc.nat()).map((stream): Pick => {
  return (least, most) => least + stream.next().value! % (most - least + 1);
});

const options: readonly EventConstraintOptions[] = [
  {},
  { kinds: ["plan"], maxChildren: 4, textChars: 30 },
  { kinds: ["atomic"], textChars: 1 },
  { maxChildren: 2, rules: ["sum", "count:"] },
  { kinds: ["plan"], rules: ["vote"] },
];

function eventsWithoutRepairs(text: string): NodeEvent[] {
  return read(text).map((result) => {
    assert.equal(result.kind, "event", `${JSON.stringify(result)} of ${JSON.stringify(text)}`);
    return (result as { event: NodeEvent }).event;
  });
}

function assertWithin(events: readonly NodeEvent[], limits: EventConstraintOptions): void {
  const children = events.filter((event) => event.type === "child");
  assert.ok(children.length <= (limits.maxChildren ?? Infinity));
  for (const event of events) {
    const named = event.type === "child" ? event.depends_on : [];
    assert.ok(named.length <= (limits.maxChildren ?? Infinity), named.join());
    const text = event.type === "child"
      ? event.task
      : event.type === "atomic"
      ? event.answer!
      : event.type === "await"
      ? event.rule
      : "";
    if (!limits.rules) assert.ok([...text].length <= (limits.textChars ?? Infinity), text);
    if (event.type === "await" && limits.rules) {
      const { rule } = event;
      const allowed = limits.rules.some((name) =>
        name.endsWith(":") ? rule.startsWith(name) && rule.length > name.length : rule === name
      );
      assert.ok(allowed, rule);
    }
  }
}

test("every text the grammar allows is read without repairs, as a plan or an answer", () => {
  for (const limits of options) {
    const sample = gbnfSampler(eventGrammar(limits));
    fc.assert(
      fc.property(picks, (pick) => {
        const text = sample(pick);
        const events = eventsWithoutRepairs(text);
        assertWithin(events, limits);
        assert.equal(events.map((event) => JSON.stringify(event)).length, text.split("\n").length);
        const types = events.map(({ type }) => type);
        if (types[0] === "atomic") return assert.deepEqual(types, ["atomic"]);
        assert.ok(types.length >= 3 && types.at(-1) === "await");
        assert.ok(types.slice(0, -1).every((type) => type === "child"));
        const plan = createPlan({ earlier: new Map(), width: 100, refuse: null });
        for (const event of events) plan.accept({ kind: "event", event, repairs: [] });
        assert.ok(plan.end().awaited.length > 0);
      }),
      { numRuns: 150 },
    );
  }
});

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

// What the schema cannot say: no blank text, and no control characters for TeX to be found in.
const word = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) =>
  text.trim() !== "" && !/\p{C}/u.test(text)
);

/** Values that a schema allows. */
function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valuesOf));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.type === "object") {
    const entries = Object.entries(schema.properties!);
    assert.deepEqual(entries.map(([name]) => name), schema.required);
    return fc.record(Object.fromEntries(entries.map(([name, value]) => [name, valuesOf(value)])));
  }
  if (schema.type === "array") {
    const { minItems: minLength = 0, maxItems: maxLength = minLength + 8 } = schema;
    return fc.array(valuesOf(schema.items!), { minLength, maxLength });
  }
  assert.equal(schema.type, "string");
  if (schema.pattern) return fc.stringMatching(new RegExp(schema.pattern));
  return word.map((text) => [...text].slice(0, schema.maxLength).join("")).filter((text) =>
    text.trim() !== ""
  );
}

test("every value the schema allows is read, with no repair but that of the wrapper", () => {
  for (const limits of options) {
    const schema = eventSchema(limits) as Schema;
    fc.assert(
      fc.property(valuesOf(schema), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const events = read(text).flatMap((result) => {
          if (result.kind === "ignored") {
            assert.equal(result.reason, "wrapper");
            return [];
          }
          assert.ok(result.kind === "repaired", JSON.stringify(result));
          const layout = ["wrapper", "several_on_line", "multiline_object"];
          assert.deepEqual(result.repairs.filter((name) => !layout.includes(name)), [], text);
          return [result.event];
        });
        assert.equal(events.length, (value as { events: unknown[] }).events.length);
        assertWithin(events, { ...limits, maxChildren: Infinity });
      }),
      { numRuns: 100 },
    );
  }
});

test("grammar and schema name the same fields in the same order", () => {
  const list = (eventSchema() as Schema).properties!.events!.items!.anyOf!;
  const grammar = eventGrammar();
  for (const { properties } of list) {
    const type = properties!.type!.const as string;
    const line = grammar.split("\n").find((text) => text.startsWith(`${type} ::=`))!;
    const names = [...line.matchAll(/\\"([a-z_]+)\\":/g)].map(([, name]) => name);
    assert.deepEqual(names, Object.keys(properties!));
  }
});

test("limits that cannot hold are bad input", () => {
  const bad: EventConstraintOptions[] = [
    { kinds: [] },
    { rules: [] },
    { maxChildren: 1 },
    { maxChildren: 2.5 },
    { textChars: 0 },
    { textChars: 2000 },
  ];
  for (const limits of bad) {
    assert.throws(() => eventGrammar(limits), InputError);
    assert.throws(() => eventSchema(limits), InputError);
  }
});
