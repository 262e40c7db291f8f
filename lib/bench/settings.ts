/**
 * From what the caller said to what will be done: defaults, roles, constraint, configuration.
 * @module
 */
import { InputError } from "../errors.ts";
import { hashJson } from "../hash.ts";
import type { CallTimeouts, RoleSettings } from "../kernel/types.ts";
import type { BackendInfo, Constraint, Thinking } from "../model/types.ts";
import { hashStyle, styleFor } from "../prompts/mod.ts";
import type { PromptStyle } from "../prompts/types.ts";
import { eventGrammar, eventSchema } from "../protocol/mod.ts";
import type { Mode, Recombiner } from "../strategies/types.ts";
import type { BenchOptions } from "./config.ts";

/** The defaults of a bench, as the command line shows them. */
export const DEFAULTS = {
  modes: ["direct", "streaming_parallel"],
  apiKeyEnv: "OPENAI_API_KEY",
  maxDepth: 1,
  maxConcurrency: 4,
  maxSiblingWidth: 12,
  maxRounds: 3,
  taskConcurrency: 1,
  maxOutputTokens: 7000,
  plannerMaxOutputTokens: 1536,
  recombinerMaxOutputTokens: 3000,
  repeats: 1,
  firstTokenTimeout: 600,
  stallTimeout: 120,
} as const;

/** A bench's settings, all decided. */
export interface Settings {
  readonly prompts: PromptStyle;
  readonly recombiner: Recombiner;
  readonly roles: Readonly<Record<string, RoleSettings>>;
  readonly timeouts: CallTimeouts;
  readonly constraint: Constraint | null;
  readonly maxDepth: number;
  readonly maxConcurrency: number;
  readonly maxSiblingWidth: number;
  readonly maxRounds: number;
  readonly seed: number | null;
  readonly modeOptions: Readonly<Record<string, unknown>>;
}

/** Decides every setting for a model. */
export function decideSettings(options: BenchOptions, info: BackendInfo): Settings {
  const embedded = info.kind === "llama";
  const small = embedded || info.kind === "simulated";
  const plannerAdapter = info.lora.planner !== undefined;
  return {
    prompts: styleFor({ name: options.promptStyle, smallModel: small, plannerAdapter }),
    recombiner: options.recombiner ?? (small ? "reduce" : "continue"),
    roles: roleSettings(options),
    timeouts: {
      firstTokenMs: (options.firstTokenTimeout ?? DEFAULTS.firstTokenTimeout) * 1000,
      stallMs: (options.stallTimeout ?? DEFAULTS.stallTimeout) * 1000,
      callMs: options.callTimeout === undefined ? null : options.callTimeout * 1000,
    },
    constraint: decideConstraint(options, info),
    maxDepth: options.maxDepth ?? DEFAULTS.maxDepth,
    maxConcurrency: options.maxConcurrency ?? DEFAULTS.maxConcurrency,
    maxSiblingWidth: options.maxSiblingWidth ?? DEFAULTS.maxSiblingWidth,
    maxRounds: options.maxRounds ?? DEFAULTS.maxRounds,
    seed: options.seed ?? null,
    modeOptions: options.modeOptions ?? {},
  };
}

function roleSettings(options: BenchOptions): Record<string, RoleSettings> {
  const all = options.maxOutputTokens ?? DEFAULTS.maxOutputTokens;
  const thinking = options.vllmThinking ?? null;
  const role = (maxTokens: number, own: Thinking | undefined): RoleSettings => ({
    maxTokens,
    thinking: own ?? thinking,
    temperature: options.temperature ?? null,
    topP: options.topP ?? null,
    seed: options.seed ?? null,
  });
  const planner = options.plannerMaxOutputTokens ?? DEFAULTS.plannerMaxOutputTokens;
  const continuation = options.recombinerMaxOutputTokens ?? DEFAULTS.recombinerMaxOutputTokens;
  const direct = role(options.directMaxOutputTokens ?? all, undefined);
  return {
    direct,
    planner: role(planner, options.vllmGraphThinking),
    worker: role(options.workerMaxOutputTokens ?? all, options.vllmAtomicThinking),
    continuation: role(continuation, options.vllmContinuationThinking),
    default: direct,
  };
}

/** `auto` constrains where it costs nothing: the embedded model by its grammar; servers not. */
function decideConstraint(options: BenchOptions, info: BackendInfo): Constraint | null {
  const wanted = options.constrain ?? "auto";
  const kind = wanted === "auto" ? (info.kind === "llama" ? "grammar" : "off") : wanted;
  if (kind === "off") return null;
  if (!info.constraints.includes(kind)) {
    const offered = info.constraints.join(", ") || "none";
    throw new InputError("constrain", `--constrain ${kind}: ${info.kind} offers ${offered}`, {
      hint: "Leave the flag out, or give --constrain off.",
    });
  }
  // A small model goes on announcing for as long as it may: the grammar ends at the widest plan.
  const maxChildren = Math.max(2, options.maxSiblingWidth ?? DEFAULTS.maxSiblingWidth);
  return kind === "grammar"
    ? { kind, grammar: eventGrammar({ maxChildren }) }
    : { kind, schema: eventSchema() };
}

/**
 * The settings that a mode uses, as rows carry them. Where or how much is not among them: base
 * URLs, files, limits on tasks, time-outs and budgets leave an arm what it is.
 */
export function configOf(mode: Mode, settings: Settings, info: BackendInfo): {
  readonly config: Readonly<Record<string, unknown>>;
  readonly configHash: string;
} {
  const { prompts, recombiner } = settings;
  const uses = new Set(mode.uses);
  const roles = (["direct", "planner", "worker", "continuation"] as const)
    .filter((role) => uses.has(role));
  const each = <T>(pick: (role: string) => T) =>
    Object.fromEntries(roles.map((role) => [role, pick(role)]));
  const hashes = hashStyle(prompts);
  const first = settings.roles.direct!;
  const config: Record<string, unknown> = {
    backend: info.kind,
    model: info.model,
    prompts: {
      ...each((role) => hashes[role as typeof roles[number]]),
      ...(uses.has("direct_reduce") && { direct_reduce: hashes.directReduce }),
      ...(uses.has("recombiner") && recombiner === "fresh" && { fresh: hashes.fresh }),
    },
    max_tokens: each((role) => settings.roles[role]!.maxTokens),
    thinking: each((role) => settings.roles[role]!.thinking),
    lora: each((role) => info.lora[role] ?? null),
    temperature: first.temperature,
    top_p: first.topP,
    seed: settings.seed,
  };
  if (uses.has("recombiner")) config.recombiner = recombiner;
  if (uses.has("graph_limits")) {
    config.max_depth = settings.maxDepth;
    config.max_sibling_width = settings.maxSiblingWidth;
    config.max_rounds = settings.maxRounds;
    config.max_concurrency = mode.maxConcurrency ?? settings.maxConcurrency;
  }
  if (uses.has("constraint")) {
    const { constraint } = settings;
    config.constraint = constraint && { kind: constraint.kind, hash: hashJson(constraint) };
  }
  if (uses.has("mode_options")) config.mode_options = settings.modeOptions;
  if (mode.sourceHash) config.strategy = mode.sourceHash;
  // The style's name is for people: styles share prompts, and what counts are their hashes.
  return { config: { prompt_style: prompts.name, ...config }, configHash: hashJson(config) };
}
