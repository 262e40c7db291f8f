/**
 * `rrm prompts`: which prompt styles there are, and what each says.
 * @module
 */
import { InputError } from "../../errors.ts";
import { exitCodes } from "../exit.ts";
import { jsonFlag } from "../flags.ts";
import { print, printable, table } from "../terminal.ts";
import type { Verb } from "../verb.ts";

/** Lists styles, or shows one. */
export const prompts: Verb = {
  name: "prompts",
  args: "[list|show] [name]",
  summary: "list prompt styles, or show one",
  flags: [jsonFlag],
  async run([action = "list", name], { json }) {
    const { describeStyle, findStyle, hashStyle, styles } = await import("../../prompts/mod.ts");
    if (action === "show" && name !== undefined) {
      const style = findStyle(name);
      await print(
        json
          ? JSON.stringify({ ...style, hashes: hashStyle(style) }, null, 2)
          : printable(describeStyle(style)),
      );
    } else if (action === "list" && name === undefined) {
      const head = ["STYLE", "VERSION", "WHAT IT IS"];
      const rows = styles.map((style) => [style.name, String(style.version), style.description]);
      const listed = styles.map(({ name, version, description }) => ({
        name,
        version,
        description,
      }));
      await print(json ? JSON.stringify(listed, null, 2) : table([head, ...rows]));
    } else {
      const given = [action, name].filter((word) => word !== undefined).join(" ");
      throw new InputError("usage", `rrm prompts ${given}: there is \`list\` and \`show NAME\``, {
        hint: `Styles: ${styles.map((style) => style.name).join(", ")}.`,
      });
    }
    return exitCodes.done;
  },
};
