/**
 * Scripts as JSON files: `--backend scripted --model SCRIPT.json`.
 * @module
 */
import { readFile } from "node:fs/promises";
import { z } from "../deps/zod.ts";
import { InputError, messageOf } from "../errors.ts";
import type { Script, ScriptedReply } from "./scripted_reply.ts";

const milliseconds = z.number().nonnegative();
const count = z.int().nonnegative().nullable().optional();

const replyShape = {
  text: z.string().optional(),
  reasoning: z.string().optional(),
  chunks: z.array(z.string()).optional(),
  delaysMs: z.union([milliseconds, z.array(milliseconds)]).optional(),
  prefillMs: milliseconds.optional(),
  tokensPerSecond: z.number().positive().optional(),
  finishReason: z.string().optional(),
  error: z.strictObject({
    code: z.string(),
    message: z.string().optional(),
    retryable: z.boolean().optional(),
    status: z.int().optional(),
    retryAfterMs: milliseconds.optional(),
  }).optional(),
  usage: z.strictObject({
    prompt_tokens: count,
    completion_tokens: count,
    reasoning_tokens: count,
    cached_tokens: count,
    total_tokens: count,
  }).optional(),
};

const scriptSchema = z.array(z.strictObject({
  match: z.string().optional(),
  role: z.string().optional(),
  ...replyShape,
})).min(1);

/**
 * Reads a script file: a list of rules, tried in order for each call. The first rule replies whose
 * `match` (the source of a regular expression, case-insensitive) is found in the last user message
 * and whose `role` is the call's; a rule without them matches everything. The other fields are
 * those of `ScriptedReply`. A call that no rule matches fails.
 *
 * ```json
 * [
 *   { "role": "planner", "text": "{\"type\":\"atomic\",\"answer\":\"FINAL: 4\"}\n" },
 *   { "match": "2 \\+ 2", "text": "FINAL: 4", "prefillMs": 200, "tokensPerSecond": 40 },
 *   { "text": "FINAL: unknown" }
 * ]
 * ```
 *
 * @throws {InputError} `script` where the file cannot be read or a rule is wrong.
 */
export async function loadScript(path: string): Promise<Script> {
  const rules = parse(path, await read(path)).map(({ match, role, ...reply }, index) => ({
    pattern: match === undefined ? null : compile(path, index, match),
    role,
    reply: reply as ScriptedReply,
  }));
  return ({ prompt, role }) => {
    const rule = rules.find((rule) =>
      (rule.role === undefined || rule.role === role) && (rule.pattern?.test(prompt) ?? true)
    );
    if (rule) return rule.reply;
    const message = `${path}: no rule matches a ${role} call: ${
      JSON.stringify(prompt.slice(0, 100))
    }`;
    return { error: { code: "engine", message, retryable: false } };
  };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw wrong(`The script ${path} cannot be read: ${messageOf(cause)}`, cause);
  }
}

function parse(path: string, text: string): z.infer<typeof scriptSchema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw wrong(`The script ${path} is not JSON: ${messageOf(cause)}`, cause);
  }
  const rules = scriptSchema.safeParse(value);
  if (!rules.success) {
    throw wrong(`The script ${path} is wrong:\n${z.prettifyError(rules.error)}`, rules.error);
  }
  return rules.data;
}

function compile(path: string, index: number, source: string): RegExp {
  try {
    return new RegExp(source, "i");
  } catch (cause) {
    throw wrong(`The script ${path}, rule ${index + 1}: ${messageOf(cause)}`, cause);
  }
}

function wrong(message: string, cause: unknown): InputError {
  return new InputError("script", message, {
    cause,
    hint: 'A script is a list of rules such as {"match": "capital", "text": "FINAL: Paris"}.',
  });
}
