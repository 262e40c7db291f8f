#!/usr/bin/env -S deno run -A
/**
 * The command line: `rrm VERB …`.
 * @module
 */
import process from "node:process";
import { main } from "./lib/cli/main.ts";

if (import.meta.main) process.exit(await main(process.argv.slice(2)));
