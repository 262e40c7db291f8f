/**
 * Values of flags: text from the command line, or JSON from a configuration file.
 * @module
 */
import { z } from "../deps/zod.ts";
import { didYouMean } from "../did_you_mean.ts";

const numeric = z.union([
  z.number(),
  z.string().regex(/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i).transform(Number),
], { error: "is no number" });

/** A whole number of at least `min`. */
export function whole(min: number): z.ZodType<number> {
  return numeric.pipe(
    z.int({ error: "is no whole number" }).min(min, { error: `must be at least ${min}` }),
  );
}

/** A number above zero. */
export const positive: z.ZodType<number> = numeric.pipe(
  z.number().positive({ error: "must be above 0" }),
);

/** A number from `min` to `max`; `min` itself only if `inclusive`. */
export function between(min: number, max: number, inclusive: boolean): z.ZodType<number> {
  const range = inclusive
    ? `must be from ${min} to ${max}`
    : `must be above ${min}, at most ${max}`;
  const fits = (x: number) => x <= max && (inclusive ? x >= min : x > min);
  return numeric.pipe(z.number().refine(fits, { error: range }));
}

/** Text that is not empty. */
export const text: z.ZodType<string> = z.string({ error: "must be text" })
  .min(1, { error: "is empty" });

/** Names parted by commas, or a JSON list of them. */
export const list: z.ZodType<string[]> = z.union([
  z.array(z.string()),
  z.string().transform((value) => value.split(",").map((part) => part.trim())),
], { error: "must be names parted by commas" }).pipe(
  z.array(z.string()).transform((parts) => parts.filter((part) => part !== ""))
    .refine((parts) => parts.length > 0, { error: "names nothing" }),
);

/** A switch. */
export const flag: z.ZodType<boolean> = z.boolean({ error: "must be true or false" });

/** One of some names; some others exist elsewhere, and are refused as such. */
export function choice<const T extends string>(
  names: readonly T[],
  elsewhere: readonly string[] = [],
): z.ZodType<T> {
  return z.unknown().transform((value, context): T => {
    if (names.includes(value as T)) return value as T;
    context.addIssue({ code: "custom", message: refusal(String(value), names, elsewhere) });
    return z.NEVER;
  });
}

function refusal(value: string, names: readonly string[], elsewhere: readonly string[]): string {
  const known = names.length === 1 ? `there is ${names[0]}` : `choose from ${names.join(", ")}`;
  if (elsewhere.includes(value)) return `is not in this version; ${known}`;
  const near = didYouMean(value, names);
  return near ? `is unknown. Did you mean ${near}?` : `is unknown; ${known}`;
}

/** `on`, `off`, or a budget in tokens. */
export const thinking: z.ZodType<"on" | "off" | number> = z.union([
  z.literal("on"),
  z.literal("off"),
  whole(1),
], { error: "must be on, off, or a number of tokens" });

/** `I/N`, counted from 1. */
export const shard: z.ZodType<{ index: number; count: number }> = z.string()
  .regex(/^\d+\/\d+$/, { error: "must look like 2/4" })
  .transform((value) => {
    const [index = 0, count = 0] = value.split("/").map(Number);
    return { index, count };
  })
  .refine(({ index, count }) => index >= 1 && index <= count, {
    error: "must lie between 1/N and N/N",
  });

const roles: readonly string[] = ["direct", "planner", "worker", "continuation"];

/** `none`, a path, or `ROLE=PATH` (several parted by commas; or a JSON object). */
export const lora: z.ZodType<string | Record<string, string>> = z.union([
  z.string().min(1),
  z.record(z.string(), z.string()),
], { error: "must be none, a path, or ROLE=PATH" }).transform((value, context) => {
  if (typeof value === "string" && !/^\w+=/.test(value)) return value;
  const pairs = typeof value === "string"
    ? value.split(",").map((part) => part.split(/=(.*)/s))
    : Object.entries(value);
  for (const [role = "", path = ""] of pairs) {
    if (roles.includes(role)) {
      if (path === "") context.addIssue({ code: "custom", message: `${role}= names no file` });
      continue;
    }
    const near = didYouMean(role, roles);
    const help = near ? `Did you mean ${near}=…?` : `roles: ${roles.join(", ")}`;
    context.addIssue({ code: "custom", message: `"${role}" is not ROLE=PATH; ${help}` });
  }
  return Object.fromEntries(pairs);
});

/** A JSON object. */
export const object: z.ZodType<Record<string, unknown>> = z.record(z.string(), z.unknown(), {
  error: "must be a JSON object",
});
