/**
 * Prompt styles: plain data, so that they can be shown, hashed and compared.
 * @module
 */

/** An example turn shown before the question. */
export interface Example {
  /** Shown only to tasks that match this regular expression (case-insensitive); absent: always. */
  readonly when?: string;
  /** The turn that asks. */
  readonly user: string;
  /** The reply that the model is to take as its pattern. */
  readonly assistant: string;
}

/** One prompt. `{name}` in `system` and `user` stands for a value; values are inserted as they are. */
export interface Template {
  /** The system message; absent: none is sent. */
  readonly system?: string;
  /** Turns put before the question, in this order; absent: none. */
  readonly examples?: readonly Example[];
  /** The message that asks, last. */
  readonly user: string;
}

/** A named set of prompts, one for each role. */
export interface PromptStyle {
  /** As `--prompt-style` and rows name it, such as `semantic-fastsplit`. */
  readonly name: string;
  /** Counts the revisions of its words, from 1. */
  readonly version: number;
  /** One sentence for `rrm prompts`. */
  readonly description: string;
  /** `{task}`. Never shows the event schema. */
  readonly direct: Template;
  /** `{task}`. One call that lists items and names a reducer. */
  readonly directReduce: Template;
  /** `{task}`, `{dependencies}`, `{limits}`. Shows the event schema verbatim. */
  readonly planner: Template;
  /** `{task}`, `{dependencies}`. */
  readonly worker: Template;
  /** `{task}`, `{rule}`, `{conclusions}`, `{limits}`: a turn in the planner's own session. */
  readonly continuation: Template;
  /** `{task}`, `{rule}`, `{conclusions}`: a new conversation that knows only these. */
  readonly fresh: Template;
  /** How a conclusion is quoted to others: whole, or only its FINAL value. Default `full`. */
  readonly conclusions?: "full" | "values";
}
