/**
 * From what an object says to the event it means.
 * @module
 */
import { safeId } from "./ids.ts";
import { Numeral, type Value } from "./lenient_json.ts";
import type { NodeEvent } from "./types.ts";

/** The event, why there is none, or `null` for an object without any sign of an event. */
export type Meaning =
  | { readonly event: NodeEvent }
  | { readonly reason: string; readonly type?: string; readonly id?: string }
  | null;

type Fields = Readonly<Record<string, Value>>;
type Note = (repair: string) => void;

const types: ReadonlySet<string> = new Set(["child", "await", "atomic", "done"]);
const typeKeys = ["type", "event", "action"];
const known: Readonly<Record<NodeEvent["type"], readonly string[]>> = {
  child: ["id", "task", "depends_on"],
  await: ["children", "rule"],
  atomic: ["answer"],
  done: [],
};
const signs = ["task", "depends_on", "children", "answer"];

/**
 * Reads an object as an event.
 * @param fields The object.
 * @param position Position of the child among those of its text, from 1: names one without an id.
 * @param note Called with the name of each repair.
 */
export function normalise(fields: Fields, position: number, note: Note): Meaning {
  const lower = lowerKeys(fields);
  const found = findType(lower, note);
  if (found === null) {
    return signs.some((key) => key in lower) ? { reason: "missing_type", ...named(lower) } : null;
  }
  const { type, key } = found;
  if (!isType(type)) return { reason: "unknown_type", type, ...named(lower) };
  const rest = Object.keys(lower).filter((name) => name !== key && !known[type].includes(name));
  if (rest.length > 0) note("extra_keys");
  if (type === "done") return { event: { type } };
  if (type === "child") return child(lower, position, note);
  if (type === "await") {
    const event = {
      type,
      children: awaited(lower.children, note),
      rule: rule(lower.rule, note),
    };
    return { event };
  }
  const answer = lower.answer === undefined ? null : text(lower.answer, note);
  return { event: { type, answer: answer?.trim() ? answer : null } };
}

function isType(name: string): name is NodeEvent["type"] {
  return types.has(name);
}

/** Keys in lower case, where that is no key yet. */
function lowerKeys(fields: Fields): Record<string, Value> {
  const lower: Record<string, Value> = Object.create(null);
  for (const key of Object.keys(fields)) {
    const name = key.trim().toLowerCase();
    lower[name in fields ? key : name] = fields[key]!;
  }
  return lower;
}

function findType(fields: Fields, note: Note): { type: string; key: string } | null {
  const candidates: { type: string; key: string; raw: string }[] = [];
  for (const key of typeKeys) {
    const raw = fields[key];
    if (typeof raw === "string") candidates.push({ type: raw.trim().toLowerCase(), key, raw });
    else if (raw !== undefined) candidates.push({ type: "", key, raw: "" });
  }
  const found = candidates.find(({ type }) => types.has(type)) ?? candidates[0];
  if (!found) return null;
  if (types.has(found.type)) {
    if (found.type !== found.raw) note("upper_case");
    if (found.key !== "type") note("type_key");
  }
  return found;
}

function named(fields: Fields): { id?: string } {
  const id = typeof fields.id === "string" ? safeId(fields.id) : "";
  return id === "" ? {} : { id };
}

function child(fields: Fields, position: number, note: Note): Meaning {
  const id = childId(fields.id, note) || missingId(position, note);
  const refused = (reason: string) => ({ reason, type: "child", id });
  const raw = fields.task;
  if (raw === undefined || raw === null) return refused("empty_task");
  if (typeof raw === "object" && !(raw instanceof Numeral)) return refused("bad_task");
  const task = text(raw, note)!;
  if (task.trim() === "") return refused("empty_task");
  return { event: { type: "child", id, task, depends_on: dependencies(fields.depends_on, note) } };
}

function childId(raw: Value | undefined, note: Note): string {
  if (raw instanceof Numeral) note("id_number");
  else if (typeof raw !== "string") return "";
  return safe(raw instanceof Numeral ? raw.text : raw, note);
}

function missingId(position: number, note: Note): string {
  note("id_missing");
  return `child_${position}`;
}

function safe(id: string, note: Note): string {
  const made = safeId(id);
  if (made !== id && made !== "") note("id_made_safe");
  return made;
}

function dependencies(raw: Value | undefined, note: Note): string[] {
  if (raw === undefined || raw === null) {
    note("depends_on_missing");
    return [];
  }
  if (Array.isArray(raw)) return names(raw, note);
  note("depends_on_text");
  return names(split(raw), note);
}

function awaited(raw: Value | undefined, note: Note): string[] | null {
  if (raw === undefined || raw === null || Array.isArray(raw) && raw.length === 0) {
    note("children_missing");
    return null;
  }
  if (Array.isArray(raw)) return names(raw, note);
  note("children_text");
  const all = typeof raw === "string" && /^\s*(?:all|\*|)\s*$/i.test(raw);
  return all ? null : names(split(raw), note);
}

/** Text in place of a list: nothing, one name, or names joined by commas. */
function split(raw: Value): Value[] {
  if (typeof raw !== "string") return [raw];
  const bare = raw.trim().replace(/^\[/, "").replace(/\]$/, "");
  if (/^(?:none|null|nil|-|)$/i.test(bare.trim())) return [];
  return bare.split(",").map((name) => name.trim().replace(/^["']|["']$/g, ""));
}

function names(list: readonly Value[], note: Note): string[] {
  const ids = new Set<string>();
  for (const item of list) {
    if (typeof item === "string" && item.includes(",")) {
      for (const id of names(split(item), note)) ids.add(id);
      note("id_made_safe");
      continue;
    }
    const id = childId(item, note);
    if (id === "") note("reference_dropped");
    else ids.add(id);
  }
  return [...ids];
}

function rule(raw: Value | undefined, note: Note): string {
  if (raw === undefined || raw === null) {
    note("rule_missing");
    return "";
  }
  return text(raw, note)!;
}

function text(raw: Value, note: Note): string | null {
  if (raw === null || typeof raw === "string") return raw;
  note("text_coerced");
  if (raw instanceof Numeral) return raw.text;
  return JSON.stringify(raw, (_, value) => value instanceof Numeral ? Number(value.text) : value);
}
