/**
 * Models behind OpenAI-compatible servers.
 * @module
 */
export { type ChatOptions, connectChat } from "./connect.ts";
export { chooseModel, type ProbeOptions, probeServer } from "./probe.ts";
export type { ServedModel, ServerInfo } from "./probe.ts";
export type { HttpOptions } from "./http.ts";
