/**
 * Events in, spans out: the one way from a trace to what rows carry.
 * @module
 */
import { hashJson } from "../hash.ts";
import type { TraceEvent } from "./events.ts";
import { createTexts, type TraceText } from "./texts.ts";
import type {
  CallLine,
  CallSpan,
  EffectSpan,
  FoldedTrace,
  NodeKind,
  NodeSpan,
  Round,
} from "./spans.ts";

/** Options of {@linkcode foldTrace}. */
export interface FoldOptions {
  /** How much of each text is kept. Default `"full"`. */
  readonly traceText?: TraceText;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };
type CallDraft = Draft<CallSpan> & { readonly events: CallLine[]; open: boolean };
type EffectDraft = Draft<EffectSpan> & { readonly waits: Wait[]; open: boolean };
type NodeDraft = Draft<NodeSpan> & {
  readonly rounds: Draft<Round>[];
  /** Children announced since the last round. */
  announced: string[];
  readonly joins: Join[];
  readonly effects: EffectDraft[];
  readonly dropped: Set<string>;
  open: boolean;
};
type Wait = Draft<EffectSpan["waits"][number]>;
/** A join that has not ended yet, and how its end is written down. */
interface Join {
  readonly awaited: ReadonlySet<string>;
  end(children: readonly string[], atMs: number): void;
}
type EventOf<T extends TraceEvent["type"]> = Extract<TraceEvent, { type: T }>;

/** What a span is told that was still open when the trace ended. */
export const unfinished = "unfinished: the trace ends here";

/**
 * Folds a trace into spans, in one pass. A trace that was cut anywhere folds too: what is open then
 * ends at the last event's time. A join made while an effect of the same node runs is that effect's
 * wait; any other is a round of the node. Events that name what was never begun are left out.
 */
export function foldTrace(
  events: readonly TraceEvent[],
  { traceText = "full" }: FoldOptions = {},
): FoldedTrace {
  const texts = createTexts(traceText);
  const nodes = new Map<string, NodeDraft>();
  const calls = new Map<string, CallDraft>();
  const effects = new Map<string, EffectDraft>();
  const metrics = new Map<string, number>();
  const drops = new Map<string, number>();
  /** Drops may be told before the node that they belong to. */
  const dropped = new Map<string, Set<string>>();
  let lastMs = 0;

  for (const event of events) {
    lastMs = Math.max(lastMs, event.at_ms);
    apply(event);
  }
  for (const span of [...nodes.values(), ...calls.values(), ...effects.values()]) {
    if (span.open) span.ended_ms = lastMs;
  }
  return {
    nodes: [...nodes.values()].map(finishNode),
    calls: [...calls.values()].map(({ open: _, ...call }) => call),
    effects: [...effects.values()].map(({ open: _, ...effect }) => effect),
    texts: texts.all(),
    metrics: Object.fromEntries(metrics),
    drops: Object.fromEntries(drops),
  };

  function apply(event: TraceEvent): void {
    switch (event.type) {
      case "node-create":
        return createNode(event);
      case "node-ready":
        return update(nodes.get(event.node), { ready_ms: event.at_ms });
      case "node-start":
        return update(nodes.get(event.node), { started_ms: event.at_ms });
      case "node-end":
        return update(nodes.get(event.node), {
          open: false,
          ended_ms: event.at_ms,
          status: event.status,
          concluded_by: event.concluded_by,
          truncated: event.truncated,
          reason: event.reason,
          conclusion: event.conclusion === null ? null : texts.put(event.conclusion),
        });
      case "dependency-drop":
        drops.set(event.reason, (drops.get(event.reason) ?? 0) + 1);
        droppedOf(event.node).add(event.depends_on);
        return;
      case "join-start":
        return startJoin(event);
      case "join-end":
        return endJoin(event);
      case "call-queue":
        return queueCall(event);
      case "call-start":
        return update(calls.get(event.call), {
          started_ms: event.at_ms,
          replica: event.replica,
          model: event.model,
          lora: event.lora,
        });
      case "call-answer":
        return update(calls.get(event.call), { answered: true });
      case "call-first-token":
        return update(calls.get(event.call), { first_token_ms: event.at_ms });
      case "call-line": {
        const { type: _type, call, ...line } = event;
        calls.get(call)?.events.push(line);
        return;
      }
      case "call-end":
        return update(calls.get(event.call), {
          open: false,
          ended_ms: event.at_ms,
          finish_reason: event.finish_reason,
          error: event.error,
          usage: event.usage,
          usage_source: event.usage_source,
          output: event.output === "" ? null : texts.put(event.output),
          reasoning: event.reasoning === "" ? null : texts.put(event.reasoning),
          used: event.used,
        });
      case "effect-queue":
        return queueEffect(event);
      case "effect-start":
        return update(effects.get(event.effect), { started_ms: event.at_ms });
      case "effect-end":
        return update(effects.get(event.effect), {
          open: false,
          ended_ms: event.at_ms,
          output: event.output === null ? null : texts.put(event.output),
          error: event.error,
        });
      case "note":
        return note(event);
      case "plan-seal":
        return;
    }
  }

  function droppedOf(path: string): Set<string> {
    let names = dropped.get(path);
    if (!names) dropped.set(path, names = new Set());
    return names;
  }

  function createNode(event: EventOf<"node-create">): void {
    nodes.set(event.node, {
      path: event.node,
      parent: event.parent,
      task: texts.put(event.task),
      depth: event.depth,
      depends_on: event.depends_on,
      announced_by: event.announced_by,
      kind: "other",
      status: "cancelled",
      created_ms: event.at_ms,
      ready_ms: null,
      started_ms: null,
      ended_ms: event.at_ms,
      rounds: [],
      concluded_by: null,
      truncated: false,
      reason: unfinished,
      conclusion: null,
      announced: [],
      joins: [],
      effects: [],
      dropped: droppedOf(event.node),
      open: true,
    });
    if (event.parent !== null) nodes.get(event.parent)?.announced.push(event.node);
  }

  function startJoin(event: EventOf<"join-start">): void {
    const node = nodes.get(event.node);
    if (!node) return;
    const awaited = new Set(event.children);
    const effect = node.effects.findLast((candidate) => candidate.open);
    if (effect) {
      const wait: Wait = { nodes: event.children, from_ms: event.at_ms, to_ms: event.at_ms };
      node.joins.push({
        awaited,
        end: (children, atMs) => update(wait, { nodes: children, to_ms: atMs }),
      });
      effect.waits.push(wait);
      return;
    }
    const round: Draft<Round> = {
      children: node.announced,
      joined: [],
      rule: event.rule === null ? null : texts.put(event.rule),
      awaited_ms: event.at_ms,
      resumed_ms: null,
    };
    node.announced = [];
    node.rounds.push(round);
    node.joins.push({
      awaited,
      end: (children, atMs) => update(round, { joined: children, resumed_ms: atMs }),
    });
  }

  function endJoin(event: EventOf<"join-end">): void {
    const joins = nodes.get(event.node)?.joins ?? [];
    const index = joins.findIndex((join) => event.children.every((path) => join.awaited.has(path)));
    joins.splice(index, index < 0 ? 0 : 1)[0]?.end(event.children, event.at_ms);
  }

  function queueCall(event: EventOf<"call-queue">): void {
    const messages = event.messages.map(({ role, content }) => ({
      role,
      text: texts.put(content),
    }));
    calls.set(event.call, {
      id: event.call,
      node: event.node,
      role: event.role,
      attempt: event.attempt,
      answered: false,
      used: false,
      replica: null,
      model: null,
      lora: null,
      queued_ms: event.at_ms,
      started_ms: null,
      first_token_ms: null,
      ended_ms: event.at_ms,
      finish_reason: null,
      error: unfinished,
      usage: null,
      usage_source: "estimated",
      thinking: event.thinking,
      max_tokens: event.max_tokens,
      prompt_hash: hashJson(messages),
      messages,
      output: null,
      reasoning: null,
      events: [],
      open: true,
    });
  }

  function queueEffect(event: EventOf<"effect-queue">): void {
    const effect: EffectDraft = {
      id: event.effect,
      node: event.node,
      kind: event.kind,
      queued_ms: event.at_ms,
      started_ms: null,
      ended_ms: event.at_ms,
      waits: [],
      input: texts.put(event.input),
      output: null,
      error: unfinished,
      open: true,
    };
    effects.set(event.effect, effect);
    nodes.get(event.node)?.effects.push(effect);
  }

  function note({ node, kind, data }: EventOf<"note">): void {
    if (kind === "kind") update(nodes.get(node), { kind: data as NodeKind });
    if (kind !== "metrics" || typeof data !== "object" || data === null) return;
    for (const [name, value] of Object.entries(data)) {
      if (Number.isFinite(value)) metrics.set(name, (metrics.get(name) ?? 0) + value);
    }
  }
}

function update<T extends object>(span: T | undefined, fields: Partial<T>): void {
  if (span) Object.assign(span, fields);
}

function finishNode(draft: NodeDraft): NodeSpan {
  const { announced: _announced, joins: _joins, effects: _effects, open: _open, ...rest } = draft;
  const { dropped, ...node } = rest;
  if (dropped.size === 0) return node;
  // A drop is named as the plan named it: by id; a dependency is a path.
  const prefix = node.parent === null ? "" : `${node.parent}.`;
  const kept = (path: string) => !dropped.has(path) && !dropped.has(path.slice(prefix.length));
  return { ...node, depends_on: node.depends_on.filter(kept) };
}
