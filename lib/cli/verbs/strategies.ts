/**
 * `rrm strategies`: which modes there are.
 * @module
 */
import { exitCodes } from "../exit.ts";
import { jsonFlag } from "../flags.ts";
import { print, table } from "../terminal.ts";
import type { Verb } from "../verb.ts";

/** Lists modes. */
export const strategies: Verb = {
  name: "strategies",
  args: "",
  summary: "list the modes that --modes takes",
  flags: [jsonFlag],
  async run(_, { json }) {
    const { modes } = await import("../../strategies/mod.ts");
    const rows = modes.map(({ name, description }) => [name, description]);
    const listed = modes.map(({ name, description, uses }) => ({ name, description, uses }));
    await print(json ? JSON.stringify(listed, null, 2) : table([["MODE", "WHAT IT IS"], ...rows]));
    return exitCodes.done;
  },
};
