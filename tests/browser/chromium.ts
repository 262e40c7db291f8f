/**
 * A real browser for tests: Debian's Chromium, or the one that RRM_CHROMIUM names.
 * @module
 */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "../deps.ts";

const executablePath = process.env.RRM_CHROMIUM ?? "/usr/bin/chromium";

/** Why no browser can be started here, or `false`. */
export const noBrowser: string | false = existsSync(executablePath)
  ? false
  : `no Chromium at ${executablePath}; install it or set RRM_CHROMIUM`;

/** Starts a headless browser that asks for nothing by itself. Close it after use. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
