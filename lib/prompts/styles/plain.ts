import type { PromptStyle } from "../types.ts";
import {
  EVENT_MEANING,
  listedReduce,
  partWorker,
  PLANNER_USER,
  reasonedContinuation,
  reasonedDirect,
  reasonedFresh,
} from "./shared.ts";

/** The protocol and nothing more: the control for every other style. */
export const plain: PromptStyle = {
  name: "plain",
  version: 1,
  description: "The event protocol without advice on how to split; the control for other styles.",
  direct: reasonedDirect,
  directReduce: listedReduce,
  planner: { system: EVENT_MEANING, user: PLANNER_USER },
  worker: partWorker,
  continuation: reasonedContinuation,
  fresh: reasonedFresh,
};
