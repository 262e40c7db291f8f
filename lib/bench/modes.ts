/**
 * The modes of a bench, an own strategy's included.
 * @module
 */
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { InputError, messageOf } from "../errors.ts";
import { hash } from "../hash.ts";
import type { BoundStrategy, Strategy } from "../kernel/types.ts";
import { findMode, modes as builtIn } from "../strategies/mod.ts";
import type { Mode, ModeContext } from "../strategies/types.ts";
import type { BenchOptions } from "./config.ts";
import { DEFAULTS } from "./settings.ts";

/** The modes that the options name; `--strategy FILE.ts` adds one named after its file. */
export async function chooseModes(
  options: Pick<BenchOptions, "modes" | "strategy">,
): Promise<readonly Mode[]> {
  const own = options.strategy === undefined ? null : await loadStrategy(options.strategy);
  const names = options.modes ?? (own ? [own.name] : DEFAULTS.modes);
  if (names.length === 0) throw new InputError("modes", "--modes names no mode");
  const doubled = names.find((name, i) => names.indexOf(name) !== i);
  if (doubled) throw new InputError("modes", `--modes names ${doubled} twice`);
  const modes = names.map((name) => name === own?.name ? own : findMode(name));
  if (own && !modes.includes(own)) modes.push(own);
  return modes;
}

async function loadStrategy(path: string): Promise<Mode> {
  const fail = (reason: string) =>
    new InputError("strategy", `--strategy ${path}: ${reason}`, {
      hint: "The file exports by default an async function (node, context) => conclusion; " +
        "see docs/strategies.md.",
    });
  const name = basename(path).replace(/\.[^.]*$/, "");
  if (builtIn.some((mode) => mode.name === name)) {
    throw new InputError("strategy", `--strategy ${path}: a mode named ${name} exists already`, {
      hint: "The mode is named after the file: rename it.",
    });
  }
  let text: string;
  let loaded: { default?: unknown };
  try {
    text = await readFile(path, "utf8");
    loaded = await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    // Runtimes colour the place of a mistake.
    throw fail(stripVTControlCharacters(messageOf(error)));
  }
  const strategy = loaded.default;
  if (typeof strategy !== "function") throw fail("it has no function as its default export");
  return {
    name,
    description: `The strategy in ${basename(path)}.`,
    uses: [
      "direct",
      "direct_reduce",
      "planner",
      "worker",
      "continuation",
      "recombiner",
      "graph_limits",
      "constraint",
      "mode_options",
    ],
    sourceHash: hash(text),
    build: (context): BoundStrategy => (node) => (strategy as Strategy<ModeContext>)(node, context),
  };
}
