/**
 * Prompts: named styles, and how they are filled.
 * @module
 */
export type { Example, PromptStyle, Template } from "./types.ts";
export { render } from "./render.ts";
export {
  describeStyle,
  findStyle,
  hashStyle,
  type PromptRole,
  promptRoles,
  type StyleChoice,
  styleFor,
  styles,
} from "./styles.ts";
export {
  type Asked,
  continuationTurn,
  directReduceTurn,
  directTurn,
  freshTurn,
  type Joined,
  plannerTurn,
  workerTurn,
} from "./turns.ts";
export { quoteConclusions, quoteDependencies, statedValue } from "./quote.ts";
