/**
 * `rrm VERB …`: finds the verb, runs it, tells errors.
 * @module
 */
import { Command, CommanderError } from "../deps/commander.ts";
import { VERSION } from "../version.ts";
import { describeError, exitCodes } from "./exit.ts";
import { addFlags } from "./flags.ts";
import { note } from "./terminal.ts";
import type { Verb } from "./verb.ts";
import { analyze } from "./verbs/analyze.ts";
import { bench } from "./verbs/bench.ts";
import { demo } from "./verbs/demo.ts";
import { doctor } from "./verbs/doctor.ts";
import { grade } from "./verbs/grade.ts";
import { merge } from "./verbs/merge.ts";
import { prompts } from "./verbs/prompts.ts";
import { renderDemo } from "./verbs/render_demo.ts";
import { strategies } from "./verbs/strategies.ts";

const verbs: readonly Verb[] = [
  demo,
  bench,
  analyze,
  renderDemo,
  doctor,
  prompts,
  strategies,
  grade,
  merge,
];

const footer = `
Exit codes: 0 done; 1 a fault of ours; 2 bad usage or bad input, nothing was run;
3 done, but some rows ended in error; 130 interrupted, all that was finished is on disk.`;

/**
 * Runs the command line.
 *
 * @param args What was typed after `rrm`.
 * @returns The exit code.
 */
export async function main(args: readonly string[]): Promise<number> {
  let code: number = exitCodes.done;
  const program = new Command("rrm")
    .description("Runs language models as recursive reasoning graphs, and measures it.")
    .version(VERSION, "--version")
    .addHelpText("after", footer)
    .exitOverride();
  for (const verb of verbs) {
    const command = program.command(`${verb.name} ${verb.args}`.trimEnd())
      .description(verb.summary)
      .allowExcessArguments(false)
      .exitOverride()
      .action(async () => {
        code = await verb.run(command.args, command.opts());
      });
    addFlags(command, verb.flags);
    addFlags(command, verb.hiddenFlags ?? [], { hidden: true });
    if (verb.footer) command.addHelpText("after", `\n${verb.footer}`);
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    // Commander has said what is wrong, or shown what was asked for.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    }
    const told = describeError(error);
    await note(told.text);
    return told.code;
  }
}
