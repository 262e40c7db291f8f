/**
 * Dollars of a call, from a price file.
 * @module
 */
import { readFile } from "node:fs/promises";
import { z } from "../deps/zod.ts";
import { InputError, messageOf } from "../errors.ts";

const Prices = z.record(
  z.string(),
  z.object({ prompt: z.number().nonnegative(), completion: z.number().nonnegative() }),
);

/** Dollars by prompt and completion tokens. */
export type Price = (promptTokens: number, completionTokens: number) => number;

/**
 * Reads `{"MODEL": {"prompt": 0.15, "completion": 0.6}}`, dollars per million tokens.
 *
 * @throws {InputError} for a file that cannot be read, or that does not name the model.
 */
export async function readPrice(path: string, model: string): Promise<Price> {
  const fail = (reason: string) =>
    new InputError("prices", `--prices ${path}: ${reason}`, {
      hint:
        `Expected {"${model}": {"prompt": 0.15, "completion": 0.6}}, dollars per million tokens.`,
    });
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw fail(messageOf(error));
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fail(`not JSON: ${messageOf(error)}`);
  }
  const prices = Prices.safeParse(value);
  if (!prices.success) throw fail(z.prettifyError(prices.error));
  const price = prices.data[model];
  if (!price) throw fail(`no price for the model "${model}"`);
  return (prompt, completion) => (prompt * price.prompt + completion * price.completion) / 1e6;
}
