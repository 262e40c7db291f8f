/**
 * Import directions: a file imports only from below, and the two wings never meet.
 * Arrows are read by Deno's own parser (`deno info --json`), type imports and dynamic ones included.
 * @module
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import process from "node:process";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { listFiles } from "./files.ts";
import { run } from "./run.ts";

const ground: readonly string[] = [
  "records",
  "trace",
  "protocol",
  "clock",
  "errors",
  "hash",
  "random",
  "did_you_mean",
  "version",
  "runtime",
  "deps",
];

/** Room → rooms it may import, besides itself and the ground floor. */
const below: Readonly<Record<string, readonly string[]>> = {
  // thinking wing
  model: [],
  testing: ["model"],
  kernel: ["model"],
  prompts: ["kernel", "model"],
  strategies: ["prompts", "kernel", "model"],
  bench: ["strategies", "prompts", "kernel", "model", "testing"],
  // looking wing
  analysis: [],
  report: ["analysis"],
  // the door
  cli: ["bench", "strategies", "prompts", "kernel", "model", "testing", "analysis", "report"],
  ...Object.fromEntries(ground.map((room) => [room, []])),
};

/** Rooms that may reach networks and processes. */
const outward: readonly string[] = ["model", "testing", "runtime", "cli"];
const outwardModules =
  /^node:(child_process|cluster|dgram|dns|http|http2|https|net|tls|worker_threads)\b/;

/** One import. */
export interface Arrow {
  /** Path of the importing file, from the root. */
  readonly from: string;
  /** Path of the imported file from the root, or its specifier where it is no local file. */
  readonly to: string;
  /** 1-based. */
  readonly line: number;
}

/** Why an import may not be, or `null`. */
export function refusal({ from, to }: Arrow): string | null {
  const source = placeOf(from);
  const external = /^[a-z]+:/.test(to);
  const jsx = from.endsWith(".tsx") && to.endsWith("/jsx-runtime");
  if (/^npm:/.test(to) && from.startsWith("lib/") && source !== "deps" && !jsx) {
    return "libraries come in through lib/deps only";
  }
  if (/^(https?|jsr):/.test(to)) return "nothing is fetched from the web";
  if (outwardModules.test(to) && from.startsWith("lib/") && !outward.includes(source)) {
    return `only ${outward.join(", ")} may reach networks and processes`;
  }
  if (external) return null;
  const target = placeOf(to);
  if (from === "mod.ts" || from.startsWith("notebooks/")) {
    return target === "cli" || !to.startsWith("lib/") ? `${from} re-exports the rooms below` : null;
  }
  if (!from.startsWith("lib/")) return null;
  if (!to.startsWith("lib/")) return "lib imports nothing outside lib";
  const allowed = below[source];
  if (!allowed) return `"${source}" is no room: add it to scripts/gate/imports.ts`;
  if (!below[target]) return `"${target}" is no room: add it to scripts/gate/imports.ts`;
  if (source === target || allowed.includes(target)) return null;
  if (ground.includes(target)) return null;
  return `${source} may import only ${[...allowed, "the ground floor"].join(", ")}`;
}

/** The room of a file: `lib/ROOM/…`, or `lib/NAME.ts`. */
function placeOf(path: string): string {
  const name = path.split("/")[path.startsWith("lib/") ? 1 : 0] ?? "";
  return name.replace(/\.tsx?$/, "");
}

/** All imports of all modules below `root`. */
export async function readArrows(root: string): Promise<Arrow[]> {
  const files = (await listFiles(root, [".ts", ".tsx"])).filter((file) =>
    !file.startsWith("tests/fixtures/")
  );
  const folder = await mkdtemp(join(tmpdir(), "rrm-imports-"));
  try {
    const entry = join(folder, "entry.ts");
    const urls = files.map((file) => pathToFileURL(resolve(root, file)).href);
    await writeFile(entry, urls.map((url) => `import ${JSON.stringify(url)};`).join("\n"));
    const info = await run(process.execPath, ["info", "--json", "--no-config", "--no-lock", entry]);
    if (info.code !== 0) throw new Error(`deno info failed: ${info.output}`);
    return arrowsOf(JSON.parse(info.stdout), root, new Set(urls));
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Resolved {
  readonly specifier?: string;
  readonly span: { readonly start: { readonly line: number } };
}

interface Graph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: Resolved;
      readonly type?: Resolved;
    }[];
  }[];
}

function arrowsOf(graph: Graph, root: string, ours: ReadonlySet<string>): Arrow[] {
  const prefix = pathToFileURL(resolve(root)).href + "/";
  const name = (url: string): string =>
    url.startsWith(prefix) ? decodeURIComponent(url.slice(prefix.length)) : url;
  const arrows: Arrow[] = [];
  for (const module of graph.modules) {
    if (module.error && ours.has(module.specifier)) {
      throw new Error(`${fileURLToPath(module.specifier)} cannot be read: ${module.error}`);
    }
    if (!ours.has(module.specifier)) continue;
    for (const { specifier, code, type } of module.dependencies ?? []) {
      const place = code ?? type;
      arrows.push({
        from: name(module.specifier),
        to: name(place?.specifier ?? specifier),
        line: (place?.span.start.line ?? 0) + 1,
      });
    }
  }
  return arrows;
}

/** Imports below `root` that run up or across, as `FILE:LINE: …`. */
export async function checkImports(root: string): Promise<string[]> {
  const problems: string[] = [];
  for (const arrow of await readArrows(root)) {
    const reason = refusal(arrow);
    if (reason) problems.push(`${arrow.from}:${arrow.line}: imports ${arrow.to}: ${reason}`);
  }
  return problems;
}
