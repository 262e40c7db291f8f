/**
 * The engine process's own source. It travels as text, so that it can be started on the user's disk
 * also when this library was imported by URL.
 * @module
 */
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { hash } from "../../hash.ts";
import { cacheFolder, exists } from "./cache.ts";
import binding from "./worker/binding.ts" with { type: "text" };
import chatFormat from "./worker/chat_format.ts" with { type: "text" };
import conversation from "./worker/conversation.ts" with { type: "text" };
import engine from "./worker/engine.ts" with { type: "text" };
import main from "./worker/main.ts" with { type: "text" };
import replyText from "./worker/reply_text.ts" with { type: "text" };
import slots from "./worker/slots.ts" with { type: "text" };

const files: Readonly<Record<string, string>> = {
  "binding.ts": binding,
  "chat_format.ts": chatFormat,
  "conversation.ts": conversation,
  "engine.ts": engine,
  "main.ts": main,
  "reply_text.ts": replyText,
  "slots.ts": slots,
};

/** Writes the source into the cache, in a folder named by its hash; returns the file to run. */
export async function writeWorker(cacheDir: string = cacheFolder()): Promise<string> {
  const folder = join(cacheDir, "engines", `worker-${hash(Object.values(files).join("\0"))}`);
  if (!(await exists(folder))) {
    const temporary = `${folder}.${process.pid}.tmp`;
    await mkdir(temporary, { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(temporary, name), text);
    try {
      await rename(temporary, folder);
    } catch (error) {
      // Another process was quicker.
      await rm(temporary, { recursive: true, force: true });
      if (!(await exists(folder))) throw error;
    }
  }
  return join(folder, "main.ts");
}
