/**
 * The prompt styles by name.
 * @module
 */
import { didYouMean } from "../did_you_mean.ts";
import { InputError } from "../errors.ts";
import { hashJson } from "../hash.ts";
import { cases } from "./styles/cases.ts";
import { plain } from "./styles/plain.ts";
import { plannerLora } from "./styles/planner_lora.ts";
import { semantic } from "./styles/semantic.ts";
import { semanticFastsplit } from "./styles/semantic_fastsplit.ts";
import { semanticFastsplitNoformula } from "./styles/semantic_fastsplit_noformula.ts";
import { smallFewshot } from "./styles/small_fewshot.ts";
import type { PromptStyle, Template } from "./types.ts";

/** All styles. */
export const styles: readonly PromptStyle[] = [
  plain,
  semantic,
  semanticFastsplit,
  semanticFastsplitNoformula,
  cases,
  smallFewshot,
  plannerLora,
];

/** The prompts of a style, in the order in which they are shown. */
export const promptRoles = [
  "direct",
  "directReduce",
  "planner",
  "worker",
  "continuation",
  "fresh",
] as const;

/** Name of one prompt of a style. */
export type PromptRole = typeof promptRoles[number];

/**
 * The style of that name.
 *
 * @throws {InputError} when there is none; it names the nearest.
 */
export function findStyle(name: string): PromptStyle {
  const style = styles.find((one) => one.name === name);
  if (style) return style;
  const names = styles.map((one) => one.name);
  const near = didYouMean(name, names);
  throw new InputError("prompt-style", `There is no prompt style "${name}".`, {
    hint: near ? `Did you mean ${near}?` : `Styles: ${names.join(", ")}.`,
  });
}

/** What the choice of a style depends on. */
export interface StyleChoice {
  /** As asked for; the rest then does not matter. */
  readonly name?: string | undefined;
  /** The model has fewer than about a billion parameters. */
  readonly smallModel: boolean;
  /** The planner role runs with the trained planner adapter. */
  readonly plannerAdapter?: boolean;
}

/**
 * The style to use: the one asked for, else the one that suits the model.
 *
 * @throws {InputError} when the one asked for does not exist.
 */
export function styleFor({ name, smallModel, plannerAdapter }: StyleChoice): PromptStyle {
  if (name !== undefined) return findStyle(name);
  if (plannerAdapter) return plannerLora;
  return smallModel ? smallFewshot : semanticFastsplitNoformula;
}

/** A hash for each prompt of a style, over all that can reach the model through it. */
export function hashStyle(style: PromptStyle): Record<PromptRole, string> {
  const quoting = style.conclusions ?? "full";
  const of = (role: PromptRole) => hashJson({ template: style[role], quoting });
  return Object.fromEntries(promptRoles.map((role) => [role, of(role)])) as Record<
    PromptRole,
    string
  >;
}

/** A style as text: every prompt with its hash and examples, as `rrm prompts show` prints it. */
export function describeStyle(style: PromptStyle): string {
  const hashes = hashStyle(style);
  const head = `${style.name}, version ${style.version}\n${style.description}`;
  return [head, ...promptRoles.map((role) => `## ${role} (${hashes[role]})\n${show(style[role])}`)]
    .join("\n\n") + "\n";
}

function show({ system, examples, user }: Template): string {
  return [
    ...(system ? [`[system]\n${system}`] : []),
    ...(examples ?? []).map((example) =>
      `[example${example.when ? ` for tasks that match /${example.when}/i` : ""}]\n` +
      `[user]\n${example.user}\n[assistant]\n${example.assistant}`
    ),
    `[user]\n${user}`,
  ].join("\n");
}
