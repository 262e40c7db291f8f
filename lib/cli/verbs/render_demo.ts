/**
 * `rrm render-demo`: one self-contained page from rows.
 * @module
 */
import { exitCodes } from "../exit.ts";
import { quietFlag } from "../flags.ts";
import { print, printable } from "../terminal.ts";
import type { Verb } from "../verb.ts";

/** Renders a page. Reads and writes files only. */
export const renderDemo: Verb = {
  name: "render-demo",
  args: "<rows...>",
  summary: "one self-contained page from rows, direct and RRM side by side",
  flags: [
    { flags: "--tasks <file>", help: "statements and answers" },
    { flags: "--out <file>", help: "the page", fallback: "index.html" },
    { flags: "--title <text>", help: "its title", fallback: "Direct and recursive, side by side" },
    quietFlag,
  ],
  async run(paths, flags) {
    const { out = "index.html", title = "Direct and recursive, side by side" } = flags as {
      readonly out?: string;
      readonly title?: string;
    };
    const { readRowFiles } = await import("../row_files.ts");
    const { renderDemo } = await import("../../report/mod.ts");
    const { readTaskLines } = await import("../task_lines.ts");
    const { writeResult } = await import("../write_result.ts");
    const rows = await readRowFiles(paths, { quiet: flags.quiet === true });
    const lines = typeof flags.tasks === "string" ? await readTaskLines(flags.tasks) : [];
    // Where a statement may not be passed on, the rows hold what was asked.
    const tasks = lines.flatMap(({ id, task, answer }) =>
      task === null ? [] : [{ id, task, answer }]
    );
    await writeResult("--out", out, renderDemo({ rows, tasks, title }));
    await print(printable(out));
    return exitCodes.done;
  },
};
