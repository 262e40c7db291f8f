/**
 * Child processes, the same under Deno and Bun: one that talks in lines, and one run to its end.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, extname, join } from "node:path";
import process from "node:process";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** How to start a process. */
export interface ProcessOptions {
  /** The program and its arguments; no shell is involved. */
  readonly command: readonly [string, ...string[]];
  readonly cwd?: string | undefined;
  /** Added to the environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** How a process ended. */
export interface ProcessExit {
  /** Exit status; `null` where a signal ended it or it never started. */
  readonly code: number | null;
  readonly signal: string | null;
  /** Why it could not be started. */
  readonly error: Error | null;
}

/** A running process that talks in lines. */
export interface LineProcess {
  readonly pid: number | undefined;
  /** Resolves when it has ended and all its output was delivered; never rejects. */
  readonly exit: Promise<ProcessExit>;
  /** The last few thousand characters of its stderr. */
  stderr(): string;
  /** Writes one line; ignored once the process has ended. */
  send(line: string): void;
  /** Ends its stdin, then terminates it, then kills it, `graceMs` apart; resolves when it has ended. */
  stop(graceMs?: number): Promise<ProcessExit>;
  /** Ends it at once. */
  kill(): void;
}

const stderrKept = 4000;

/** Starts a process whose stdout is read line by line. `onLine` must not throw. */
export function startLines(
  options: ProcessOptions & { readonly onLine: (line: string) => void },
): LineProcess {
  const child = start(options, "pipe");
  let errors = "";
  collect(child.stderr!, (text) => errors = (errors + text).slice(-stderrKept));
  let rest = "";
  collect(child.stdout!, (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) options.onLine(line);
  });
  // A write to a process that has just ended is not a failure of its own: `exit` tells.
  child.stdin!.on("error", () => {});
  const exit = ended(child);
  let over = false;
  exit.then(() => over = true);
  return {
    pid: child.pid,
    exit,
    stderr: () => errors,
    send: (line) => {
      if (!over) child.stdin!.write(line + "\n");
    },
    async stop(graceMs = 2000) {
      if (!over) child.stdin!.end();
      for (const signal of ["SIGTERM", "SIGKILL"] as const) {
        if (await within(exit, graceMs)) break;
        child.kill(signal);
      }
      return await exit;
    },
    kill: () => void child.kill("SIGKILL"),
  };
}

/** What {@linkcode runToEnd} gives back. */
export interface ProcessResult extends ProcessExit {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a process to its end. An aborted signal kills it and rejects with the signal's reason. */
export async function runToEnd(
  options: ProcessOptions & { readonly signal?: AbortSignal | undefined },
): Promise<ProcessResult> {
  options.signal?.throwIfAborted();
  const child = start(options, "ignore");
  let stdout = "", stderr = "";
  collect(child.stdout!, (text) => stdout += text);
  collect(child.stderr!, (text) => stderr += text);
  const onAbort = () => void child.kill("SIGKILL");
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const exit = await ended(child);
  options.signal?.removeEventListener("abort", onAbort);
  options.signal?.throwIfAborted();
  return { ...exit, stdout, stderr };
}

/** Where a program lies on the PATH, or `null`. */
export async function findProgram(name: string): Promise<string | null> {
  const windows = process.platform === "win32";
  const endings = windows && !extname(name) ? [".exe", ".cmd", ".bat"] : [""];
  for (const folder of (process.env["PATH"] ?? "").split(delimiter).filter(Boolean)) {
    for (const ending of endings) {
      const path = join(folder, name + ending);
      const found = await access(path, windows ? constants.F_OK : constants.X_OK)
        .then(() => true, () => false);
      if (found) return path;
    }
  }
  return null;
}

function start(options: ProcessOptions, stdin: "pipe" | "ignore"): ChildProcess {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...process.env, ...options.env })) {
    if (value !== undefined) env[name] = value;
  }
  const [program, ...args] = options.command;
  return spawn(program, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env,
    stdio: [stdin, "pipe", "pipe"],
    windowsHide: true,
    // Windows starts .cmd files through its shell only.
    shell: /\.(cmd|bat)$/i.test(program),
  });
}

function collect(stream: Readable, take: (text: string) => void): void {
  const decoder = new StringDecoder("utf8");
  stream.on("data", (chunk: Uint8Array) => take(decoder.write(chunk as never)));
}

async function ended(child: ChildProcess): Promise<ProcessExit> {
  return await new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, signal: null, error }));
    child.once("close", (code, signal) => resolve({ code, signal, error: null }));
  });
}

async function within(exit: Promise<unknown>, ms: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    exit.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
