/** @jsxImportSource npm:preact@10.29.2 */
/**
 * One task with all arms side by side.
 * @module
 */
import type { VNode } from "../deps/preact.ts";
import { type Case, isBaseline, type Run, type ShownArm } from "./arrange.ts";
import { answerText } from "./format.ts";
import { verdictOf } from "./labels.ts";
import { RunColumn } from "./run_column.tsx";
import { OpenText, type Shelf } from "./text_block.tsx";

/** Statement, expected answer, and a column for each arm. */
export function CaseSection(
  props: { item: Case; arms: readonly ShownArm[]; repeated: boolean; shelf: Shelf },
): VNode {
  const { item, arms, repeated, shelf } = props;
  const end = Math.max(0, ...item.runs.map((run) => run?.facts.latency_ms ?? 0));
  const absent = arms.filter((_, index) => item.runs[index] === null).map((arm) => arm.name);
  return (
    <section class="case" id={item.anchor} data-kind={kindsOf(item)}>
      <h3>
        <a href={`#${item.anchor}`}>{item.taskId}</a>
        {repeated && <small>repeat {item.repeat + 1}</small>}
      </h3>
      {item.statement === null
        ? <p class="absent">statement not recorded</p>
        : <OpenText text={item.statement} shelf={shelf} />}
      <p class="expected">
        Expected answer: <strong dir="auto">{answerText(item.expected)}</strong>
      </p>
      <div class="runs">
        {item.runs.map((run, index) =>
          run && (
            <RunColumn
              name={arms[index]!.name}
              run={run}
              baseline={baselineOf(item, run)}
              end={end}
              anchor={`${item.anchor}-${index + 1}`}
              shelf={shelf}
            />
          )
        )}
      </div>
      {absent.length > 0 && <p class="absent">no row yet: {absent.join(", ")}</p>}
      <p class="back">
        <a href="#tasks">Back to all tasks</a>
      </p>
    </section>
  );
}

/** What the page's filter knows of a case. */
export function kindsOf(item: Case): string {
  const kinds = item.runs.flatMap((run) => run ? [verdictOf(run.facts).kind] : []);
  return [
    kinds.length > 0 && kinds.every((kind) => kind === "right") ? "all-right" : "",
    kinds.includes("wrong") ? "some-wrong" : "",
    new Set(kinds).size > 1 ? "differ" : "",
  ].filter(Boolean).join(" ");
}

/** The direct run beside `run` that it may be compared with. */
function baselineOf(item: Case, run: Run): Run | null {
  return item.runs.find((other) => other && isBaseline(other.facts, run.facts)) ?? null;
}
