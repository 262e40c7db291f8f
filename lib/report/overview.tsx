/** @jsxImportSource npm:preact@10.29.2 */
// deno-lint-ignore-file jsx-key -- rendered once, to text: keys mean nothing
/**
 * All tasks in one table.
 * @module
 */
import type { VNode } from "../deps/preact.ts";
import type { Arrangement, Run } from "./arrange.ts";
import { kindsOf } from "./case_section.tsx";
import { answerText, duration, preview } from "./format.ts";
import { labelMeaning, labelName, verdictOf } from "./labels.ts";
import { Name } from "./name.tsx";

const longestAnswer = 40;

/** A line a task, a cell an arm; ids link to the sections. */
export function Overview({ arms, cases, repeated }: Arrangement): VNode {
  return (
    <section id="tasks">
      <h2>Tasks</h2>
      <div class="tools" hidden>
        <label>
          Show{" "}
          <select id="filter">
            <option value="">all tasks</option>
            <option value="some-wrong">some arm not right</option>
            <option value="differ">arms differ</option>
            <option value="all-right">all arms right</option>
          </select>
        </label>
        <output id="shown" for="filter"></output>
        <button type="button" id="open">Open all details</button>
        <button type="button" id="close">Close all details</button>
      </div>
      <div class="scroll" tabindex={0} role="region" aria-label="Tasks">
        <table class="tasks">
          <thead>
            <tr>
              <th scope="col">task</th>
              <th scope="col">expected</th>
              {arms.map((arm) => (
                <th scope="col">
                  <Name name={arm.name} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cases.map((item) => (
              <tr data-kind={kindsOf(item)}>
                <th scope="row">
                  <a href={`#${item.anchor}`}>
                    <Name name={item.taskId} />
                  </a>
                  {repeated && <small>repeat {item.repeat + 1}</small>}
                </th>
                <td dir="auto">{shortAnswer(answerText(item.expected))}</td>
                {item.runs.map((run) => <td>{run === null ? "no row yet" : <Cell run={run} />}
                </td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Cell({ run: { facts: row, trust } }: { run: Run }): VNode {
  const verdict = verdictOf(row);
  return (
    <div class="cell">
      <span class={`verdict ${verdict.kind}`}>{verdict.mark} {verdict.word}</span>
      {row.answer !== null && <span class="answer" dir="auto">{shortAnswer(row.answer)}</span>}
      <span class="time">{duration(row.latency_ms)}</span>
      <span class="chip" title={labelMeaning(trust.trust_label)}>
        {labelName(trust.trust_label)}
      </span>
    </div>
  );
}

function shortAnswer(answer: string): string {
  const short = preview(answer, longestAnswer);
  return short.length < answer.trim().length ? `${short}…` : short;
}
