/**
 * `rrm demo`: from nothing to a table and a page, with a real model.
 * @module
 */
import { benchFlags } from "../bench_flags.ts";
import type { Flag } from "../flags.ts";
import { jsonFlag, quietFlag } from "../flags.ts";
import { interruptible } from "../interrupt.ts";
import type { Verb } from "../verb.ts";

const shown = ["--backend", "--model", "--base-urls", "--modes", "--limit", "--out"];
const isShown = ({ flags }: Flag) => shown.includes(flags.split(" ")[0]!);

/** The first run. */
export const demo: Verb = {
  name: "demo",
  args: "[tasks...]",
  summary: "first run: get a model, solve tasks directly and as a graph, show the result",
  flags: [...benchFlags.filter(isShown).map(({ flags, help }) => ({ flags, help })), quietFlag],
  hiddenFlags: [...benchFlags.filter((flag) => !isShown(flag)), jsonFlag],
  footer: "Takes every other flag of `rrm bench` too.",
  async run(tasks, flags) {
    const { runDemo } = await import("../run_demo.ts");
    return await interruptible((signal) => runDemo(tasks, flags, signal));
  },
};
