/**
 * Ways to think, a file each.
 * @module
 */
export type { GraphOptions, Mode, ModeContext, ModeSetting, Recombiner } from "./types.ts";
export { direct, type DirectOptions, fallback } from "./direct.ts";
export { directReduce } from "./direct_reduce.ts";
export { graph } from "./graph.ts";
export { findMode, modes } from "./modes.ts";
export {
  type LineSource,
  readEvents,
  type ReadEventsOptions,
  type ReadLine,
  type ReadRestart,
} from "./read_events.ts";
export {
  type ClosedPlan,
  type Family,
  type OpenPlan,
  openPlan,
  type OpenPlanOptions,
} from "./open_plan.ts";
export { recombine } from "./recombine.ts";
export { worker } from "./worker.ts";
