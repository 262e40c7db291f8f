import { assert, test } from "../kit.ts";
import type { Row } from "../../lib/records/row_types.ts";
import { renderDemo } from "../../lib/report/mod.ts";
import { type Bar, barsOf, inTreeOrder, layOut, ticks } from "../../lib/report/timeline_layout.ts";
import { sampleTasks } from "./problems.ts";
import { buildRow } from "./row_builder.ts";
import { emittedRow, errorRow } from "./sample_rows.ts";

const task = sampleTasks(1)[0]!;

function lanes(row: Row) {
  return layOut(row, barsOf(row));
}

/** A root with `width` children that all run at once. */
function wideRow(width: number): Row {
  const builder = buildRow();
  builder.node("root", "split", { kind: "emitted", ended_ms: 1_000 });
  builder.call("root", "planner", [0, 0, 10, 500]);
  for (let index = 0; index < width; index++) {
    builder.node(`root.c${index}`, "part", { started_ms: 100, ended_ms: 900 });
    builder.call(`root.c${index}`, "worker", [100, 110, 120, 900]);
  }
  return builder.row({ task_id: "wide", mode: "streaming_parallel" });
}

function overlaps(bars: readonly Bar[]): boolean {
  return bars.some((bar, index) => index > 0 && bars[index - 1]!.ended > bar.queued);
}

test("each node has a lane, and waits stand where nothing runs", () => {
  const shown = lanes(emittedRow(task));
  assert.deepEqual(shown.map((lane) => lane.label), [
    "root",
    "root.by_three",
    "root.by_five",
    "root.by_both",
    "root.check",
  ]);
  assert.equal(shown[0]!.bars.length, 2);
  assert.deepEqual(shown[0]!.waits.map((wait) => [wait.from, wait.to]), [[2_703, 5_950]]);
  assert.deepEqual(shown[4]!.waits.map((wait) => [wait.from, wait.to]), [[2_160, 4_300]]);
  assert.deepEqual(shown[0]!.bars[0]!.marks.map((mark) => mark.at), [900, 1_320, 1_740, 2_160]);
});

test("attempts of one node that overlap get lanes of their own", () => {
  const row = errorRow(task);
  const hedged = { ...row.calls[1]!, id: "c3", queued_ms: 1_700, started_ms: 1_702 };
  const shown = lanes({ ...row, calls: [...row.calls, hedged] });
  assert.deepEqual(shown.map((lane) => lane.bars.length), [2, 1]);
  assert.deepEqual(shown.map((lane) => lane.label), ["root", null]);
});

test("many nodes share lanes by depth, and nothing lies on anything else", () => {
  for (const row of [wideRow(20), wideRow(80), emittedRow(task)]) {
    const shown = lanes(row);
    assert.equal(shown.some((lane) => overlaps(lane.bars)), false);
    assert.equal(shown.reduce((sum, lane) => sum + lane.bars.length, 0), row.calls.length);
  }
  assert.equal(lanes(wideRow(80))[1]!.label, "depth 1: 80 bars");
  assert.match(renderDemo({ title: "wide", rows: [wideRow(80)] }), /depth 1: 80 bars/);
});

test("the critical path is marked on the calls that set the time", () => {
  const critical = barsOf(emittedRow(task)).filter((bar) => bar.critical).map((bar) => bar.node);
  assert.deepEqual(critical, ["root", "root.by_both", "root.check", "root"]);
});

test("a child follows its parent, also where rows list it first, and circles end", () => {
  const { nodes } = emittedRow(task);
  const order = (list: typeof nodes) => inTreeOrder(list).map((node) => node.path);
  assert.equal(order([...nodes].reverse())[0], "root");
  assert.deepEqual(order(nodes), nodes.map((node) => node.path));
  const circle = [{ ...nodes[1]!, parent: "root.by_five" }, {
    ...nodes[2]!,
    parent: "root.by_three",
  }];
  assert.deepEqual(order(circle), []);
});

test("an axis has few round ticks and never none", () => {
  assert.deepEqual(ticks(7_155), [0, 2_000, 4_000, 6_000]);
  assert.deepEqual(ticks(0), [0]);
  for (let end = 1; end < 1e7; end *= 1.7) {
    assert.ok(ticks(end).length >= 3 && ticks(end).length <= 6);
  }
});
