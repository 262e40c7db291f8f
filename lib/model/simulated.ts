/**
 * A model that is none: rules instead of weights, and a clock's idea of how long a model takes. For
 * demonstrations and tests where no model can be had; its rows say `simulated`.
 * @module
 */
import type { Clock } from "../clock.ts";
import { hash } from "../hash.ts";
import { scriptedBackend } from "./scripted.ts";
import { type Script, type ScriptedCall, scriptedPromptTokens } from "./scripted_reply.ts";
import { answerItem, applyRule, type ListTask, readListTask } from "./simulated_tasks.ts";
import type { Backend } from "./types.ts";

/** Options of {@linkcode simulatedBackend}. */
export interface SimulatedOptions {
  /** Default: real time. */
  readonly clock?: Clock;
  /** Of the jitter. Default 0. */
  readonly seed?: number;
  /** Milliseconds before anything else. Default 20. */
  readonly overheadMs?: number;
  /** Milliseconds for a prompt token. Default 0.1. */
  readonly prefillMsPerToken?: number;
  /** Milliseconds for a token of the reply. Default 20. */
  readonly decodeMsPerToken?: number;
  /** How far a call's speed may lie from the average, as a part of it. Default 0.1. */
  readonly jitter?: number;
}

/**
 * The simulated model as a backend named `simulated`.
 *
 * It understands list tasks in the shapes of this project's bundled sets (how many of these reviews
 * are positive, the total of these amounts, the cities named, sums of products): asked for a plan
 * it emits a child for each item and an `await` with a named reducer, asked about one item it
 * answers by rules, asked directly it works through the items one by one. To all else it says that
 * it is simulated, and `FINAL: unknown`.
 *
 * A call takes `overheadMs + prefillMsPerToken × prompt tokens` to its first token and
 * `decodeMsPerToken` for each token, both times a factor within `1 ± jitter` that follows from the
 * seed and the conversation. Calls do not slow each other down and no prefix is cached.
 */
export function simulatedBackend(options: SimulatedOptions = {}): Backend {
  const name = { model: "simulated", kind: "simulated", contextWindow: 32_768 };
  return scriptedBackend(simulatedScript(options), {
    replica: "simulated:",
    ...name,
    ...(options.clock && { clock: options.clock }),
  });
}

/** The simulated model as a script, e.g. for a test server. */
export function simulatedScript(options: SimulatedOptions = {}): Script {
  const {
    seed = 0,
    overheadMs = 20,
    prefillMsPerToken = 0.1,
    decodeMsPerToken = 20,
    jitter = 0.1,
  } = options;
  return (call) => {
    const prompt = scriptedPromptTokens(call.messages);
    const draw = parseInt(hash(JSON.stringify([seed, call.messages])).slice(0, 8), 16) / 2 ** 32;
    const factor = 1 + jitter * (2 * draw - 1);
    const { steps, conclusion } = say(call);
    const thinks = call.request.thinking === "on" || typeof call.request.thinking === "number";
    return {
      ...(thinks ? { reasoning: steps, text: conclusion } : { text: steps + conclusion }),
      prefillMs: factor * (overheadMs + prefillMsPerToken * prompt),
      tokensPerSecond: 1000 / (factor * decodeMsPerToken),
    };
  };
}

/** A reply: what a thinking model would think, and what it then says. */
interface Said {
  readonly steps: string;
  readonly conclusion: string;
}

function say({ messages, prompt, role }: ScriptedCall): Said {
  const system = messages[0]?.role === "system" ? messages[0].content : "";
  const rule = /\brule:\s*(\S+?)\.?(?:\s|$)/i.exec(prompt)?.[1];
  const values = rule === undefined ? [] : concludedValues(prompt);
  if (rule !== undefined && values.length > 0) return combine(rule, values);
  const task = taskOf(prompt);
  const list = readListTask(task);
  const asksForPlan = role === "planner" || /"type":\s*"child"|JSON events/.test(system);
  if (asksForPlan) return { steps: "", conclusion: plan(list, widthOf(prompt)) };
  if (list && /\breducer\b/i.test(system)) return listValues(list);
  return list ? workThrough(list) : answer(task);
}

/** A planner's task stands between its label and its limits. */
function taskOf(prompt: string): string {
  return prompt.replace(/^Task:\s*/, "").replace(/\s*Announce at most \d+ child\w*\.\s*$/, "")
    .trim();
}

function widthOf(prompt: string): number {
  return Number(/Announce at most (\d+) child/.exec(prompt)?.[1] ?? 26);
}

function plan(list: ListTask | null, width: number): string {
  if (!list || width < 2) return `{"type":"atomic","answer":null}\n`;
  const { tasks, rule } = parts(list, width);
  const ids = tasks.map((_, i) => `part_${i + 1}`);
  const events = [
    ...tasks.map((task, i) => ({ type: "child", id: ids[i], task, depends_on: [] })),
    { type: "await", children: ids, rule },
    { type: "done" },
  ];
  return events.map((event) => JSON.stringify(event) + "\n").join("");
}

/** One child for each item; where there are too many, each child gets a shorter list. */
function parts(list: ListTask, width: number): { tasks: string[]; rule: string } {
  const { items, question, ask, rule } = list;
  if (items.length <= width) return { tasks: items.map(ask), rule };
  const size = Math.ceil(items.length / width);
  const tasks: string[] = [];
  for (let i = 0; i < items.length; i += size) {
    const lines = items.slice(i, i + size).map((item) => `- ${item}`);
    tasks.push([question, ...lines].join("\n"));
  }
  return { tasks, rule: rule.startsWith("count:") ? "sum" : rule };
}

function combine(rule: string, values: readonly string[]): Said {
  const result = applyRule(rule, values);
  return {
    steps: values.map((value, i) => `${i + 1}. ${value}\n`).join(""),
    conclusion: `By the rule ${rule}:\nFINAL: ${result ?? "unknown"}`,
  };
}

function workThrough({ items, ask, rule }: ListTask): Said {
  const values = items.map((item) => answerItem(ask(item)));
  const steps = items.map((item, i) => `${i + 1}. ${item} gives ${values[i] ?? "nothing"}.\n`);
  const known = values.filter((value) => value !== null);
  return { steps: steps.join(""), conclusion: `FINAL: ${applyRule(rule, known) ?? "unknown"}` };
}

function listValues({ items, ask, rule }: ListTask): Said {
  const lines = items.map((item) => `- ${item} = ${answerItem(ask(item)) ?? "unknown"}\n`);
  return { steps: "", conclusion: `${lines.join("")}REDUCE: ${rule}` };
}

function answer(task: string): Said {
  const value = answerItem(task);
  if (value !== null) return { steps: "", conclusion: `It says ${value}.\nFINAL: ${value}` };
  return { steps: "", conclusion: "I am a simulated model and cannot solve this.\nFINAL: unknown" };
}

/** Values in a continuation: FINAL lines, or pairs `id=value`. */
function concludedValues(prompt: string): string[] {
  const finals = [...prompt.matchAll(/FINAL:\s*(.+)/g)].map((match) => match[1]!.trim())
    .filter((value) => !value.startsWith("<"));
  if (finals.length > 0) return finals;
  const before = prompt.slice(0, prompt.search(/\brule:/i));
  return [...before.matchAll(/\w+=(.+?)(?=\s+\w+=|[.\s]*$)/g)].map((match) => match[1]!);
}
