/** Random events, random noise, and texts that are nearly events. */
import { safeId } from "../../lib/protocol/ids.ts";
import type { NodeEvent } from "../../lib/protocol/types.ts";
import { fc } from "../deps.ts";

const id = fc.stringMatching(/^[a-zA-Z][\w-]{0,12}$/).filter((name) => safeId(name) === name);

/** Text that holds anything but what is read as TeX on purpose. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1 }),
  fc.constantFrom('say "hi", then', "{1,2} [x]", "a\nb", "it's\n{", "\\frac{1}{2}", "```x```"),
).filter((value) => value.trim() !== "" && !/\p{Cc}[a-z]/iu.test(value));

/** A well-formed event. */
export const event: fc.Arbitrary<NodeEvent> = fc.oneof(
  fc.record({
    type: fc.constant("child" as const),
    id,
    task: text,
    depends_on: fc.uniqueArray(id, { maxLength: 3 }),
  }, { noNullPrototype: true }),
  fc.record({
    type: fc.constant("await" as const),
    children: fc.uniqueArray(id, { minLength: 1, maxLength: 3 }),
    rule: text,
  }, { noNullPrototype: true }),
  fc.record({ type: fc.constant("atomic" as const), answer: text }, { noNullPrototype: true }),
);

const fragments = [
  ..."{}[]\",:\\'“”’\n\r\t -*`<>/.0",
  "\\n",
  '\\"',
  "\\\\",
  "```json\n",
  "<think>",
  "</think>",
  '{"type":',
  '{"events":[',
  "{'type':'",
  '{\\"type\\":\\"',
  '"child"',
  '"done"}',
  '"id":"a"',
  '"task":"t"',
  '"depends_on":[]',
  '"children":["a"]',
  "None",
  "type",
  "\\frac",
  "\\u00",
  "\0",
  "\ufeff",
  "\ud83d",
  "prose ",
  '{"a":',
  '{"type":"done"}',
  '{"type":"child","id":"a","task":"t","depends_on":[]}',
];

/** Noise made of what the reader looks at. */
const confetti = fc.array(fc.constantFrom(...fragments), { maxLength: 40 }).map((parts) =>
  parts.join("")
);

/** An event of which some characters were replaced, doubled or left out. */
const mutated = fc.tuple(
  event,
  fc.array(fc.tuple(fc.nat(), fc.constantFrom("", ...fragments), fc.nat(2)), { maxLength: 4 }),
).map(([value, edits]) =>
  edits.reduce((written, [at, put, cut]) => {
    const where = at % (written.length + 1);
    return written.slice(0, where) + put + written.slice(where + cut);
  }, JSON.stringify(value))
);

/** Hostile text: random, confetti, mutated events, and mixtures. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary" }),
  confetti,
  mutated,
  fc.array(fc.oneof(mutated, confetti, event.map((value) => JSON.stringify(value))), {
    maxLength: 5,
  }).map((parts) => parts.join("\n")),
);

/** The text, cut into pieces anywhere. */
export function pieces(whole: string): fc.Arbitrary<string[]> {
  return fc.oneof(
    fc.constant([...Array(whole.length).keys()].map((i) => whole[i]!)),
    fc.array(fc.nat(whole.length), { maxLength: 6 }).map((cuts) => {
      const marks = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
      return marks.slice(1).map((mark, i) => whole.slice(marks[i]!, mark));
    }),
  );
}
