/**
 * A small world of rows for tests and for looking at the page.
 * @module
 */
import { hash } from "../../lib/hash.ts";
import type { Row } from "../../lib/records/row_types.ts";
import type { DemoTask } from "../../lib/report/arrange.ts";
import { buildRow, line } from "./row_builder.ts";

interface Problem extends DemoTask {
  readonly answer: number;
  readonly parts: readonly (readonly [id: string, task: string, says: string])[];
  readonly rule: string;
  readonly solution: string;
}

const problems: readonly Problem[] = [
  {
    id: "count-3-or-5",
    task:
      "How many integers $n$ with $1 \\le n \\le 100$ are divisible by 3 or by 5? Count each only once.",
    answer: 47,
    parts: [
      [
        "by_three",
        "Count the integers from 1 to 100 divisible by 3.",
        "There are $\\lfloor 100/3 \\rfloor = 33$.\nFinal answer: 33",
      ],
      [
        "by_five",
        "Count the integers from 1 to 100 divisible by 5.",
        "There are $100/5 = 20$.\nFinal answer: 20",
      ],
      [
        "by_both",
        "Count the integers from 1 to 100 divisible by 15.",
        "There are $\\lfloor 100/15 \\rfloor = 6$.\nFinal answer: 6",
      ],
      [
        "check",
        "Confirm by inclusion and exclusion how counts of two overlapping sets combine.",
        "Add the two counts and take away the count of both.\nFinal answer: |A| + |B| - |A and B|",
      ],
    ],
    rule: "by_three + by_five - by_both",
    solution: "By inclusion and exclusion, $33 + 20 - 6 = 47$.",
  },
  {
    id: "powers-mod-7",
    task: "Find the remainder when \\(2^{100} + 3^{50}\\) is divided by 7.",
    answer: 4,
    parts: [
      [
        "two",
        "Find the remainder of $2^{100}$ on division by 7.",
        "$2^3 \\equiv 1$, so $2^{100} = 2^{99} \\cdot 2 \\equiv 2$.\nFinal answer: 2",
      ],
      [
        "three",
        "Find the remainder of $3^{50}$ on division by 7.",
        "$3^6 \\equiv 1$ and $50 = 48 + 2$, so it is $9 \\equiv 2$.\nFinal answer: 2",
      ],
      [
        "sum",
        "Reduce a sum of two remainders modulo 7.",
        "Add the two and reduce once more.\nFinal answer: 2 + 2 = 4",
      ],
      [
        "order",
        "Check the multiplicative orders of 2 and 3 modulo 7.",
        "They are 3 and 6.\nFinal answer: 3 and 6",
      ],
    ],
    rule: "(two + three) mod 7",
    solution: "The remainders are 2 and 2, together 4.",
  },
  {
    id: "lattice-paths",
    task:
      "A path goes from $(0,0)$ to $(4,4)$ in unit steps right or up. How many such paths avoid the point $(2,2)$?",
    answer: 34,
    parts: [
      [
        "all",
        "Count unit-step paths right or up from $(0,0)$ to $(4,4)$.",
        "$\\binom{8}{4} = 70$.\nFinal answer: 70",
      ],
      [
        "first_half",
        "Count such paths from $(0,0)$ to $(2,2)$.",
        "$\\binom{4}{2} = 6$.\nFinal answer: 6",
      ],
      [
        "second_half",
        "Count such paths from $(2,2)$ to $(4,4)$.",
        "$\\binom{4}{2} = 6$.\nFinal answer: 6",
      ],
      [
        "idea",
        "How does one count paths through a given point?",
        "Multiply the counts before and after it.\nFinal answer: 6 * 6 = 36",
      ],
    ],
    rule: "all - first_half * second_half",
    solution: "Of 70 paths $6 \\cdot 6 = 36$ go through the point, and 34 avoid it.",
  },
];

/** The tasks behind {@linkcode sampleRows}, repeated under new ids as often as needed. */
export function sampleTasks(size: number): Problem[] {
  return Array.from({ length: size }, (_, index) => {
    const problem = problems[index % problems.length]!;
    const round = Math.floor(index / problems.length);
    return round === 0 ? problem : { ...problem, id: `${problem.id}-${round + 1}` };
  });
}

function finish(row: Row): Row {
  return { ...row, row_id: hash(`${row.task_id} ${row.mode} ${row.config_hash} ${row.repeat}`) };
}

/** One call that thinks and answers. */
export function directRow(task: Problem, options: { answer?: number; pace?: number } = {}): Row {
  const { answer = task.answer, pace = 1 } = options;
  const builder = buildRow();
  const steps = task.parts.map(([, ask, says]) => `${ask} ${says.split("\n")[0]}`).join("\n\n");
  const end = Math.round(9_400 * pace);
  const output =
    `Let me take this step by step.\n\n${steps}\n\n${task.solution}\nFinal answer: ${answer}`;
  builder.node("root", task.task, { says: output, ended_ms: end + 6 });
  builder.call("root", "direct", [2, 4, 310, end], { output, asks: task.task });
  return finish(builder.row({
    task_id: task.id,
    mode: "direct",
    answer: String(answer),
    expected: task.answer,
    correct: answer === task.answer,
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
  const correct = answer === task.answer;
  return finish(builder.row({
    task_id: task.id,
    mode,
    answer: String(answer),
    expected: task.answer,
    correct,
    graph_status: "emitted",
    config_hash: "5be1d0c2f4a89937",
    trust_label: correct ? "headline" : "wrong_answer",
    trust_reasons: correct ? [] : ["wrong_answer"],
  }));
}

/** The same with a given plan. */
export function oracleRow(task: Problem): Row {
  return finish({
    ...emittedRow(task, { mode: "oracle_parallel", pace: 0.9 }),
    graph_status: "oracle",
    trust_label: "oracle_graph",
    trust_reasons: ["oracle_graph"],
    config_hash: "0c4477d1e2f3a6b8",
  });
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
    graph_status: "fallback",
    config_hash: "5be1d0c2f4a89937",
    trust_label: "fallback",
    trust_reasons: ["fallback", "no_overlap"],
    events: { accepted: 0, repaired: 0, ignored: 1, rejected: 1 },
    event_reasons: { "not-json": 1, prose: 1 },
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
    trust_label: "error",
    trust_reasons: ["error", "no_overlap"],
  }));
}

/** The concluding call was cut by its limit. */
export function truncatedRow(task: Problem): Row {
  const row = directRow(task, { pace: 2 });
  return {
    ...row,
    answer: null,
    answer_rule: null,
    correct: false,
    truncated: true,
    calls: row.calls.map((call) => ({ ...call, finish_reason: "length" })),
    trust_reasons: ["mode_direct", "truncated", "wrong_answer"],
  };
}

/** Without its texts, as `--trace-text none` leaves it. */
export function withoutTexts(row: Row): Row {
  return { ...row, texts: {} };
}

/** Direct and graph for `size` tasks: mostly fine, with a fallback, an error and wrong answers. */
export function sampleRows(size: number): Row[] {
  return sampleTasks(size).flatMap((task, index) => {
    const pace = 0.8 + ((index * 37) % 50) / 100;
    const direct = index % 7 === 1
      ? truncatedRow(task)
      : directRow(task, { pace, answer: index % 5 === 2 ? task.answer + 1 : task.answer });
    const graph = index % 9 === 3
      ? fallbackRow(task)
      : index % 11 === 5
      ? errorRow(task)
      : emittedRow(task, { pace, answer: index % 13 === 4 ? task.answer - 1 : task.answer });
    return [direct, graph];
  });
}
