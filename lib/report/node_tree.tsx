/** @jsxImportSource npm:preact@10.29.2 */
/**
 * The nodes of a row as a tree, each with its task, its conclusion and its calls.
 * @module
 */
import type { VNode } from "../deps/preact.ts";
import type { Row } from "../records/row_types.ts";
import type { NodeStatus } from "../trace/events.ts";
import type { CallSpan, EffectSpan, NodeSpan } from "../trace/spans.ts";
import { textOf } from "./arrange.ts";
import { count, duration, plural } from "./format.ts";
import { type Shelf, TextBlock } from "./text_block.tsx";
import { inTreeOrder } from "./timeline_layout.ts";

const statusText: Readonly<Record<NodeStatus, string>> = {
  ok: "✓ concluded",
  failed: "✕ failed",
  cancelled: "⊘ cancelled",
  budget: "⊘ budget spent",
};

/** All nodes of `row`; indentation shows who announced whom. */
export function NodeTree({ row, shelf }: { row: Row; shelf: Shelf }): VNode {
  const calls = Map.groupBy(row.calls, (call) => call.node);
  const effects = Map.groupBy(row.effects, (effect) => effect.node);
  return (
    <ul class="tree">
      {inTreeOrder(row.nodes).map((node) => (
        <li class={`depth-${Math.min(node.depth, 5)}`}>
          <NodeCard row={row} node={node} shelf={shelf} />
          {(calls.get(node.path) ?? []).map((call) => (
            <CallDetails row={row} call={call} shelf={shelf} />
          ))}
          {(effects.get(node.path) ?? []).map((effect) => (
            <EffectDetails row={row} effect={effect} shelf={shelf} />
          ))}
        </li>
      ))}
    </ul>
  );
}

function NodeCard({ row, node, shelf }: { row: Row; node: NodeSpan; shelf: Shelf }): VNode {
  const rules = node.rounds.map((round) => textOf(row, round.rule)).filter((rule) => rule !== null);
  return (
    <>
      <h5>
        <code>{node.path}</code>{" "}
        <span class="facts">
          {node.kind} · <span class={`status ${node.status}`}>{statusText[node.status]}</span> ·
          {" "}
          {duration(node.ended_ms - (node.started_ms ?? node.ended_ms))}
          {node.truncated && " · cut by its limit"}
          {node.depends_on.length > 0 && ` · after ${node.depends_on.map(lastName).join(", ")}`}
        </span>
      </h5>
      {node.reason !== null && <p class="problem">{node.reason}</p>}
      <dl class="says">
        {node.parent !== null && (
          <div>
            <dt>task</dt>
            <dd>
              <TextBlock text={textOf(row, node.task)} shelf={shelf} />
            </dd>
          </div>
        )}
        {rules.map((rule) => (
          <div>
            <dt>rule</dt>
            <dd>
              <TextBlock text={rule} shelf={shelf} />
            </dd>
          </div>
        ))}
        {node.conclusion !== null && (
          <div>
            <dt>conclusion</dt>
            <dd>
              <TextBlock text={textOf(row, node.conclusion)} shelf={shelf} />
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}

function CallDetails({ row, call, shelf }: { row: Row; call: CallSpan; shelf: Shelf }): VNode {
  const time = call.ended_ms - (call.started_ms ?? call.queued_ms);
  const tokens = call.usage?.completion_tokens ?? null;
  const facts = [
    call.attempt > 1 ? `attempt ${call.attempt}` : null,
    duration(time),
    tokens === null ? null : plural(tokens, "token"),
    call.error !== null ? "✕ failed" : call.finish_reason === "length" ? "cut by its limit" : null,
    call.used ? null : "text not used",
  ];
  return (
    <details class="call">
      <summary>
        {call.role} call <small>{facts.filter((fact) => fact !== null).join(" · ")}</small>
      </summary>
      {call.error !== null && <p class="problem">{call.error}</p>}
      {call.messages.map((message) => (
        <Said who={message.role} text={textOf(row, message.text)} shelf={shelf} />
      ))}
      {call.reasoning !== null && (
        <Said who="reasoning" text={textOf(row, call.reasoning)} shelf={shelf} />
      )}
      {call.output !== null && <Said who="output" text={textOf(row, call.output)} shelf={shelf} />}
      <p class="hint">
        {[
          call.model,
          call.replica,
          call.lora,
          call.finish_reason === null ? null : `finish: ${call.finish_reason}`,
          call.usage === null
            ? null
            : `${count(call.usage.prompt_tokens)} prompt tokens, ${
              count(call.usage.cached_tokens)
            } of them cached`,
        ].filter((fact) => fact !== null).join(" · ")}
      </p>
    </details>
  );
}

function EffectDetails(
  { row, effect, shelf }: { row: Row; effect: EffectSpan; shelf: Shelf },
): VNode {
  return (
    <details class="call">
      <summary>
        {effect.kind}{" "}
        <small>
          {duration(effect.ended_ms - (effect.started_ms ?? effect.queued_ms))}
          {effect.error !== null && " · ✕ failed"}
        </small>
      </summary>
      {effect.error !== null && <p class="problem">{effect.error}</p>}
      {effect.input !== null && <Said who="input" text={textOf(row, effect.input)} shelf={shelf} />}
      {effect.output !== null && (
        <Said who="output" text={textOf(row, effect.output)} shelf={shelf} />
      )}
    </details>
  );
}

function Said({ who, text, shelf }: { who: string; text: string | null; shelf: Shelf }): VNode {
  return (
    <div class="said">
      <span class="who">{who}</span>
      <TextBlock text={text} shelf={shelf} raw />
    </div>
  );
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
