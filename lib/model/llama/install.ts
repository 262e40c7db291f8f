/**
 * Puts the embedded engine's library into the user's cache: it is no dependency of this project,
 * since its GPU packages alone weigh hundreds of megabytes.
 * @module
 */
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { InputError } from "../../errors.ts";
import { findProgram, runToEnd } from "../../runtime/process.ts";
import { cacheFolder, ensure, type Progress } from "./cache.ts";

/** Version of node-llama-cpp that is installed. */
export const libraryVersion = "3.21.1";

const otherWays =
  "Other ways: `--backend chat --base-urls URL` for a server of yours, or `--backend simulated`.";

/** GPU use: `off` installs no GPU packages. */
export type Gpu = "off" | "auto";

/** Options of {@linkcode installLibrary}. */
export interface InstallOptions {
  /** Default `off`. `auto` installs the GPU packages too (over 600 MB on Linux). */
  readonly gpu?: Gpu | undefined;
  /** Default: the user's cache. */
  readonly cacheDir?: string | undefined;
  readonly onProgress?: Progress | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The npm to use, as a command. Default: the one that is found. */
  readonly npm?: readonly [string, ...string[]] | undefined;
  /** Default: this computer. */
  readonly platform?: { readonly os: string; readonly arch: string } | undefined;
}

/**
 * The name of the library's package for a platform.
 * @throws {InputError} `platform` where there is none.
 */
export function platformPackage(os: string, arch: string): string {
  const names: Readonly<Record<string, string>> = {
    "linux-x64": "linux-x64",
    "linux-arm64": "linux-arm64",
    "linux-arm": "linux-armv7l",
    "linux-riscv64": "linux-riscv64",
    "darwin-arm64": "mac-arm64-metal",
    "darwin-x64": "mac-x64",
    "win32-x64": "win-x64",
    "win32-arm64": "win-arm64",
  };
  const name = names[`${os}-${arch}`];
  if (!name) {
    throw new InputError("platform", `The embedded engine has no build for ${os} on ${arch}.`, {
      hint: otherWays,
    });
  }
  return `@node-llama-cpp/${name}`;
}

/** The folder that the library is installed into. */
export function libraryFolder(
  options: Pick<InstallOptions, "gpu" | "cacheDir" | "platform"> = {},
): string {
  const { os, arch } = options.platform ?? { os: process.platform, arch: process.arch };
  const name = platformPackage(os, arch).split("/")[1]!;
  const gpu = options.gpu === "auto" ? "-gpu" : "";
  return join(
    options.cacheDir ?? cacheFolder(),
    "engines",
    `llama-${libraryVersion}-${name}${gpu}`,
  );
}

/** URL of the library's entry in its folder. */
export function libraryEntry(folder: string): string {
  return pathToFileURL(join(folder, "node_modules", "node-llama-cpp", "dist", "index.js")).href;
}

/**
 * Installs the library unless it is there already; returns its folder.
 * @throws {InputError} `npm` when npm is missing or fails; `platform` where there is no build.
 */
export async function installLibrary(options: InstallOptions = {}): Promise<string> {
  const folder = libraryFolder(options);
  await ensure(folder, () => install(folder, options), options);
  return folder;
}

/** How to call npm, or `null`: on the PATH, or the one that started this process. */
export async function findNpm(): Promise<readonly [string, ...string[]] | null> {
  const onPath = await findProgram("npm");
  if (onPath) return [onPath];
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  return script && node ? [node, script.replace(/npx-cli\.js$/, "npm-cli.js")] : null;
}

async function install(folder: string, options: InstallOptions): Promise<void> {
  const npm = options.npm ?? await findNpm();
  if (!npm) {
    throw new InputError(
      "npm",
      "The embedded engine is installed with npm, which is not on the PATH.",
      {
        hint: `Install Node.js (it brings npm), then try again. ${otherWays}`,
      },
    );
  }
  const { os, arch } = options.platform ?? { os: process.platform, arch: process.arch };
  const cpu = options.gpu !== "auto";
  options.onProgress?.(
    `installing node-llama-cpp ${libraryVersion} ${
      cpu ? "(83 MB)" : "with GPU packages (over 600 MB)"
    }`,
  );
  const temporary = `${folder}.${process.pid}.tmp`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  try {
    await writeFile(join(temporary, "package.json"), '{"private":true}\n');
    const result = await runToEnd({
      command: [
        ...npm,
        "install",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        ...(cpu ? ["--omit=optional"] : []),
        `node-llama-cpp@${libraryVersion}`,
        `${platformPackage(os, arch)}@${libraryVersion}`,
      ],
      cwd: temporary,
      signal: options.signal,
    });
    if (result.code !== 0) {
      const why = (result.error?.message ?? (result.stderr || result.stdout)).trim().slice(-600);
      throw new InputError(
        "npm",
        `npm could not install node-llama-cpp ${libraryVersion}: ${why}`,
        {
          hint: `Check that npm reaches its registry (\`npm ping\`). ${otherWays}`,
        },
      );
    }
    await mkdir(dirname(folder), { recursive: true });
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  options.onProgress?.(`installed node-llama-cpp ${libraryVersion}`);
}
