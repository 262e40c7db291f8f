/**
 * The testing kit: models that say what they are told, a clock that jumps, and a model server on
 * the loopback. Made for this project's tests, and public for yours.
 *
 * @example A strategy's model, without a model
 * ```ts
 * import { scriptedBackend, virtualClock } from "@rrm/rrm/testing";
 *
 * const clock = virtualClock();
 * await using backend = scriptedBackend(({ prompt }) => ({
 *   text: prompt.includes("2 + 2") ? "FINAL: 4" : "FINAL: unknown",
 *   prefillMs: 300,
 *   tokensPerSecond: 50,
 * }), { clock });
 * if (backend.info.timing !== "simulated") throw new Error("a script is no real model");
 * ```
 * @module
 */
export { type Clock, realClock, type SleepOptions, virtualClock } from "../clock.ts";
export { poolOf, type PoolOptions } from "../model/pool.ts";
export { scriptedBackend, scriptedCompleter, type ScriptedOptions } from "../model/scripted.ts";
export { loadScript } from "../model/scripted_file.ts";
export {
  type ReplySpeed,
  type Script,
  type ScriptedCall,
  type ScriptedError,
  scriptedPromptTokens,
  type ScriptedReply,
  scriptedTokens,
} from "../model/scripted_reply.ts";
export { simulatedBackend, type SimulatedOptions, simulatedScript } from "../model/simulated.ts";
export { transcriptBackend } from "../model/transcript.ts";
export type {
  AttemptRequest,
  Backend,
  BackendInfo,
  CallSettings,
  Completer,
  Constraint,
  Message,
  ModelEvent,
  Session,
  Thinking,
  Timing,
  Usage,
  UsageSource,
} from "../model/types.ts";
export { startTestServer } from "./server.ts";
export {
  type DeltaShape,
  deltaShapes,
  type Fault,
  type ReceivedRequest,
  type TestServer,
  type TestServerOptions,
  type TestServerStats,
} from "./server_options.ts";
