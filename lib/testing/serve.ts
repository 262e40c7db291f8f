/**
 * Starts test servers from a shell, e.g. four replicas to try the README's commands on:
 * `deno run -A lib/testing/serve.ts --port 18000,18002,18004,18006`. `--help` lists the options.
 * @module
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { realClock } from "../clock.ts";
import { InputError, RrmError } from "../errors.ts";
import { loadScript } from "../model/scripted.ts";
import { simulatedScript } from "../model/simulated.ts";
import { startTestServer } from "./server.ts";
import type { TestServer } from "./server_options.ts";

const usage = `Model servers for trying things out: no model, real sockets, real time.

  --port P,P,…           ports on 127.0.0.1, one server each (default 18000; 0: any)
  --model NAME           the model they serve (default simulated)
  --script FILE          replies from a script (default: the simulated model)
  --speed N              the simulated model N times as fast (default 1)
  --idle-exit SECONDS    stop when nothing was asked for so long (default 600; 0: never)
  --stdin-exit           stop when standard input ends, i.e. with the process that holds it
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "18000" },
      model: { type: "string", default: "simulated" },
      script: { type: "string" },
      speed: { type: "string", default: "1" },
      "idle-exit": { type: "string", default: "600" },
      "stdin-exit": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(usage);
  const speed = number("speed", values.speed);
  if (speed === 0) throw new InputError("flags", "--speed must be above 0.");
  const idleMs = number("idle-exit", values["idle-exit"]) * 1000;
  const ports = values.port.split(",").map((port) => number("port", port));
  const script = values.script ? await loadScript(values.script) : simulatedScript({
    overheadMs: 20 / speed,
    prefillMsPerToken: 0.1 / speed,
    decodeMsPerToken: 20 / speed,
  });
  const stop = new AbortController();
  const end = () => stop.abort();
  let lastMs = performance.now();
  const onRequest = () => lastMs = performance.now();
  const servers: TestServer[] = [];
  try {
    for (const port of ports) {
      servers.push(await startTestServer({ port, model: values.model, script, onRequest }));
    }
    console.log(servers.map((server) => server.baseUrl).join(","));
    process.once("SIGINT", end);
    process.once("SIGTERM", end);
    if (values["stdin-exit"]) process.stdin.once("end", end).resume();
    await idle(() => {
      if (servers.some((server) => server.stats().inFlight > 0)) onRequest();
      return idleMs === 0 || performance.now() - lastMs < idleMs;
    }, stop.signal);
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

/** Waits while `goOn` holds, or until the signal. */
async function idle(goOn: () => boolean, signal: AbortSignal): Promise<void> {
  const clock = realClock();
  while (goOn() && !signal.aborted) {
    await clock.sleep(200, { signal }).catch(() => {});
  }
}

function number(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0) return value;
  throw new InputError("flags", `--${flag}: "${text}" is not a number of 0 or more.`);
}

if (import.meta.main) {
  try {
    await main();
    process.exit(0);
  } catch (error) {
    const usageError = (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
    if (!usageError && !(error instanceof InputError)) throw error;
    console.error((error as Error).message);
    if (RrmError.isInstance(error) && error.hint) console.error(error.hint);
    process.exit(2);
  }
}
