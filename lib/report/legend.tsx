/** @jsxImportSource npm:preact@10.29.2 */
// deno-lint-ignore-file jsx-key -- rendered once, to text: keys mean nothing
/**
 * How to read the timelines.
 * @module
 */
import type { VNode } from "../deps/preact.ts";
import { labelMeaning, labelName } from "./labels.ts";

const entries: readonly (readonly [meaning: string, drawing: VNode])[] = [
  ["ready, waits for a free slot", <rect class="queue" x="2" y="4" width="36" height="11" />],
  ["sent, before its first token", <rect class="prefill d1" x="2" y="4" width="36" height="11" />],
  ["the model writes: the root", <rect class="d0" x="2" y="4" width="36" height="11" />],
  [
    "the model writes: a child (deeper is fainter)",
    (
      <>
        <rect class="d1" x="2" y="4" width="18" height="11" />
        <rect class="d2" x="20" y="4" width="18" height="11" />
      </>
    ),
  ],
  ["a tool or a checker works", <rect class="effect" x="2" y="4" width="36" height="11" />],
  [
    "here a child was announced",
    (
      <>
        <rect class="d0" x="2" y="4" width="36" height="11" />
        <svg class="mark child" x="20" y="15">
          <path d="M0 -11V-1M-3.5 4H3.5L0 -2Z" />
        </svg>
      </>
    ),
  ],
  ["the node waits for others", <line class="wait" x1="2" x2="38" y1="10" y2="10" />],
  [
    "on the critical path: it set the total time",
    (
      <>
        <rect class="d1" x="3" y="4" width="34" height="11" />
        <rect class="critical" x="3" y="4" width="34" height="11" />
      </>
    ),
  ],
  [
    "failed, or its text was not used",
    (
      <g class="lost">
        <rect class="d1" x="2" y="4" width="32" height="11" />
        <svg class="cross" x="34" y="9.5">
          <path d="M-4 -4L4 4M-4 4L4 -4" />
        </svg>
      </g>
    ),
  ],
];

/** The key to the drawings and to the labels in use, and the hatching that the drawings share. */
export function Legend({ labels }: { labels: readonly string[] }): VNode {
  return (
    <section class="legend" aria-labelledby="legend">
      <h2 id="legend">How to read this page</h2>
      <p>
        Each task was solved in several ways, side by side: <b>direct</b>{" "}
        is one model call; the others let the model split the task into child nodes while it is
        still writing its plan. A timeline has a line for each node and a bar for each model call,
        on one time scale for all arms of a task.
      </p>
      <ul>
        {entries.map(([meaning, drawing]) => (
          <li>
            <svg width="40" height="20" aria-hidden="true">{drawing}</svg>
            {meaning}
          </li>
        ))}
      </ul>
      <details>
        <summary>What the labels mean</summary>
        <dl class="figures">
          {labels.map((label) => (
            <div>
              <dt>{labelName(label)}</dt>
              <dd>{labelMeaning(label)}</dd>
            </div>
          ))}
        </dl>
      </details>
      <svg class="defs" width="0" height="0" aria-hidden="true">
        <pattern
          id="hatch"
          width="5"
          height="5"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <line class="hatch" x1="0" x2="0" y1="0" y2="5" />
        </pattern>
      </svg>
    </section>
  );
}
