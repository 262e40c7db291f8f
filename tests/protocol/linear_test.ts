import process from "node:process";
import { createEventReader, createPlan } from "../../lib/protocol/mod.ts";
import { assert, test } from "../kit.ts";

const fill = (unit: string, n: number) => unit.repeat(Math.ceil(n / unit.length)).slice(0, n);

/** Texts of about `n` characters that invite reading the same again and again. */
const shapes: Readonly<Record<string, (n: number) => string>> = {
  "event lines": (n) => fill('{"type":"child","id":"a","task":"t","depends_on":[]}\n', n),
  "one long task": (n) => `{"type":"child","id":"a","task":"${fill("word ", n)}","depends_on":[]}`,
  "one long task with TeX": (n) => `{"type":"child","id":"a","task":"${fill("\\frac\\nu ", n)}"}`,
  "one long line of prose": (n) => fill("prose ", n),
  "lines of prose": (n) => fill("prose\n", n),
  "open braces": (n) => fill("{", n),
  "open braces on lines": (n) => fill("{\n", n),
  "open brackets": (n) => fill("[", n),
  "brackets in an object": (n) => `{"type":${fill("[", n)}`,
  "closed brackets in an object": (n) => `{"type":${fill("[", n / 2)}${fill("]", n / 2)}}`,
  "closing braces": (n) => fill("}", n),
  "double quotes": (n) => fill('"', n),
  "quotes in an object": (n) => `{"type":"${fill('"', n)}`,
  "quotes and commas in an object": (n) => `{"type":"${fill('", ', n)}`,
  "quotes, commas and words": (n) => `{"type":"${fill('", a b c d e f ', n)}`,
  "quotes and spaces": (n) => `{"type":"${fill('"   ', n)}`,
  "single quotes": (n) => `{'type':'${fill("',' ", n)}'}`,
  "backslashes": (n) => fill("\\", n),
  "backslashes in a string": (n) => `{"type":"${fill("\\", n)}"}`,
  "backslashes before a brace": (n) => `{${fill("\\", n)}"type":`,
  "objects never closed, on a line": (n) => fill('{"a":', n),
  "objects never closed, on lines": (n) => fill('{"a":\n', n),
  "events never closed, on a line": (n) => fill('{"type":', n),
  "events never closed, on lines": (n) => fill('{"type":"child"\n', n),
  "events with open strings": (n) => fill('{"type":"child","task":"x\n', n),
  "nested events": (n) => fill('{"type":', n / 9) + fill("}", n / 9),
  "nested wrappers": (n) => fill('{"events":[', n),
  "failed objects within one": (n) => `{"type":{${fill('"type":@,{', n)}}}`,
  "an object over many lines": (n) => `{"type":"child","id":"a","task":\n${fill("\n ", n)}"t"}`,
  "an unclosed object and prose": (n) => `{"note": ${fill("some prose\n", n)}`,
  "white space after a brace": (n) => `{${fill(" \n", n)}`,
  "white space in prose": (n) => `a${fill(" ", n)}b`,
  "thinking": (n) => `<think>${fill('<thin </thin {"a":1}\n', n)}`,
  "tags": (n) => fill("<think", n),
  "fences": (n) => fill("```", n),
  "commas": (n) => `{"type":"done"}${fill(",", n)}`,
  "wrapper marks": (n) => fill('[{},"a":', n),
  "names in a list": (n) => `{"type":"await","children":"${fill("a,", n)}"}`,
  "one long id": (n) => `{"type":"child","task":"t","id":"${fill("é.", n)}"}`,
  "escaped objects": (n) => fill('{\\"type\\":\\"done\\"} ', n),
  "keys": (n) => `{"type":"done"${fill(',"k":1', n)}}`,
};

/** Processor milliseconds, which other programs on the machine do not lengthen. */
function processorTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * How much longer one large piece of work takes than the same amount in 16 parts: about 1 when time
 * is linear, 16 when it is quadratic. The least of some tries: a garbage collection may hit any.
 */
function growth(large: () => void, small: () => void): number {
  let ratio = Infinity;
  for (let tries = 0; tries < 5 && ratio > 4; tries++) {
    const parts = processorTime(() => {
      for (let i = 0; i < 16; i++) small();
    });
    ratio = Math.min(ratio, processorTime(large) / Math.max(parts, 5));
  }
  return ratio;
}

function readAll(pieces: readonly string[]): void {
  const reader = createEventReader();
  for (const piece of pieces) reader.push(piece);
  reader.end();
}

function split(text: string, step: number): string[] {
  const pieces: string[] = [];
  for (let i = 0; i < text.length; i += step) pieces.push(text.slice(i, i + step));
  return pieces;
}

for (const [name, shape] of Object.entries(shapes)) {
  test(`reading takes linear time: ${name}`, () => {
    for (const step of [400_000, 5]) {
      const [small, large] = [split(shape(20_000), step), split(shape(320_000), step)];
      const ratio = growth(() => readAll(large), () => readAll(small));
      assert.ok(ratio < 4, `${ratio.toFixed(1)} times as long in one as in parts, step ${step}`);
    }
  });
}

function planOf(n: number): void {
  const plan = createPlan({ earlier: new Map(), width: n, refuse: null });
  for (let i = 0; i < n; i++) {
    const task = `t${i}`;
    const event = { type: "child", id: i % 2 ? "a" : `b${i}`, task, depends_on: ["a"] } as const;
    plan.accept({ kind: "event", event, repairs: [] });
    const wait = { type: "await", children: [`b${i}`], rule: `r${i % 3}` } as const;
    plan.accept({ kind: "event", event: wait, repairs: [] });
  }
  plan.end();
}

test("a plan takes linear time", () => {
  const ratio = growth(() => planOf(32_000), () => planOf(2_000));
  assert.ok(ratio < 4, `${ratio.toFixed(1)} times as long in one as in parts`);
});
