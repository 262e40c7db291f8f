/**
 * Flags as tables.
 * @module
 */
import { type Command, Option } from "../deps/commander.ts";

/** A flag of a verb. */
export interface Flag {
  /** As commander reads it: `--name <value>`. */
  readonly flags: string;
  readonly help: string;
  /** The default, as the help shows it. */
  readonly fallback?: string;
  /** Heading in the help. */
  readonly group?: string;
}

/** Adds flags to a verb; of a flag given twice the last wins. */
export function addFlags(
  command: Command,
  flags: readonly Flag[],
  options: { readonly hidden?: boolean } = {},
): Command {
  for (const { flags: text, help, fallback, group } of flags) {
    const option = new Option(text, fallback === undefined ? help : `${help} (${fallback})`);
    if (group) option.helpGroup(group);
    if (options.hidden) option.hideHelp();
    command.addOption(option);
  }
  return command;
}

/** `maxDepth` → `--max-depth`. */
export function flagName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `--max-depth` or `max-depth` → `maxDepth`. */
export function keyName(flag: string): string {
  return flag.replace(/^--/, "").replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Shown by every verb that prints a table. */
export const jsonFlag: Flag = { flags: "--json", help: "results as JSON" };

/** Nothing on stderr but errors. */
export const quietFlag: Flag = { flags: "--quiet", help: "no progress and no notes" };
