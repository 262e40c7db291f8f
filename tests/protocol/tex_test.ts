import { assert, test } from "../kit.ts";
import { eventsOf, read } from "./read.ts";

/** The answer as read from a line whose string is written exactly like this. */
function answer(written: string): string | null {
  const [event] = eventsOf(read(`{"type":"atomic","answer":"${written}"}`));
  return event?.type === "atomic" ? event.answer : null;
}

const raw = String.raw;

test("TeX commands keep their backslash", () => {
  const list = raw`\boxed{5} \frac12 \times \neq \beta \right) \sqrt2 \theta \text{a} \tan \nabla`
    .split(" ").filter((command) => command !== raw`\tan`);
  for (const command of list) assert.equal(answer(command), command);
  for (const command of [raw`\{1\}`, raw`\(x\)`, raw`\%`, raw`\alpha`, raw`\underline{x}`]) {
    assert.equal(answer(command), command);
  }
  assert.equal(
    answer(raw`\bfseries \flat \rho \forall \bigstar`),
    raw`\bfseries \flat \rho \forall \bigstar`,
  );
});

test("JSON escapes stay JSON escapes", () => {
  assert.equal(answer(raw`a\nb\tc\"d\\e\/f\u0041\u00e9`), 'a\nb\tc"d\\e/fAé');
  assert.equal(
    answer(raw`\n x \nNow \n\nthe next \tcol \nnext \n- item\n1.`),
    "\n x \nNow \n\nthe next \tcol \nnext \n- item\n1.",
  );
  assert.equal(answer(raw`\r\n a\b \f1`), "\r\n a\b \f1");
  assert.equal(answer(raw`\\frac \\neq \\times \\nu`), raw`\frac \neq \times \nu`);
  assert.equal(answer(raw`\\\\neq \\\neq`), raw`\\neq ` + "\\" + raw`\neq`);
});

test("commands that may be a newline or a tab before a word need signs of TeX", () => {
  assert.equal(
    answer(raw`items:\nu and\ne,\nless than,\tan apple\to`),
    "items:\nu and\ne,\nless than,\tan apple\to",
  );
  assert.equal(answer(raw`$\nu$ and \nu_1`), raw`$\nu$ and \nu_1`);
  assert.equal(answer(raw`\sqrt{2} \ne x \to \nu`), raw`\sqrt{2} \ne x \to \nu`);
  assert.equal(answer(raw`\\sqrt{2}\ne = 3`), "\\sqrt{2}\ne = 3");
});

test("only TeX that was not escaped counts as a repair", () => {
  const kinds = (written: string) => read(`{"type":"atomic","answer":"${written}"}`)[0]!.kind;
  assert.equal(kinds(raw`\\frac12\nNow`), "event");
  assert.equal(kinds(raw`\nnext`), "event");
  assert.equal(kinds(raw`\frac12`), "repaired");
});
