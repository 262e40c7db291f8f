/**
 * `rrm analyze`: tables and statistics from rows.
 * @module
 */
import { join } from "node:path";
import { exitCodes } from "../exit.ts";
import { jsonFlag, quietFlag } from "../flags.ts";
import { print, printable } from "../terminal.ts";
import type { Verb } from "../verb.ts";

/** Analyses rows. Reads and writes files only. */
export const analyze: Verb = {
  name: "analyze",
  args: "<rows...>",
  summary: "tables and statistics from rows",
  flags: [
    { flags: "--tasks <file>", help: "grade against this task file's answers" },
    { flags: "--direct-vs-rrm", help: "each task's arms side by side, and what differs" },
    { flags: "--direct-config <hash>", help: "the direct arm to pair with, where several match" },
    jsonFlag,
    { flags: "--markdown", help: "tables in Markdown" },
    { flags: "--csv <dir>", help: "writes the tables' data as CSV files" },
    quietFlag,
  ],
  async run(paths, flags) {
    const { tasks, directConfig, csv } = flags as Partial<Record<string, string>>;
    const { csvTables, formatReport } = await import("../../analysis/mod.ts");
    const { reportOf } = await import("../report.ts");
    const { readTaskLines } = await import("../task_lines.ts");
    const report = await reportOf(paths, {
      quiet: flags.quiet === true,
      directVsOther: flags.directVsRrm === true,
      ...(tasks !== undefined && { tasks: await readTaskLines(tasks) }),
      ...(directConfig !== undefined && { directConfig }),
    });
    if (csv !== undefined) {
      const { writeResult } = await import("../write_result.ts");
      for (const [name, text] of Object.entries(csvTables(report))) {
        await writeResult("--csv", join(csv, name), text);
        await print(printable(join(csv, name)));
      }
    } else {
      const format = flags.json === true ? "json" : flags.markdown === true ? "markdown" : "text";
      await print(formatReport(report, { format }));
    }
    return exitCodes.done;
  },
};
