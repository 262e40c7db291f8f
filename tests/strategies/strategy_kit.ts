/** Runs modes on a scripted model under the virtual clock. */
import { virtualClock } from "../../lib/clock.ts";
import { runTree } from "../../lib/kernel/run.ts";
import type { TreeResult } from "../../lib/kernel/types.ts";
import { scriptedBackend } from "../../lib/model/scripted.ts";
import type { Script, ScriptedCall, ScriptedReply } from "../../lib/model/scripted_reply.ts";
import { findStyle } from "../../lib/prompts/mod.ts";
import type { NodeEvent } from "../../lib/protocol/types.ts";
import { findMode } from "../../lib/strategies/mod.ts";
import type { ModeContext } from "../../lib/strategies/types.ts";
import type { TraceEvent } from "../../lib/trace/events.ts";

/** What a test may set. */
export interface RunOptions extends Partial<Omit<ModeContext, "prompts">> {
  readonly mode?: string;
  readonly task?: string;
  readonly style?: string;
  readonly maxDepth?: number;
  readonly maxConcurrency?: number;
  readonly maxAttempts?: number;
}

/** A run with what it asked for. */
export interface Ran extends TreeResult {
  /** Calls in the order they reached the model. */
  readonly asked: readonly ScriptedCall[];
  /** How the root was concluded. */
  readonly concludedBy: string | null;
}

/** Runs a task and returns how it went. */
export async function ran(script: Script, options: RunOptions = {}): Promise<Ran> {
  const clock = virtualClock();
  const asked: ScriptedCall[] = [];
  const recording: Script = (call) => {
    asked.push(call);
    const reply = typeof script === "function" ? script(call) : script[call.index];
    if (reply === undefined) throw new Error(`no reply for call ${call.index}: ${call.prompt}`);
    return reply;
  };
  await using backend = scriptedBackend(recording, { clock });
  const mode = findMode(options.mode ?? "streaming_parallel");
  const strategy = mode.build({
    prompts: findStyle(options.style ?? "plain"),
    recombiner: options.recombiner ?? "continue",
    maxSiblingWidth: options.maxSiblingWidth ?? 12,
    maxRounds: options.maxRounds ?? 3,
    constraint: options.constraint ?? null,
    oracle: options.oracle ?? null,
    modeOptions: {},
  });
  const role = { maxTokens: 5000, thinking: null, temperature: null, topP: null, seed: null };
  const result = await runTree({
    task: options.task ?? "the task",
    strategy,
    backend,
    clock,
    roles: { default: role },
    maxConcurrency: mode.maxConcurrency ?? options.maxConcurrency ?? 8,
    maxDepth: options.maxDepth ?? 1,
    maxAttempts: options.maxAttempts ?? 6,
  });
  return { ...result, asked, concludedBy: endOf(result, "root").concluded_by };
}

/** A child line. */
export function child(id: string, task: string, dependsOn: readonly string[] = []): NodeEvent {
  return { type: "child", id, task, depends_on: dependsOn };
}

/** An await line. */
export function awaiting(children: readonly string[], rule = "combine"): NodeEvent {
  return { type: "await", children, rule };
}

/** Events as a model writes them. */
export function lines(...events: readonly unknown[]): string {
  return events.map((event) => JSON.stringify(event)).join("\n") + "\n";
}

/** Events as a slow model writes them: a line each `ms`. */
export function slowly(ms: number, ...events: readonly unknown[]): ScriptedReply {
  return { chunks: events.map((event) => JSON.stringify(event) + "\n"), delaysMs: ms };
}

type Of<T extends TraceEvent["type"]> = Extract<TraceEvent, { type: T }>;

/** Events of one type. */
export function events<T extends TraceEvent["type"]>(
  { events }: Pick<TreeResult, "events">,
  type: T,
): Of<T>[] {
  return events.filter((event) => event.type === type) as Of<T>[];
}

/** The end of a node. */
export function endOf(result: Pick<TreeResult, "events">, node: string): Of<"node-end"> {
  const end = events(result, "node-end").find((event) => event.node === node);
  if (!end) throw new Error(`${node} has not ended`);
  return end;
}

/** What a node turned out to be. */
export function kindOf(result: Pick<TreeResult, "events">, node: string): unknown {
  return events(result, "note").findLast((one) => one.node === node && one.kind === "kind")?.data;
}

/** Calls with their times, as `[node, role, start, end]`. */
export function calls(result: Pick<TreeResult, "events">): [string, string, number, number][] {
  const ends = events(result, "call-end");
  const queued = events(result, "call-queue");
  return events(result, "call-start").map(({ call, at_ms }) => {
    const { node, role } = queued.find((one) => one.call === call)!;
    return [node, role, at_ms, ends.find((one) => one.call === call)!.at_ms];
  });
}
