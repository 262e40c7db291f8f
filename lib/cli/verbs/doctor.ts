/**
 * `rrm doctor`: what is installed, reachable and missing, and how to get it.
 * @module
 */
import { exitCodes } from "../exit.ts";
import { jsonFlag } from "../flags.ts";
import { print, printable, table } from "../terminal.ts";
import type { Verb } from "../verb.ts";

const marks = { ok: "ok", missing: "missing", unknown: "?" } as const;

/** Looks around. */
export const doctor: Verb = {
  name: "doctor",
  args: "",
  summary: "what is installed, reachable and missing, and how to get it",
  flags: [
    { flags: "--base-urls <a,b>", help: "servers to ask too" },
    { flags: "--api-key-env <name>", help: "variable that holds their key (OPENAI_API_KEY)" },
    jsonFlag,
  ],
  async run(_, flags) {
    const { examine } = await import("../examine.ts");
    const findings = await examine({
      baseUrls: typeof flags.baseUrls === "string" ? flags.baseUrls.split(",").filter(Boolean) : [],
      apiKeyEnv: typeof flags.apiKeyEnv === "string" ? flags.apiKeyEnv : "OPENAI_API_KEY",
    });
    if (flags.json === true) await print(JSON.stringify(findings, null, 2));
    else {
      const rows = findings.map(({ what, state, detail }) => [what, marks[state], detail]);
      await print(table([["WHAT", "STATE", "FOUND"], ...rows]));
      const lacking = findings.filter(({ state }) => state !== "ok");
      if (lacking.length > 0) await print("\nHow to get what is missing:");
      for (const { what, remedy } of lacking) await print(printable(`  ${what}: ${remedy}`));
    }
    const servers = findings.filter((finding) => finding.kind === "server");
    const unreachable = servers.length > 0 && servers.every(({ state }) => state !== "ok");
    return unreachable ? exitCodes.usage : exitCodes.done;
  },
};
