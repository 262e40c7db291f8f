/**
 * The user's cache folder, and work in it that only one process at a time should do.
 * @module
 */
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { homedir, hostname } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { type Clock, realClock } from "../../clock.ts";

/** Called with one line of text whenever there is news. */
export type Progress = (message: string) => void;

/**
 * Where downloads are kept: `RRM_CACHE`, else `XDG_CACHE_HOME/rrm`, else the platform's folder.
 */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
  home: string = homedir(),
): string {
  if (env["RRM_CACHE"]) return env["RRM_CACHE"];
  if (env["XDG_CACHE_HOME"]) return join(env["XDG_CACHE_HOME"], "rrm");
  if (platform === "darwin") return join(home, "Library", "Caches", "rrm");
  if (platform === "win32" && env["LOCALAPPDATA"]) return join(env["LOCALAPPDATA"], "rrm", "cache");
  return join(home, ".cache", "rrm");
}

/** Whether there is a file or folder at `path`. */
export async function exists(path: string): Promise<boolean> {
  return await stat(path).then(() => true, () => false);
}

/** A holder rewrites its lock this often; one left alone for `staleMs` has lost its holder. */
const touchMs = 2000;
const staleMs = 20_000;

/** Options of {@linkcode ensure}. */
export interface EnsureOptions {
  readonly onProgress?: Progress | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Makes sure that `target` exists: where it does not, `make` creates it, in one process at a time.
 * `make` must put it in place by a rename, so that nobody ever sees half of it.
 */
export async function ensure(
  target: string,
  make: () => Promise<void>,
  { onProgress, signal, clock = realClock() }: EnsureOptions = {},
): Promise<void> {
  const lock = `${target}.lock`;
  await mkdir(dirname(target), { recursive: true });
  let seen: { readonly mtime: number; readonly since: number } | undefined;
  while (!(await exists(target))) {
    signal?.throwIfAborted();
    if (await take(lock)) return await holding(lock, target, make);
    const mtime = await stat(lock).then(({ mtimeMs }) => mtimeMs, () => 0);
    if (!seen) onProgress?.(`another process is at it, waiting (${lock})`);
    if (seen?.mtime !== mtime) seen = { mtime, since: clock.now() };
    if (clock.now() - seen.since > staleMs) await rm(lock, { force: true });
    else await clock.sleep(250, { signal });
  }
}

const holder = () => `${hostname()} ${process.pid}\n`;

async function holding(lock: string, target: string, make: () => Promise<void>): Promise<void> {
  const touch = setInterval(() => void writeFile(lock, holder()).catch(() => {}), touchMs);
  try {
    if (!(await exists(target))) await make();
  } finally {
    clearInterval(touch);
    await rm(lock, { force: true });
  }
}

/** Takes the lock, if nobody holds it. */
async function take(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, holder(), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === "EEXIST") return false;
    throw error;
  }
}
