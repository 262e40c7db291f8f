import { assert, test } from "../kit.ts";
import { renderDemo } from "../../lib/report/mod.ts";
import { sampleTasks } from "./problems.ts";
import { directRow } from "./sample_rows.ts";

/** The markup of a task's statement. */
function statement(task: string): string {
  const row = directRow(sampleTasks(1)[0]!);
  const html = renderDemo({ title: "T", rows: [row], tasks: [{ id: row.task_id, task }] });
  return html.match(/<\/h3>(.*?)<p class="expected">/s)![1]!;
}

test("formulas between the usual marks become MathML that keeps its source", () => {
  for (const source of ["$x^2$", "\\(x^2\\)", "\\[x^2\\]", "$$x^2$$"]) {
    const html = statement(`Let ${source} be.`);
    assert.match(html, /<msup><mi>x<\/mi><mn>2<\/mn><\/msup>/);
    assert.ok(html.includes(`title="${source}"`), html);
  }
  assert.match(statement("$$x$$"), /<math display="block">/);
});

test("prices are not formulas", () => {
  for (const text of ["It costs $5 and $7.", "From $5-$7 a day", "$ 5 $", "a $b"]) {
    assert.doesNotMatch(statement(text), /<math/);
  }
});

test("what cannot be read, or should not be shown, stays as it was written", () => {
  const sources = [
    "$\\frac{1}{$",
    "$\\nosuchthing{x}$",
    "$\\href{javascript:alert(1)}{x}$",
    "$\\includegraphics{http://127.0.0.1/x}$",
    "$\\class{x}{y}$",
    "$\\def\\x{\\x\\x}\\x$",
    `$${"\\sqrt{".repeat(70)}x${"}".repeat(70)}$`,
    "$\\phantom{x}$",
    "$\\rule{500em}{500em}$",
    `$${"x".repeat(2_100)}$`,
  ];
  for (const source of sources) {
    const html = statement(source);
    assert.doesNotMatch(html, /<math/, source);
    assert.ok(html.includes(source), source);
  }
});

test("formulas carry no style, no colour and no large length", () => {
  const sources = [
    "$\\color{red} x$",
    "$a \\hspace{999em} b$",
    "$\\Huge x$",
  ];
  for (const source of sources) {
    assert.doesNotMatch(
      statement(source).replace(/ title="[^"]*"/, ""),
      /style=|class="(?!text)|mathcolor|(?:height|depth)=|9em|500em/,
    );
  }
});

test("a definition in one formula does not reach the next", () => {
  assert.match(statement("$\\gdef\\foo{z}\\foo$ then $\\foo$"), /<\/math><\/span> then \$\\foo\$/);
});
