import process from "node:process";
import { safeId } from "../../lib/protocol/ids.ts";
import { REASONS, REPAIRS } from "../../lib/protocol/mod.ts";
import type { LineResult, NodeEvent } from "../../lib/protocol/types.ts";
import { fc } from "../deps.ts";
import { seededRandom } from "../../lib/random.ts";
import { assert, test } from "../kit.ts";
import { hostile } from "./arbitraries.ts";
import { read, readPieces } from "./read.ts";

const all = process.env.RRM_SOAK === "1";
const count = all ? 1_000_000 : 20_000;
const repairs = new Set(REPAIRS.map(({ name }) => name));
const reasons = new Set(REASONS.map(({ name }) => name));

test(`${count} hostile texts: only results, and only well-formed ones (RRM_SOAK=1 for 10^6)`, () => {
  const seeds = fc.sample(hostile, { numRuns: 2000, seed: 7 }).filter((text) => text !== "");
  const evolved = [...seeds];
  const random = seededRandom(20261121);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const kinds = { event: 0, repaired: 0, ignored: 0, rejected: 0 };
  for (let i = 0; i < count; i++) {
    let text = pick(random() < 0.5 ? seeds : evolved);
    for (let edits = Math.floor(random() * 5); edits > 0; edits--) text = edit(text, pick, random);
    const results = read(text, { maxLineBytes: 4000 });
    for (const result of results) {
      kinds[result.kind]++;
      check(result, text);
    }
    if (i % 4 === 0) {
      const at = Math.floor(random() * text.length);
      const pieces = [text.slice(0, at), text.slice(at)];
      assert.deepEqual(readPieces(pieces, { maxLineBytes: 4000 }), results, text);
    }
    evolved[i % evolved.length] = text.slice(0, 400);
  }
  assert.ok(Object.values(kinds).every((number) => number > count / 100), JSON.stringify(kinds));
  if (all) console.error(`${count} texts: ${JSON.stringify(kinds)}`);
});

function check(result: LineResult, text: string): void {
  if (result.kind === "event" || result.kind === "repaired") {
    assert.ok(result.repairs.every((name) => repairs.has(name)), result.repairs.join());
    assert.equal(result.repairs.length > 0, result.kind === "repaired", text);
    assert.ok(isWellFormed(result.event), `${JSON.stringify(result)} of ${JSON.stringify(text)}`);
  } else {
    assert.ok(reasons.has(result.reason), result.reason);
    const mayBeBlank = ["think", "control_characters"].includes(result.reason);
    assert.ok(mayBeBlank || result.text.trim() !== "", JSON.stringify(text));
  }
}

function isWellFormed(event: NodeEvent): boolean {
  const areIds = (ids: readonly string[]) => ids.every((id) => id !== "" && safeId(id) === id);
  if (event.type === "child") {
    return areIds([event.id, ...event.depends_on]) && event.task.trim() !== "";
  }
  if (event.type === "await") return areIds(event.children ?? []) && typeof event.rule === "string";
  return event.type === "done" || event.answer === null || event.answer.trim() !== "";
}

function edit(
  text: string,
  pick: <T>(list: readonly T[]) => T,
  random: () => number,
): string {
  const at = Math.floor(random() * (text.length + 1));
  const cut = Math.floor(random() * random() * 20);
  const put = random() < 0.5
    ? pick([..."{}[]\",:\\'\n“<>`", "", '\\"', "<think>", '{"type":"', "\n- {", '"}\n'])
    : text.slice(cut, cut + Math.floor(random() * 30));
  return text.slice(0, at) + put + text.slice(at + cut);
}
