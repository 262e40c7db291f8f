/**
 * From a template to messages.
 * @module
 */
import type { Message } from "../model/types.ts";
import type { Template } from "./types.ts";

/**
 * Fills a template. `{name}` is replaced where `values` has that name; whatever else stands in
 * braces, in the template or inside a value, stays as it is. Examples whose `when` does not match
 * `task` are left out.
 *
 * @example
 * ```ts
 * import { render } from "@rrm/rrm";
 * const messages = render({ user: "Solve: {task}" }, { task: "What is {x} if {x} + 1 = 3?" }, "");
 * if (messages[0]?.content !== "Solve: What is {x} if {x} + 1 = 3?") throw new Error("not literal");
 * ```
 */
export function render(
  template: Template,
  values: Readonly<Record<string, string>>,
  task: string,
): Message[] {
  const fill = (text: string) =>
    text.replace(
      /\{(\w+)\}/g,
      (whole, name) => Object.hasOwn(values, name) ? values[name]! : whole,
    );
  const messages: Message[] = [];
  if (template.system) messages.push({ role: "system", content: fill(template.system) });
  for (const { when, user, assistant } of template.examples ?? []) {
    if (when !== undefined && !new RegExp(when, "i").test(task)) continue;
    messages.push({ role: "user", content: user }, { role: "assistant", content: assistant });
  }
  messages.push({ role: "user", content: fill(template.user) });
  return messages;
}
