/**
 * The first-run sets: list-shaped tasks with exact answers and a graph of one child an item.
 * Run with `deno run -A benchmarks/generate/first_run.ts [--check]`.
 * @module
 */
import process from "node:process";
import { finish, type TaskFile } from "./finish.ts";
import { type Contents, dev, test } from "./first_run/contents.ts";
import { type Draw, drawFrom } from "./random.ts";

const perFamily = 16;

/** A task before it is laid out. */
interface Draft {
  readonly question: string;
  readonly items: readonly string[];
  /** What is asked about each item. */
  readonly part: string;
  readonly rule: string;
  readonly answer: number | readonly string[];
}

type Family = (contents: Contents, n: number, draw: Draw) => Draft;

const families: Readonly<Record<string, Family>> = {
  count(contents, n, draw) {
    const good = draw.whole(1, n);
    const reviews = [
      ...draw.sample(contents.positive, good),
      ...draw.sample(contents.negative, n - good),
    ];
    return {
      question: draw.pick([
        "How many of these reviews are positive?",
        "Count the positive reviews.",
      ]),
      items: draw.sample(reviews, n),
      part: "Is this review positive?",
      rule: "count:yes",
      answer: good,
    };
  },
  total(contents, n, draw) {
    const { items, numbers } = quantities(contents, n, draw);
    return {
      question: draw.pick([
        "How many things are mentioned in total?",
        "What do the numbers add up to?",
      ]),
      items,
      part: "What number is stated?",
      rule: "sum",
      answer: numbers.reduce((a, b) => a + b),
    };
  },
  largest(contents, n, draw) {
    const { items, numbers } = quantities(contents, n, draw);
    return {
      question: draw.pick([
        "What is the largest number mentioned?",
        "Which amount is the biggest?",
      ]),
      items,
      part: "What number is stated?",
      rule: "max",
      answer: Math.max(...numbers),
    };
  },
  list(contents, n, draw) {
    const cities = draw.whole(0, 1) === 1;
    const names = draw.sample(cities ? contents.cities : contents.people, n);
    const templates = cities ? contents.cityTemplates : contents.peopleTemplates;
    const others = contents.people;
    return {
      question: cities ? "Which cities are mentioned?" : "Which people are mentioned?",
      items: names.map((name) => {
        const filled = draw.pick(templates).replace("{c}", name);
        return filled.replace("{p}", cities ? draw.pick(others) : name);
      }),
      part: cities ? "Which city is named?" : "Which person is named?",
      rule: "concat",
      answer: names,
    };
  },
};

/** Different numbers, so that the largest is one item's and no number repeats. */
function quantities(
  contents: Contents,
  n: number,
  draw: Draw,
): { items: string[]; numbers: number[] } {
  const all = Array.from({ length: 79 }, (_, i) => i + 2);
  const numbers = draw.sample(all, n);
  const people = draw.sample(contents.people, n);
  const things = draw.sample(contents.things, n);
  const items = numbers.map((number, i) =>
    draw.pick(contents.quantityTemplates)
      .replace("{p}", people[i]!).replace("{n}", String(number)).replace("{o}", things[i]!)
  );
  return { items, numbers };
}

const layouts: Readonly<Record<string, (items: readonly string[]) => string>> = {
  dash: (items) => "\n" + items.map((item) => `- ${item}`).join("\n"),
  lines: (items) => "\n" + items.join("\n"),
  inline: (items) => " " + items.join(" "),
};

function taskLine(family: string, index: number, split: string, contents: Contents, draw: Draw) {
  const n = 3 + (index % 6);
  const { question, items, part, rule, answer } = families[family]!(contents, n, draw);
  const layout = draw.pick(Object.keys(layouts));
  const ids = items.map((_, i) => String.fromCharCode(97 + i));
  return {
    id: `first_${split}_${family}_${String(index + 1).padStart(2, "0")}`,
    task: question + layouts[layout]!(items),
    answer,
    answer_type: typeof answer === "number" ? "integer" : "set",
    oracle_graph: [
      ...items.map((item, i) => ({
        type: "child",
        id: ids[i],
        task: `${part} ${item}`,
        depends_on: [],
      })),
      { type: "await", children: ids, rule },
    ],
    meta: { split, family, n, layout },
  };
}

/** The set of one split, families taking turns. */
function split(name: string, contents: Contents, seed: number): object[] {
  const draw = drawFrom(seed);
  return Array.from({ length: perFamily }, (_, index) => index).flatMap((index) =>
    Object.keys(families).map((family) => taskLine(family, index, name, contents, draw))
  );
}

/** Both files. */
export function firstRun(): TaskFile[] {
  return [
    { name: "first_run.jsonl", lines: split("test", test, 20261121) },
    { name: "first_run_dev.jsonl", lines: split("dev", dev, 7) },
  ];
}

if (import.meta.main) await finish(firstRun(), process.argv);
