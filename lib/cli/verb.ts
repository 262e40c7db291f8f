/**
 * What a verb of the command line is.
 * @module
 */
import type { Flag } from "./flags.ts";

/** A verb: its words in the help, and what it does. */
export interface Verb {
  readonly name: string;
  /** Arguments as commander reads them: `<rows...>`. */
  readonly args: string;
  /** One line for the list of verbs. */
  readonly summary: string;
  readonly flags: readonly Flag[];
  /** Flags that are taken, but not listed in the help. */
  readonly hiddenFlags?: readonly Flag[];
  /** Shown below the flags. */
  readonly footer?: string;
  /** Does it; returns the exit code. What is heavy is imported in here. */
  run(args: readonly string[], flags: Readonly<Record<string, unknown>>): Promise<number>;
}
