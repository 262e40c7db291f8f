/**
 * The engine process: JSON lines on stdin and stdout, one model in memory. It ends with its stdin,
 * so it never outlives who started it. Run with one argument, a JSON object of {@linkcode Config}.
 * @module
 */
import { availableParallelism } from "node:os";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Library } from "./binding.ts";
import { chatFormat } from "./chat_format.ts";
import { createEngine, type Engine, EngineError, type EngineParts } from "./engine.ts";

/** What the process is started with. */
interface Config {
  /** URL of node-llama-cpp's entry. */
  readonly library: string;
  readonly model: string;
  readonly name: string;
  readonly lora: EngineParts["lora"];
  readonly gpu: "off" | "auto";
  readonly sequences: number;
  readonly contextSize: number;
  /** `null`: all cores but one. */
  readonly threads: number | null;
}

// deno-lint-ignore no-explicit-any -- the lines come from this project's own client
type Line = any;

function emit(reply: Record<string, unknown>): void {
  process.stdout.write(JSON.stringify(reply) + "\n");
}

async function load(config: Config): Promise<Engine> {
  const library: Library = await import(config.library);
  const llama = await library.getLlama({
    gpu: config.gpu === "auto" ? "auto" : false,
    build: "never",
    skipDownload: true,
    // Threads wait for each other by spinning: with none to spare, one busy neighbour on the
    // computer makes a token take a second. (The library's own default is at least 4.)
    maxThreads: config.threads ?? Math.max(1, availableParallelism() - 1),
    logLevel: "error",
    logger: (level, message) => console.error(`${level}: ${message.trim()}`),
  });
  const model = await llama.loadModel({ modelPath: config.model }).catch((error): never => {
    throw new Error(`${config.model} cannot be loaded: ${error}`);
  });
  const template = model.fileInfo.metadata.tokenizer?.chat_template ?? "";
  const format = chatFormat(template);
  if (!format) {
    throw new Error(
      `The chat template of ${config.model} is of no family known here (ChatML, Llama 3, Gemma); ` +
        `serve this model with a llama.cpp server instead. It begins: ${template.slice(0, 120)}`,
    );
  }
  const contextSize = Math.min(config.contextSize, model.trainContextSize);
  const engine = createEngine({ ...config, library, llama, model, format, contextSize, emit });
  emit({
    type: "hello",
    protocol: 1,
    model: config.name,
    context_window: contextSize,
    slots: config.sequences,
    constraints: ["grammar", "json-schema"],
    lora: Object.fromEntries(Object.entries(config.lora).map(([role, { name }]) => [role, name])),
  });
  return engine;
}

/** Answers requests, one line each. */
function server(engine: Engine): (text: string) => void {
  const running = new Map<number, AbortController>();

  async function generate(line: Line): Promise<void> {
    const controller = new AbortController();
    running.set(line.id, controller);
    try {
      await engine.generate(line, controller.signal);
    } catch (error) {
      fail(line.id, controller.signal.aborted ? new EngineError("cancelled", "Cancelled.") : error);
    } finally {
      running.delete(line.id);
    }
  }

  return (text) => {
    const line: Line = JSON.parse(text);
    if (line.type === "open") engine.open(line.session, line.messages);
    else if (line.type === "generate") void generate(line);
    else if (line.type === "cancel") running.get(line.id)?.abort();
    else if (line.type === "adopt") engine.adopt(line.session, line.turn, line.reply);
    else if (line.type === "fork") engine.fork(line.session, line.from);
    else if (line.type === "close") engine.close(line.session);
    else if (line.type === "count") {
      emit({ type: "counted", id: line.id, tokens: engine.count(line.messages) });
    } else throw new Error(`There is no request ${JSON.stringify(line.type)}.`);
  };
}

/** Tells that a request failed, or, without an id, that the engine cannot go on. */
function fail(id: number | null, error: unknown): void {
  const code = error instanceof EngineError ? error.code : "engine";
  emit({
    type: "error",
    id,
    code,
    message: error instanceof Error ? error.message : String(error),
  });
}

function end(error: unknown): void {
  fail(null, error);
  process.exit(1);
}

// Ctrl-C reaches the whole group: who started this process decides when it ends.
process.on("SIGINT", () => {});

const loaded = load(JSON.parse(process.argv[2]!)).then(server);
loaded.catch(end);
createInterface({ input: process.stdin })
  .on("line", (text) => loaded.then((receive) => receive(text)).catch(end))
  .on("close", () => process.exit(0));
