/**
 * What a model may write, for engines and servers that can hold it to that: a grammar of event
 * lines and a JSON schema, both made from one table of the events' fields.
 * @module
 */
import { z } from "../deps/zod.ts";
import { InputError } from "../errors.ts";

/** Options of {@linkcode eventGrammar} and {@linkcode eventSchema}. */
export interface EventConstraintOptions {
  /** Whether a plan, an answer, or either may be written. Default both. */
  readonly kinds?: readonly ("plan" | "atomic")[];
  /** Most children, at least 2. Default: no limit. */
  readonly maxChildren?: number;
  /** Longest task, rule and answer, in characters, at most 1,500. Default: no limit. */
  readonly textChars?: number;
  /**
   * The only rules allowed, e.g. `["sum", "count:"]`: one that ends with a colon goes on with a
   * value. Default: any text.
   */
  readonly rules?: readonly string[];
}

type FieldKind = "id" | "ids" | "some_ids" | "text" | "rule";

/** The fields of each event, in the order in which they are written. */
const events: Readonly<Record<"child" | "await" | "atomic", Readonly<Record<string, FieldKind>>>> =
  {
    child: { id: "id", task: "text", depends_on: "ids" },
    await: { children: "some_ids", rule: "rule" },
    atomic: { answer: "text" },
  };

const idPattern = "[a-z][a-z0-9_]{0,31}";
// White space beyond ASCII: a text of nothing else would be an empty task.
const spaces = String.raw`\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF`;
const valueChars = 40;
// llama.cpp refuses grammars that repeat something 2,000 times.
const longestText = 1500;

/**
 * A GBNF grammar (llama.cpp, XGrammar) of a planner's reply: either one `atomic` line, or two or
 * more `child` lines and an `await`, in compact JSON. A backslash in a string can only be the JSON
 * escape of a backslash, of a quote, or of a newline that no lower-case letter follows, so that TeX
 * is never taken for control characters.
 *
 * Throws `InputError` (`constraint`) for limits that cannot hold.
 *
 * @example
 * ```ts
 * import { eventGrammar } from "./constraint.ts";
 * const grammar = eventGrammar({ kinds: ["plan"], maxChildren: 8, rules: ["sum", "product"] });
 * if (!grammar.startsWith("root ::= plan\n")) throw new Error(grammar);
 * ```
 */
export function eventGrammar(options: EventConstraintOptions = {}): string {
  const { kinds, maxChildren, textChars, rules } = checked(options);
  const more = maxChildren === undefined ? "+" : `{1,${maxChildren - 1}}`;
  const others = maxChildren === undefined ? "*" : `{0,${maxChildren - 1}}`;
  const chars = textChars === undefined ? "*" : `{0,${textChars - 1}}`;
  return [
    `root ::= ${kinds.join(" | ")}`,
    `plan ::= child more-child${more} "\\n" await`,
    `more-child ::= "\\n" child`,
    ...Object.entries(events).map(([type, fields]) => line(type, fields)),
    `ids ::= "[" (id more-id${others})? "]"`,
    `some-ids ::= "[" id more-id${others} "]"`,
    `more-id ::= "," id`,
    `id ::= "\\"" ${idPattern} "\\""`,
    rules ? `rule ::= ${rules.map(ruleLiteral).join(" | ")}` : "rule ::= text",
    `text ::= "\\"" first char${chars} "\\""`,
    `first ::= [^"\\\\\\x00-\\x20\\x7F${spaces}] | escape`,
    `char ::= [^"\\\\\\x00-\\x1F\\x7F] | escape | newline`,
    `escape ::= "\\\\\\\\" | "\\\\\\""`,
    `newline ::= "\\\\n" [^a-z"\\\\\\x00-\\x1F\\x7F]`,
    "",
  ].join("\n");
}

function line(type: string, fields: Readonly<Record<string, FieldKind>>): string {
  const parts = Object.entries(fields).map(([name, kind]) =>
    `",\\"${name}\\":" ${kind.replace("_", "-")}`
  );
  return `${type} ::= "{\\"type\\":\\"${type}\\"" ${parts.join(" ")} "}"`;
}

function ruleLiteral(rule: string): string {
  const text = JSON.stringify(JSON.stringify(rule).slice(0, -1)).slice(1, -1);
  const value = rule.endsWith(":") ? ` [^"\\\\\\x00-\\x20\\x7F]{1,${valueChars}}` : "";
  return `"${text}"${value} "\\""`;
}

/**
 * A JSON schema of `{"events":[…]}`, for servers' structured outputs. It cannot say that an `await`
 * comes last or that ids differ; the reader and the plan see to that.
 *
 * Throws `InputError` (`constraint`) for limits that cannot hold.
 */
export function eventSchema(options: EventConstraintOptions = {}): Record<string, unknown> {
  const { kinds, maxChildren, textChars, rules } = checked(options);
  const text = textChars === undefined ? z.string().min(1) : z.string().min(1).max(textChars);
  const id = z.string().regex(new RegExp(`^${idPattern}$`));
  const ids = maxChildren === undefined ? z.array(id) : z.array(id).max(maxChildren);
  const field: Readonly<Record<FieldKind, z.ZodType>> = {
    id,
    ids,
    some_ids: ids.min(1),
    text,
    rule: rules ? ruleSchema(rules) : text,
  };
  const types = kinds.flatMap((kind) => kind === "plan" ? ["child", "await"] as const : [kind]);
  const union = z.union(types.map((type) => {
    const fields = Object.entries(events[type]).map(([name, kind]) => [name, field[kind]]);
    return z.strictObject({ type: z.literal(type), ...Object.fromEntries(fields) });
  }));
  const least = kinds.includes("atomic") ? 1 : 3;
  const list = z.array(union).min(least);
  const most = kinds.includes("plan") ? maxChildren && maxChildren + 1 : 1;
  const { $schema: _, ...schema } = z.toJSONSchema(
    z.strictObject({ events: most === undefined ? list : list.max(most) }),
  );
  return schema;
}

function ruleSchema(rules: readonly string[]): z.ZodType {
  const named = rules.map((rule) =>
    rule.endsWith(":")
      ? z.string().regex(new RegExp(`^${escaped(rule)}\\S{1,${valueChars}}$`))
      : z.literal(rule)
  );
  return named.length === 1 ? named[0]! : z.union(named);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

function checked(options: EventConstraintOptions) {
  const { kinds = ["plan", "atomic"] as const, maxChildren, textChars, rules } = options;
  const fail = (what: string, hint: string) => {
    throw new InputError("constraint", `A constraint of events cannot have ${what}.`, { hint });
  };
  if (kinds.length === 0) fail("no kinds", 'Allow "plan", "atomic", or both.');
  if (rules?.length === 0) fail("an empty list of rules", "Leave it out to allow any rule.");
  if (maxChildren !== undefined && !(Number.isInteger(maxChildren) && maxChildren >= 2)) {
    fail(`maxChildren ${maxChildren}`, "Give a whole number from 2.");
  }
  const fits = textChars === undefined ||
    Number.isInteger(textChars) && textChars >= 1 && textChars <= longestText;
  if (!fits) fail(`textChars ${textChars}`, `Give a whole number from 1 to ${longestText}.`);
  return { kinds, maxChildren, textChars, rules };
}
