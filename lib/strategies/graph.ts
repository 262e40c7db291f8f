/**
 * A node that plans: its children start while it still speaks, and it goes on with what they found.
 * @module
 */
import type { NodeScope, StrategyResult } from "../kernel/types.ts";
import type { Message, Session } from "../model/types.ts";
import { continuationTurn, type Joined, plannerTurn } from "../prompts/turns.ts";
import type { NodeEvent } from "../protocol/types.ts";
import { fallback } from "./direct.ts";
import { type ClosedPlan, type Family, type OpenPlan, openPlan } from "./open_plan.ts";
import { readEvents } from "./read_events.ts";
import { conclude, recombine } from "./recombine.ts";
import type { GraphOptions } from "./types.ts";
import { solve, worker } from "./worker.ts";

/** How a child line begins, as the planner's prompt shows it. */
const CHILD_OPENING = '{"type":"child"';

/** Plans below the depth limit, and solves at it. */
export function graph(node: NodeScope, options: GraphOptions): Promise<StrategyResult> {
  return node.depth < node.maxDepth ? planAndContinue(node, options) : worker(node, options);
}

async function planAndContinue(node: NodeScope, options: GraphOptions): Promise<StrategyResult> {
  const { prompts, oracle, maxSiblingWidth: width } = options;
  const scene: Scene = { node, options, session: node.session(), family: new Map() };
  const turn = plannerTurn(prompts, node, width);
  let said = oracle ? recite(scene, turn, oracle) : await speak(scene, turn, "planner", null);
  if (said.plan.awaited.length === 0) return withoutChildren(node, said, options);
  node.note("kind", oracle ? "oracle" : "emitted");
  for (let roundsLeft = options.maxRounds - 1;; roundsLeft--) {
    const joined = await join(scene, said.plan);
    const combined = await recombine(node, joined, options);
    if (combined) return combined;
    const turn = continuationTurn(prompts, node, joined, { width, roundsLeft });
    said = await speak(scene, turn, "continuation", roundsLeft > 0 ? null : "rounds");
    if (roundsLeft > 0 && said.plan.awaited.length > 0) continue;
    const text = said.plan.answerIn(said.text);
    if (text !== null && (text.trim() !== "" || said.truncated)) {
      return { text, concludedBy: "continue", truncated: said.truncated };
    }
    return conclude(node, joined, options, said.plan.solveItself ? "worker" : "continuation");
  }
}

/** What a node thinks with. */
interface Scene {
  readonly node: NodeScope;
  readonly options: GraphOptions;
  readonly session: Session;
  /** Children of all rounds. */
  readonly family: Family;
}

/** A reply, and the plan in it. */
interface Said {
  readonly plan: ClosedPlan;
  readonly text: string;
  readonly truncated: boolean;
}

/** Lets the model speak; children start as its lines are read. */
async function speak(
  scene: Scene,
  turn: readonly Message[],
  role: "planner" | "continuation",
  refuse: "rounds" | null,
): Promise<Said> {
  const { node, options, session } = scene;
  const plan = planOf(scene, options.maxSiblingWidth, refuse);
  const generation = node.generate(session, turn, {
    role,
    constraint: role === "planner" ? options.constraint : null,
    // Told to conclude, a small model may announce children until its limit: they cannot run.
    ...(refuse && { stop: [CHILD_OPENING] }),
    // A child that runs cannot be taken back by sampling the plan again.
    keepCut: () => plan.size > 0,
  });
  const textAnswers = role === "continuation";
  for await (const line of readEvents(generation, { textAnswers })) plan.accept(line);
  const { text, truncated } = await generation.reply;
  return { plan: plan.close(), text, truncated };
}

/** Puts a given plan into the node's mouth. */
function recite(scene: Scene, turn: readonly Message[], events: readonly NodeEvent[]): Said {
  const plan = planOf(scene, Infinity, null);
  for (const event of events) {
    const result = { kind: "event", event, repairs: [] } as const;
    plan.accept({ type: "line", result, source: null });
  }
  const text = events.map((event) => JSON.stringify(event)).join("\n");
  scene.session.adopt(turn, text);
  return { plan: plan.close(), text, truncated: false };
}

function planOf(scene: Scene, width: number, refuse: "rounds" | null): OpenPlan {
  const { node, options, family } = scene;
  const { oracle, ...rest } = options;
  return openPlan(node, {
    family,
    child: (child) => oracle ? worker(child, options) : graph(child, rest),
    launch: options.launch,
    width,
    refuse,
  });
}

async function join({ node, family }: Scene, { awaited, rule }: ClosedPlan): Promise<Joined> {
  const handles = [...family.values()].map(({ handle }) => handle);
  const wanted = handles.filter(({ id }) => awaited.includes(id));
  return { rule, conclusions: await node.join(wanted, { rule }) };
}

/** A plan without children: it answered, asked to be solved as a whole, or was none. */
async function withoutChildren(
  node: NodeScope,
  { plan, truncated }: Said,
  options: GraphOptions,
): Promise<StrategyResult> {
  if (plan.answer === null && !plan.solveItself) return fallback(node, options);
  node.note("kind", "atomic");
  if (plan.answer === null) return solve(node, options);
  return { text: plan.answer, concludedBy: "atomic", truncated };
}
