import { createEventReader } from "../../lib/protocol/mod.ts";
import { assert, test } from "../kit.ts";
import { child, eventsOf, read, readPieces } from "./read.ts";

const a = '{"type":"child","id":"a","task":"t","depends_on":[]}';
const b = '{"type":"child","id":"b","task":"t","depends_on":["a"]}';

test("well-formed lines are events without repairs", () => {
  const text = `${a}\n${b}\n{"type":"await","children":["a","b"],"rule":"sum"}\n{"type":"done"}\n`;
  const results = read(text);
  assert.deepEqual(results.map(({ kind }) => kind), ["event", "event", "event", "event"]);
  assert.deepEqual(read('{"type":"atomic"}'), [{
    kind: "event",
    event: { type: "atomic", answer: null },
    repairs: [],
  }]);
});

test("CRLF, blank lines and spaces need no repair", () => {
  assert.deepEqual(read(`\r\n  ${a}  \r\n\r\n\t${b}\r\n`).map(({ kind }) => kind), [
    "event",
    "event",
  ]);
});

test("an event comes with the character that completes its object, not later", () => {
  const texts = [
    a,
    `Sure! ${a}`,
    `\`\`\`json\n[${a}`,
    `{"events": [${a}`,
    `{"events": [${b}, ${a}`,
    `{\n "plan": {"steps": [\n${a}`,
    `{"note": "unclosed\n${a}`,
    `{"type":"child","id":"x","task":"unclosed\n${a}`,
    `{"type":"child","id":"x","task":"no brace"\n- ${a}`,
    "{'type':'child','id':'a','task':'it's','depends_on':[]}",
    `<think>hm</think>${a}`,
    `"${JSON.stringify(a).slice(1, -1)}`,
    a.replaceAll(",", ",\n"),
  ];
  for (const text of texts) {
    const reader = createEventReader();
    const early = eventsOf([...text.slice(0, -1)].flatMap((character) => reader.push(character)));
    assert.ok(!early.some((event) => event.type === "child" && event.id === "a"), text);
    const [event] = eventsOf(reader.push(text.slice(-1)));
    assert.ok(event?.type === "child" && event.id === "a", text);
  }
});

test("a child that lacks its brace comes as soon as the next line shows an event", () => {
  const reader = createEventReader();
  assert.deepEqual(reader.push(`${a.slice(0, -1)}\n{"ty`), []);
  const [result] = reader.push('pe":');
  assert.ok(result?.kind === "repaired");
  assert.deepEqual(result.repairs, ["missing_brace"]);
  assert.deepEqual(eventsOf(reader.push('"done"}')), [{ type: "done" }]);
  assert.deepEqual(reader.end(), []);
});

test("a string that holds the protocol is no event", () => {
  const task = `Explain ${a}\nand {"type":"done"} and '{'type':'done'}`;
  const line = JSON.stringify({ type: "child", id: "x", task, depends_on: [] });
  assert.deepEqual(read(line), [{ kind: "event", event: child("x", task), repairs: [] }]);
  const refused = read(JSON.stringify({ type: "note", text: task, more: "{'type':'done'}" }));
  assert.deepEqual(refused.map(({ kind }) => kind), ["rejected"]);
});

test("thinking is read only when nothing else holds an event", () => {
  assert.deepEqual(eventsOf(read(`<think>${a}</think>\n${b}`)).map((event) => event.type), [
    "child",
  ]);
  const late = createEventReader();
  assert.deepEqual(late.push(`<think>\nplan: ${a}\n${b}\n</think>\nI am done.\n`).length, 1);
  const results = late.end();
  assert.deepEqual(
    results.map((result) => [result.kind, "repairs" in result ? result.repairs : result.reason]),
    [["ignored", "prose"], ["repaired", ["think", "prose"]], ["repaired", ["think"]]].slice(1),
  );
  assert.deepEqual(eventsOf(read(`<think>a</think><think>${a}`)).length, 1);
  // An option for callers whose text without events is an answer.
  const results2 = read(`<think>${a}</think>FINAL: 4`, { readThinking: false });
  assert.deepEqual(eventsOf(results2), []);
  assert.deepEqual(results2.length, 2);
});

test("text recorded from a real server is read as it came", () => {
  const deltas = [
    '{"',
    "ev",
    '":"',
    "spawn",
    '","',
    "id",
    '":',
    "3",
    ',"',
    "task",
    '":"',
    "ev",
    '"}',
    "\n",
  ];
  const results = readPieces([...deltas, '{"ev":"done"}\n', " is 42.\n</think>\n\nThe answer is"]);
  assert.deepEqual(results.map((result) => "reason" in result ? result.reason : ""), [
    "missing_type",
    "not_an_event",
    "prose",
    "think",
    "prose",
  ]);
});

test("a task of a megabyte is legal, a line of over two is refused", () => {
  const long = JSON.stringify(child("a", "x".repeat(1_000_000)));
  assert.deepEqual(read(long).map(({ kind }) => kind), ["event"]);
  const longer = JSON.stringify(child("a", "x".repeat(2_200_000)));
  const results = read(`${longer}\n${b}`);
  assert.deepEqual(results.map(({ kind }) => kind), ["rejected", "event"]);
  assert.ok("text" in results[0]! && results[0].text.length === 1000);
});

test("10,000 events are read, more are refused", () => {
  const lines = Array.from({ length: 10_002 }, (_, i) => JSON.stringify(child(`c${i}`)));
  const results = read(lines.join("\n"));
  assert.equal(eventsOf(results).length, 10_000);
  assert.deepEqual(
    results.slice(10_000).map((result) => "reason" in result && result.reason),
    ["too_many_events", "too_many_events"],
  );
});

test("a reader that has ended gives nothing more", () => {
  const reader = createEventReader();
  reader.end();
  assert.deepEqual([reader.push(a), reader.end()], [[], []]);
});

test("names with a meaning to the language reach no prototype", () => {
  const [result] = read(
    '{"type":"child","id":"__proto__","task":"t","__proto__":{"answer":"x"},"constructor":1}',
  );
  assert.ok(result?.kind === "repaired" && result.event.type === "child");
  assert.equal(result.event.id, "id___proto__");
  assert.equal(({} as { answer?: string }).answer, undefined);
  for (const id of ["toString", "constructor", "hasOwnProperty", "prototype"]) {
    const [event] = eventsOf(read(JSON.stringify(child(id))));
    assert.ok(event?.type === "child" && event.id === `id_${id}`);
  }
});
