/**
 * What the simulated model understands: tasks over a list of items, by plain rules.
 * @module
 */

/** A task taken apart. */
export interface ListTask {
  /** The items, as they stand in the task. */
  readonly items: readonly string[];
  /** The task without its items. */
  readonly question: string;
  /** What to ask about one item. */
  readonly ask: (item: string) => string;
  /** How the items' values answer the task: `sum`, `max`, `count:yes`, … */
  readonly rule: string;
}

/** Takes a task apart; `null` where it is no list. Items without marks must be two at least. */
export function readListTask(task: string): ListTask | null {
  const products = task.match(/\d+\s*\*\s*\d+/g);
  if (products && products.length > 1 && /\d+\s*\*\s*\d+(?:\s*\+\s*\d+\s*\*\s*\d+)+/.test(task)) {
    return { items: products, question: task, ask: (item) => `Compute ${item}.`, rule: "sum" };
  }
  const found = splitItems(task);
  if (!found) return null;
  const kind = kindOf(found.question);
  return kind ? { ...found, ...kind } : null;
}

const marker = /^\s*(?:[-*•]|\d+[.)]|\(\w{1,2}\)|\[\d+\])\s+/;

function splitItems(task: string): { items: string[]; question: string } | null {
  const lines = task.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const marked = lines.filter((line) => marker.test(line));
  if (marked.length > 0) {
    return {
      items: marked.map((line) => line.replace(marker, "")),
      question: lines.filter((line) => !marker.test(line)).join(" "),
    };
  }
  const ways: ((text: string) => string[])[] = [
    (text) => text.includes(" | ") ? text.split(" | ") : [],
    (text) => text.split(/(?:^|\s)(?:\d+\.|\(\w{1,2}\)|\[\d+\])\s+/).filter((part) => part.trim()),
    (text) => [...text.matchAll(/"([^"]+)"/g)].map((match) => match[1]!),
    (text) => text.match(/[^.!?:]+[.!?:]+/g) ?? [],
  ];
  if (lines.length > 2) ways.unshift(() => lines);
  for (const split of ways) {
    const parts = split(lines.join("\n")).map((part) => part.trim());
    const items = parts.flatMap(withoutQuestion);
    const question = items.reduce((rest, item) => rest.replace(item, ""), lines.join(" "));
    if (items.length > 1 && kindOf(question)) return { items, question };
  }
  return null;
}

/** A part without the sentence that asks; a part that is nothing else vanishes. */
function withoutQuestion(part: string): string[] {
  const kept = part.split(/\n|(?<=[?:.!])\s+/).filter((sentence) => !kindOf(sentence)).join(" ");
  return kept.replace(/^["|]+|["|]+$/g, "").trim() ? [kept.trim()] : [];
}

function kindOf(question: string): Pick<ListTask, "ask" | "rule"> | null {
  const about = /\bquestions?\b.*\b(person|place|number|time|reason|thing)\b/i.exec(question);
  if (about) {
    return {
      ask: (item) => `Does this question ask about a ${about[1]!.toLowerCase()}? ${item}`,
      rule: "count:yes",
    };
  }
  const reviews = /\b(?:count|how many|number|tally)\b/i.test(question) &&
    /\b(?:reviews?|customers?|comments?|opinions?|feedback)\b/i.test(question);
  if (reviews) return { ask: (item) => `Is this review positive? ${item}`, rule: "count:yes" };
  const cities = /\b(?:list|which|name|write)\b.*\b(?:cities|city|towns?|places)\b/i;
  if (cities.test(question)) {
    return { ask: (item) => `Which city is named? ${item}`, rule: "concat" };
  }
  if (/\b(?:people|persons|names?)\b/i.test(question)) {
    return { ask: (item) => `Which person is named? ${item}`, rule: "concat" };
  }
  const ask = (item: string) => `What number is stated? ${item}`;
  const largest = /\b(?:largest|biggest|highest|greatest|maximum|top)\b/i;
  const smallest = /\b(?:smallest|lowest|least|minimum|tiniest|bottom)\b/i;
  if (largest.test(question)) return { ask, rule: "max" };
  if (smallest.test(question)) return { ask, rule: "min" };
  const total = /\b(?:total|altogether|in all|add up|sum|put together|combine)\b/i;
  return total.test(question) ? { ask, rule: "sum" } : null;
}

const good =
  /\b(?:love\w*|good|great|excellent|lovely|wonderful|superb|pleasant|charming|perfect\w*|nice|fine|happy|pleased|kind|friendly|delicious|brilliant|fantastic|delightful|amazing|best|beautiful|enjoy\w*|recommend|glad\w*|joy|fresh|clean|worth|helpful|quickly|stunning|adored|praise|smiled|laughed|soft)\b/gi;
const bad =
  /\b(?:not|never|hate\w*|bad|awful|terrible|poor|horrible|nasty|boring|bored|disgusting|ugly|broke\w*|useless|annoying|weak|sad|unpleasant|unhappy|dreadful|lousy|miserable|disappoint\w*|worthless|rude|cold|dirty|waste|worst|slow|ruined|complained|ignored|refuses|angry|cannot|sour|regretted|careless|dull|cracked)\b/gi;

/** Answers a question about one item; `null` where no rule fits. */
export function answerItem(question: string): string | null {
  const [, head = "", item = ""] = /^(.*?[?:.])\s*(.*)$/s.exec(question.trim()) ?? [];
  const product = /(\d+)\s*([*+])\s*(\d+)/.exec(question);
  if (product && item === "") {
    const [a, b] = [Number(product[1]), Number(product[3])];
    return String(product[2] === "*" ? a * b : a + b);
  }
  if (/positive|pleased|good review/i.test(head)) {
    const score = (item.match(good)?.length ?? 0) - (item.match(bad)?.length ?? 0);
    return score > 0 ? "yes" : "no";
  }
  const about = /question.*\b(person|place|number|time|reason|thing)\b/i.exec(head)?.[1];
  if (about) return askedAbout(item) === about.toLowerCase() ? "yes" : "no";
  if (/\b(?:number|amount|how many)\b/i.test(head)) return /\d+/.exec(item)?.[0] ?? null;
  if (/\b(?:city|town|place)\b/i.test(head)) {
    const places = [...item.matchAll(/\b(?:to|in|from|for|at|of)\s+(\p{Lu}[\p{L}-]+)/gu)];
    return places.at(-1)?.[1] ?? null;
  }
  if (/\b(?:person|people|name)\b/i.test(head)) {
    const words = item.match(/\b\p{Lu}\p{Ll}+\b/gu) ?? [];
    return words.find((word) => !opening.test(word)) ?? null;
  }
  return null;
}

/** Words that are capital only because they open a sentence. */
const opening = /^(?:The|A|An|We|I|My|Our|It|In|On|At|There|This|That|Last|Today|Yesterday)$/;

function askedAbout(question: string): string {
  if (/^(?:who|whom|whose|which (?:man|woman|person))\b/i.test(question)) return "person";
  if (/^(?:where|in (?:which|what) (?:city|town|country))\b/i.test(question)) return "place";
  if (/^how (?:many|much|old|tall|heavy|long|far)\b/i.test(question)) return "number";
  if (/^(?:when|what (?:day|year|time))\b/i.test(question)) return "time";
  return /^why\b/i.test(question) ? "reason" : "thing";
}

/** Applies a rule to values; `null` where it is none of the named ones or a value does not fit. */
export function applyRule(rule: string, values: readonly string[]): string | null {
  const name = rule.trim().toLowerCase();
  if (values.length === 0) return null;
  if (name.startsWith("count:")) {
    const wanted = name.slice("count:".length);
    return String(values.filter((value) => value.toLowerCase() === wanted).length);
  }
  if (name === "concat") return values.join(", ");
  const numbers = values.map(Number);
  if (numbers.some(Number.isNaN)) return null;
  if (name === "sum") return String(numbers.reduce((a, b) => a + b));
  if (name === "product") return String(numbers.reduce((a, b) => a * b));
  if (name === "max") return String(Math.max(...numbers));
  return name === "min" ? String(Math.min(...numbers)) : null;
}
