import process from "node:process";
import { readObject } from "../../lib/protocol/lenient_json.ts";
import type { NodeEvent } from "../../lib/protocol/types.ts";
import { fc } from "../deps.ts";
import { assert, test } from "../kit.ts";
import { event, hostile, pieces } from "./arbitraries.ts";
import { eventsOf, read, readPieces } from "./read.ts";

// The same cases each time; RRM_SOAK=1 draws others.
if (process.env.RRM_SOAK !== "1") fc.configureGlobal({ seed: 20261121 });

/** The event as a model should write it. */
const wire = (value: NodeEvent) => JSON.stringify(value);

test("any split of a text gives the same results", () => {
  fc.assert(
    fc.property(hostile.chain((text) => pieces(text)), (parts) => {
      assert.deepEqual(readPieces(parts), read(parts.join("")));
    }),
    { numRuns: 1500 },
  );
});

test("any split gives the same results at the limits, too", () => {
  fc.assert(
    fc.property(
      hostile.chain((text) => pieces(text)),
      fc.integer({ min: 5, max: 60 }),
      (parts, n) => {
        const limits = { maxLineBytes: n, maxEvents: 3 };
        assert.deepEqual(readPieces(parts, limits), read(parts.join(""), limits));
      },
    ),
    { numRuns: 800 },
  );
});

test("well-formed events are read as they are", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 8 }), (events) => {
      const lines = events.filter(({ type }) => type !== "done");
      const results = read(lines.map(wire).join("\n"));
      assert.deepEqual(results, lines.map((event) => ({ kind: "event", event, repairs: [] })));
    }),
  );
});

test("events on lines of their own are found in any noise", () => {
  // Noise that ends in the middle of thinking hides what follows, as it should.
  const noise = hostile.filter((text) => !/<\s*think/i.test(text) && !text.includes("done"));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(noise, event), { minLength: 1, maxLength: 4 }),
      noise,
      (list, last) => {
        const events = list.map(([, event]) => event).filter(({ type }) => type !== "done");
        const text = list.map(([before, event]) =>
          `${before}\n${event.type === "done" ? "" : wire(event)}\n`
        );
        const found = eventsOf(read(text.join("") + last)).map(wire);
        for (const event of events) assert.ok(found.includes(wire(event)), wire(event));
      },
    ),
    { numRuns: 1500 },
  );
});

test("events are found behind prose on their line", () => {
  const prose = fc.string({ unit: "grapheme-ascii" }).filter((text) =>
    !/[{}"'\\<\p{Cc}]/u.test(text)
  );
  fc.assert(
    fc.property(prose, event, prose, (before, event, after) => {
      assert.deepEqual(eventsOf(read(`${before}${wire(event)}${after}`)), [event]);
    }),
  );
});

test("every visible character of a text is in some result", () => {
  // Plain words, so that nothing is read as more than text.
  const line = fc.stringMatching(/^[a-z{}[\]:,]{1,30}$/).filter((text) =>
    !/^[,;]|\{[a-z]+:/.test(text)
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const texts = read(lines.join("\n")).map((result) => "text" in result ? result.text : "");
      assert.deepEqual(texts, lines);
    }),
  );
});

test("on JSON the tolerant parser agrees with JSON.parse", () => {
  const value = fc.jsonValue({ maxDepth: 4 }).filter((json) =>
    !/\\[bfnrt][a-z]/i.test(JSON.stringify(json))
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), fc.constantFrom(0, 2), (object, indent) => {
      // A number sends it to the tolerant parser; so does an escape that might be TeX.
      const text = JSON.stringify({ ...object, number: 1, text: "a\tb" }, null, indent);
      const reading = readObject(text);
      assert.ok("value" in reading, text);
      assert.equal(reading.end, text.length);
      const again = JSON.stringify(
        reading.value,
        (_, inner) => inner?.constructor?.name === "Numeral" ? Number(inner.text) : inner,
      );
      assert.deepEqual(JSON.parse(again), JSON.parse(text));
      assert.deepEqual(reading.repairs, indent ? ["multiline_object"] : []);
    }),
    { numRuns: 500 },
  );
});
