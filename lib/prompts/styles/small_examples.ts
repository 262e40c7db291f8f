/**
 * Worked list tasks for small models, from which each prompt of `small-fewshot` draws its examples.
 * A small model copies the nearest example, so it is shown only those of its task's own shape.
 * @module
 */
import type { Example } from "../types.ts";

/** A list task with everything that can be asked of it. */
interface ListTask {
  /** Tasks of this shape, as a regular expression. */
  readonly when: string;
  readonly question: string;
  /** Asks about one item. */
  readonly ask: string;
  readonly items: readonly (readonly [item: string, value: string])[];
  readonly reducer: string;
  readonly answer: string;
  readonly layout: "lines" | "dashes";
}

const totalWords = "\\b(total|altogether|in all|sum|adds? up)\\b";
const countWords = "\\b(how many|count|tally|number of)\\b";
const largestWords = "\\b(largest|biggest|highest|greatest|maximum)\\b";
const smallestWords = "\\b(smallest|lowest|least|minimum)\\b";
const listWords = "\\b(which|list|name|write down)\\b";
const only = (words: string, not: string) => `^(?![^]*${not})[^]*${words}`;
const shape = {
  count: only(countWords, totalWords),
  total: totalWords,
  largest: largestWords,
  smallest: smallestWords,
  cities: only(`${listWords}[^]*\\b(city|cities|towns?|places?)\\b`, countWords),
  people: only(`${listWords}[^]*\\b(people|persons?|who)\\b`, countWords),
};

/** What is asked about a review. */
export const askReview: string = "Is this review positive?";
const askNumber = "What number is stated?";
const askCity = "Which city is named?";
const askPerson = "Which person is named?";

const numbers = {
  first: [["Ida counted 14 eggs.", "14"], ["The table has 6 plates.", "6"], [
    "Leo ate 5 plums.",
    "5",
  ]],
  second: [
    ["We saw 23 birds.", "23"],
    ["Ida drew 31 stars.", "31"],
    ["The room has 9 lamps.", "9"],
    ["Leo cut 40 branches.", "40"],
  ],
} as const;

const listTasks: readonly ListTask[] = [
  {
    when: shape.count,
    question: "How many of these reviews are positive?",
    ask: askReview,
    items: [
      ["The bus ride was awful.", "no"],
      ["My new phone is great.", "yes"],
      ["The play was a delight.", "yes"],
    ],
    reducer: "count:yes",
    answer: "2",
    layout: "lines",
  },
  {
    when: shape.count,
    question: "Count the positive reviews.",
    ask: askReview,
    items: [
      ["I like this song a lot.", "yes"],
      ["My laptop is broken again.", "no"],
      ["The wedding was perfect.", "yes"],
      ["The singer was brilliant.", "yes"],
    ],
    reducer: "count:yes",
    answer: "3",
    layout: "dashes",
  },
  {
    when: shape.total,
    question: "What is the total?",
    ask: askNumber,
    items: numbers.first,
    reducer: "sum",
    answer: "25",
    layout: "lines",
  },
  {
    when: shape.total,
    question: "What do the amounts add up to?",
    ask: askNumber,
    items: numbers.second,
    reducer: "sum",
    answer: "103",
    layout: "dashes",
  },
  {
    when: shape.largest,
    question: "What is the largest number?",
    ask: askNumber,
    items: numbers.first,
    reducer: "max",
    answer: "14",
    layout: "lines",
  },
  {
    when: shape.largest,
    question: "Which number is the biggest?",
    ask: askNumber,
    items: numbers.second,
    reducer: "max",
    answer: "40",
    layout: "dashes",
  },
  {
    when: shape.smallest,
    question: "What is the smallest number?",
    ask: askNumber,
    items: numbers.first,
    reducer: "min",
    answer: "5",
    layout: "lines",
  },
  {
    when: shape.cities,
    question: "Which cities are named?",
    ask: askCity,
    items: [
      ["Leo drove to Malmo.", "Malmo"],
      ["The office in Bern is open.", "Bern"],
      ["Ida has a house in Chicago.", "Chicago"],
    ],
    reducer: "union",
    answer: "Malmo, Bern, Chicago",
    layout: "lines",
  },
  {
    when: shape.cities,
    question: "List the cities.",
    ask: askCity,
    items: [
      ["We met in Kyoto.", "Kyoto"],
      ["The road to Naples is long.", "Naples"],
      ["Leo likes Zurich.", "Zurich"],
      ["Ida works in Denver.", "Denver"],
    ],
    reducer: "union",
    answer: "Kyoto, Naples, Zurich, Denver",
    layout: "dashes",
  },
  {
    when: shape.people,
    question: "Which people are named?",
    ask: askPerson,
    items: [
      ["Ida called the plumber.", "Ida"],
      ["The car belongs to Leo.", "Leo"],
      ["We saw Gwen at the door.", "Gwen"],
    ],
    reducer: "union",
    answer: "Ida, Leo, Gwen",
    layout: "lines",
  },
  {
    when: shape.people,
    question: "List the people.",
    ask: askPerson,
    items: [
      ["Victor cut the grass.", "Victor"],
      ["The bread was baked by Leo.", "Leo"],
      ["Paula waters the flowers.", "Paula"],
      ["They gave the key to Ida.", "Ida"],
    ],
    reducer: "union",
    answer: "Victor, Leo, Paula, Ida",
    layout: "dashes",
  },
];

/** Examples of whole tasks; `reply` writes the answer that is wanted. */
export function listExamples(reply: (task: ListTask) => string): Example[] {
  return listTasks.map((task) => {
    const mark = task.layout === "dashes" ? "- " : "";
    const items = task.items.map(([item]) => `${mark}${item}`).join("\n");
    return { when: task.when, user: `${task.question}\n${items}`, assistant: reply(task) };
  });
}

const aboutReview = "\\b(positive|negative|reviews?)\\b";
const aboutNumber = "\\b(number|how many|how much)\\b";
const aboutCity = "\\b(city|town|place|where)\\b";
const aboutPerson = "\\b(person|who|whom)\\b";

/** A reason before the label: it is what makes the label right. */
export function sound(value: string): string {
  return value === "yes" ? "It sounds good." : "It sounds bad.";
}

const bad = `${sound("no")} FINAL: no`;
const good = `${sound("yes")} FINAL: yes`;

/**
 * Examples of tasks about one item. The order matters: with complaints and praise by turns, or praise
 * not last, a model of 135M parameters says `no` to most reviews (measured on the dev split).
 */
export const itemExamples: readonly Example[] = [
  about(aboutReview, askReview, "The bus ride was awful.", bad),
  about(aboutReview, askReview, "My laptop is broken again.", bad),
  about(aboutReview, askReview, "They lost our bags and did not care.", bad),
  about(aboutReview, askReview, "I want to forget that day.", bad),
  about(aboutReview, askReview, "My new phone is great.", good),
  about(aboutReview, askReview, "The play was a delight.", good),
  about(aboutReview, askReview, "The wedding was perfect.", good),
  about(aboutReview, askReview, "I like this song a lot.", good),
  about(aboutNumber, askNumber, "The table has 6 plates.", "FINAL: 6"),
  about(aboutNumber, askNumber, "Ida counted 14 eggs.", "FINAL: 14"),
  about(aboutNumber, askNumber, "We saw 33 birds.", "FINAL: 33"),
  about(aboutCity, askCity, "Leo drove to Malmo.", "FINAL: Malmo"),
  about(aboutCity, askCity, "The office in Bern is open.", "FINAL: Bern"),
  about(aboutPerson, askPerson, "Ida called the plumber.", "FINAL: Ida"),
  about(aboutPerson, askPerson, "The car belongs to Leo.", "FINAL: Leo"),
  about(aboutPerson, askPerson, "We saw Gwen at the door.", "FINAL: Gwen"),
];

function about(when: string, question: string, item: string, assistant: string): Example {
  return { when, user: `${question} ${item}`, assistant };
}
