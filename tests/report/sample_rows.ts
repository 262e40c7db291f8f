/**
 * A small world of rows for tests and for looking at the page.
 * @module
 */
import { hash } from "../../lib/hash.ts";
import type { Row } from "../../lib/records/row_types.ts";
import { buildRow, line } from "./row_builder.ts";
import { type Problem, sampleTasks } from "./problems.ts";

function finish(row: Row): Row {
  return { ...row, row_id: hash(`${row.task_id} ${row.mode} ${row.config_hash} ${row.repeat}`) };
}

/** One call that thinks and answers. */
export function directRow(
  task: Problem,
  options: { answer?: number; pace?: number; cut?: boolean } = {},
): Row {
  const { answer = task.answer, pace = 1, cut = false } = options;
  const builder = buildRow();
  const steps = task.parts.map(([, ask, says]) => `${ask} ${says.split("\n")[0]}`).join("\n\n");
  const end = Math.round(9_400 * pace);
  const output =
    `Let me take this step by step.\n\n${steps}\n\n${task.solution}\nFinal answer: ${answer}`;
  builder.node("root", task.task, { says: output, ended_ms: end + 6, truncated: cut });
  builder.call("root", "direct", [2, 4, 310, end], {
    output,
    asks: task.task,
    finish_reason: cut ? "length" : "stop",
  });
  return finish(builder.row({
    task_id: task.id,
    mode: "direct",
    answer: cut ? null : String(answer),
    answer_rule: cut ? null : "final_line",
    expected: task.answer,
    correct: answer === task.answer && !cut,
    config_hash: "a91be20c77d0f3e4",
  }));
}

/** A plan whose four children run while it is still being written. */
export function emittedRow(
  task: Problem,
  options: { answer?: number; pace?: number; mode?: string } = {},
): Row {
  const { answer = task.answer, pace = 1, mode = "streaming_parallel" } = options;
  const at = (ms: number) => Math.round(ms * pace);
  const builder = buildRow();
  const children = task.parts.map(([id]) => `root.${id}`);
  const announced = task.parts.map((_, index) => at(900 + 420 * index));
  const planEnd = at(2_700);
  const plan = [
    ...task.parts.map(([id, ask], index) =>
      JSON.stringify({
        type: "child",
        id,
        task: ask,
        depends_on: index === 3 ? [task.parts[2]![0]] : [],
      })
    ),
    JSON.stringify({ type: "await", children: null, rule: task.rule }),
  ].join("\n");
  const resumed = at(5_950);
  const says = `${task.solution}\nFinal answer: ${answer}`;
  builder.node("root", task.task, {
    kind: mode === "oracle_parallel" ? "oracle" : "emitted",
    says,
    ended_ms: at(7_150) + 5,
    concluded_by: "continue",
    rounds: [{
      children,
      joined: children,
      rule: builder.text(task.rule),
      awaited_ms: planEnd + 3,
      resumed_ms: resumed,
    }],
  });
  builder.call("root", "planner", [2, 4, at(280), planEnd], {
    output: plan,
    asks: task.task,
    events: [
      ...task.parts.map(([id], index) => line(announced[index]!, "child", id)),
      line(planEnd - 40, "await", null),
    ],
  });
  task.parts.forEach(([id, ask, done], index) => {
    const ready = index === 3 ? at(4_300) : announced[index]!;
    const started = ready + (index === 2 ? at(180) : 3);
    const ended = [at(4_000), at(3_500), at(4_295), at(5_940)][index]!;
    builder.node(`root.${id}`, ask, {
      says: done,
      created_ms: announced[index]!,
      ready_ms: ready,
      started_ms: ready,
      ended_ms: ended + 2,
      announced_by: { id: "c1", at_ms: announced[index]! },
      depends_on: index === 3 ? [children[2]!] : [],
    });
    builder.call(`root.${id}`, "worker", [ready, started, started + at(210), ended], {
      output: done,
      asks: ask,
    });
  });
  builder.call("root", "continuation", [resumed + 2, resumed + 4, resumed + at(140), at(7_150)], {
    output: says,
    asks: `The children concluded. Rule: ${task.rule}`,
  });
  return finish(builder.row({
    task_id: task.id,
    mode,
    answer: String(answer),
    expected: task.answer,
    correct: answer === task.answer,
    config_hash: mode === "oracle_parallel" ? "0c4477d1e2f3a6b8" : "5be1d0c2f4a89937",
  }));
}

/** The same with a given plan. */
export function oracleRow(task: Problem): Row {
  return emittedRow(task, { mode: "oracle_parallel", pace: 0.9 });
}

/** No usable plan: the node answered directly after all. */
export function fallbackRow(task: Problem): Row {
  const builder = buildRow();
  const said = `I will just solve it.\n${task.solution}\nFinal answer: ${task.answer}`;
  builder.node("root", task.task, {
    kind: "fallback",
    says: said,
    ended_ms: 10_905,
    concluded_by: "direct",
  });
  builder.call("root", "planner", [2, 5, 300, 2_400], {
    output: 'Sure! Let me think about how to split this problem.\n{"type":"child", id: oops',
    asks: task.task,
    events: [line(2_300, "child", null, { kind: "rejected", reason: "not-json" })],
  });
  builder.call("root", "direct", [2_403, 2_410, 2_700, 10_900], { output: said, asks: task.task });
  return finish(builder.row({
    task_id: task.id,
    mode: "streaming_parallel",
    answer: String(task.answer),
    expected: task.answer,
    correct: true,
    config_hash: "5be1d0c2f4a89937",
  }));
}

/** Two failed attempts, and no answer. */
export function errorRow(task: Problem): Row {
  const builder = buildRow();
  builder.node("root", task.task, {
    status: "failed",
    ended_ms: 3_020,
    reason: "network: connection reset",
    concluded_by: null,
  });
  const failed = {
    answered: false,
    used: false,
    usage: null,
    finish_reason: null,
    error: "network: connection reset by peer",
  };
  builder.call("root", "planner", [2, 4, 4, 1_004], {
    asks: task.task,
    ...failed,
    first_token_ms: null,
  });
  builder.call("root", "planner", [1_510, 1_512, 1_512, 3_012], {
    asks: task.task,
    attempt: 2,
    ...failed,
    first_token_ms: null,
  });
  return finish(builder.row({
    task_id: task.id,
    mode: "streaming_parallel",
    status: "error",
    answer_rule: null,
    expected: task.answer,
    correct: null,
    errors: ["root: network: connection reset by peer (2 attempts)"],
    config_hash: "5be1d0c2f4a89937",
  }));
}

/** Without its texts, as `--trace-text none` leaves it. */
export function withoutTexts(row: Row): Row {
  return { ...row, texts: {} };
}

/** Direct and graph for `size` tasks: mostly fine, with a fallback, an error and wrong answers. */
export function sampleRows(size: number): Row[] {
  return inSequence(
    sampleTasks(size).flatMap((task, index) => {
      const pace = 0.8 + ((index * 37) % 50) / 100;
      const direct = index % 7 === 1
        ? directRow(task, { pace: 2, cut: true })
        : directRow(task, { pace, answer: index % 5 === 2 ? task.answer + 1 : task.answer });
      const graph = index % 9 === 3
        ? fallbackRow(task)
        : index % 11 === 5
        ? errorRow(task)
        : emittedRow(task, { pace, answer: index % 13 === 4 ? task.answer - 1 : task.answer });
      return [direct, graph];
    }),
  );
}

/** Rows that ran one after the other. */
function inSequence(rows: readonly Row[]): Row[] {
  let offset = 0;
  return rows.map((row) => {
    const placed = { ...row, bench_offset_ms: offset };
    offset += row.latency_ms;
    return placed;
  });
}
