/**
 * `rrm merge`: joins the row files of shards, checked.
 * @module
 */
import { exitCodes } from "../exit.ts";
import { quietFlag } from "../flags.ts";
import { note, print, printable } from "../terminal.ts";
import type { Verb } from "../verb.ts";

/** Merges row files. Reads and writes files only. */
export const merge: Verb = {
  name: "merge",
  args: "<out> <rows...>",
  summary: "join the row files of shards, checked",
  flags: [
    { flags: "--append", help: "allow several configurations of a mode" },
    { flags: "--overwrite", help: "replace <out> if it exists" },
    quietFlag,
  ],
  footer: "Of rows with one row_id the newest stays. A line that is no row stops the merge.",
  async run([out = "", ...paths], flags) {
    const { mergeRowFiles } = await import("../merge_rows.ts");
    const merged = await mergeRowFiles(out, paths, {
      append: flags.append === true,
      overwrite: flags.overwrite === true,
    });
    if (flags.quiet !== true) {
      const { rows, doubled, tasks, arms } = merged;
      const twice = doubled > 0 ? `, older doubles left out: ${doubled}` : "";
      await note(`${rows} rows: ${tasks} tasks, ${arms} arms${twice}.`);
    }
    await print(printable(out));
    return exitCodes.done;
  },
};
