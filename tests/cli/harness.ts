/**
 * Runs the real command line in a process of its own.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { type ProcessResult, runToEnd } from "../../lib/runtime/process.ts";
import { onDeno } from "../kit.ts";

/** How to start `rrm` here; looking verbs can be started with their own few permissions. */
export function rrmCommand(permissions: readonly string[] = ["-A"]): [string, ...string[]] {
  const script = resolve("cli.ts");
  return onDeno
    ? [process.execPath, "run", "--no-prompt", ...permissions, script]
    : [process.execPath, script];
}

/** What looking verbs may do, as in deno.json. */
export const lookingOnly: readonly string[] = ["--allow-read", "--allow-write", "--allow-env"];

/** Options of {@linkcode rrm}. */
export interface RrmOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly permissions?: readonly string[];
}

/** Runs `rrm ARGS` to its end. */
export function rrm(args: readonly string[], options: RrmOptions = {}): Promise<ProcessResult> {
  return runToEnd({
    command: [...rrmCommand(options.permissions), ...args],
    env: { FORCE_COLOR: undefined, ...options.env },
    signal: AbortSignal.timeout(60_000),
  });
}

/** A folder that goes away; `write` puts files into it and returns their paths. */
export interface Folder extends AsyncDisposable {
  readonly path: string;
  write(name: string, content: string | readonly unknown[]): Promise<string>;
}

/** Makes a folder. Lists are written as JSONL. */
export async function folder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "rrm-cli-"));
  return {
    path,
    async write(name, content) {
      const text = typeof content === "string"
        ? content
        : content.map((line) => JSON.stringify(line) + "\n").join("");
      await writeFile(join(path, name), text);
      return join(path, name);
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
