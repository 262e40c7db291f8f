/**
 * A planned reply as the frames of an event stream, and what faults do to them.
 * @module
 */
import { Buffer } from "node:buffer";
import type { PlannedPiece, PlannedReply } from "../model/scripted_reply.ts";
import type { DeltaShape, Fault } from "./server_options.ts";

/** One write, or one end, at a time in milliseconds after the request. */
export interface Frame {
  readonly atMs: number;
  readonly send: Uint8Array;
  /** Tokens that it carries. */
  readonly tokens: number;
  /** What happens after it. */
  readonly then: "next" | "end" | "destroy" | "stall";
}

/** What stays the same in all chunks of a reply. */
export interface ChunkHead {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

/** What a client asked for. */
export interface UsageWish {
  readonly final: boolean;
  readonly continuous: boolean;
}

/** Lays out a reply as the server of a `shape` would send it. */
export function replyFrames(
  head: ChunkHead,
  reply: PlannedReply,
  shape: DeltaShape,
  wish: UsageWish,
): Frame[] {
  const frames: Frame[] = [];
  let tokens = 0;
  let atMs = reply.answerMs;

  function chunk(choices: readonly unknown[], carried: number, usage: unknown): void {
    const data = { ...head, object: "chat.completion.chunk", choices, ...(usage ? { usage } : {}) };
    frames.push({ atMs, send: event(JSON.stringify(data)), tokens: carried, then: "next" });
  }

  function delta(fields: Record<string, unknown>, finish: string | null, carried = 0): void {
    tokens += carried;
    const choice = { index: 0, delta: fields, logprobs: null, finish_reason: finish };
    const usage = wish.continuous && runningUsage(reply, tokens);
    chunk([finish === null ? choice : { ...choice, stop_reason: null }], carried, usage);
  }

  if (shape.roleChunk) delta({ role: "assistant", content: "" }, null);
  const groups = grouped(reply.pieces, shape.tokensPerDelta);
  const last = shape.textInFinish && !reply.error ? groups.pop() : undefined;
  for (const group of groups) {
    atMs = group.atMs;
    delta(fieldsOf(group, shape), null, group.tokens);
    if (shape.emptyDeltas) delta({}, null);
  }
  if (reply.error) {
    frames.push({ atMs, send: nothing, tokens: 0, then: "destroy" });
    return frames;
  }
  atMs = last?.atMs ?? atMs;
  delta(last ? fieldsOf(last, shape) : {}, reply.finishReason, last?.tokens);
  if (wish.final) chunk([], 0, finalUsage(reply, shape));
  frames.push({ atMs, send: event("[DONE]"), tokens: 0, then: "end" });
  return frames;
}

/** What becomes of a stream under a fault that is not decided before it. */
export function withFault(frames: readonly Frame[], head: ChunkHead, fault: Fault): Frame[] {
  if (fault.kind === "status" || fault.kind === "hang") return [...frames];
  if (fault.kind === "cut" && fault.afterBytes !== undefined) {
    return cutAfterBytes(frames, fault.afterBytes);
  }
  const at = Math.min(fault.beforeChunk ?? 0, frames.length - 1);
  const before = frames.slice(0, at);
  const { atMs } = frames[at]!;
  const last = (send: Uint8Array, then: Frame["then"]): Frame => ({ atMs, send, tokens: 0, then });
  switch (fault.kind) {
    case "cut":
      return [...before, last(nothing, "destroy")];
    case "stall":
      return [...before, last(nothing, "stall")];
    case "malformed":
      return [...before, last(event('{"choices":[{"delta":'), "next"), ...frames.slice(at)];
    case "stream-error": {
      const message = "The engine stopped. See its log for the cause.";
      const standard = { message, type: "InternalServerError", param: null, code: 500 };
      const data = JSON.stringify({ error: fault.error ?? standard });
      return [...before, last(event(data), "next"), last(event("[DONE]"), "end")];
    }
    case "abort": {
      const choices = [{ index: 0, delta: {}, finish_reason: "abort", stop_reason: null }];
      const data = JSON.stringify({ ...head, object: "chat.completion.chunk", choices });
      return [...before, last(event(data), "next"), last(event("[DONE]"), "end")];
    }
  }
}

/** The body of a reply that is not streamed. */
export function wholeReply(head: ChunkHead, reply: PlannedReply, shape: DeltaShape): unknown {
  const text = reply.pieces.filter((piece) => piece.field === "text");
  const thought = reply.pieces.filter((piece) => piece.field === "reasoning");
  const message = {
    role: "assistant",
    content: text.length > 0 || thought.length === 0 ? joined(text) : null,
    ...(thought.length > 0 && reasoningFields(joined(thought), shape)),
  };
  const choice = { index: 0, message, finish_reason: reply.finishReason, stop_reason: null };
  const usage = finalUsage(reply, shape);
  return { ...head, object: "chat.completion", choices: [choice], usage };
}

const nothing = new Uint8Array();

function event(data: string): Uint8Array {
  return Buffer.from(`data: ${data}\n\n`);
}

function joined(pieces: readonly PlannedPiece[]): string {
  return pieces.map((piece) => piece.text).join("");
}

function fieldsOf(piece: PlannedPiece, shape: DeltaShape): Record<string, unknown> {
  return piece.field === "text" ? { content: piece.text } : reasoningFields(piece.text, shape);
}

function reasoningFields(text: string, { reasoningField }: DeltaShape): Record<string, unknown> {
  return {
    ...(reasoningField !== "reasoning_content" && { reasoning: text }),
    ...(reasoningField !== "reasoning" && { reasoning_content: text }),
  };
}

/** Joins neighbours of one field, `size` at a time; a group comes when its last piece does. */
function grouped(pieces: readonly PlannedPiece[], size: number): PlannedPiece[] {
  const groups: PlannedPiece[] = [];
  let members = 0;
  for (const piece of pieces) {
    const group = groups.at(-1);
    if (group && members < size && group.field === piece.field) {
      const tokens = group.tokens + piece.tokens;
      groups[groups.length - 1] = { ...piece, text: group.text + piece.text, tokens };
      members++;
    } else {
      groups.push(piece);
      members = 1;
    }
  }
  return groups;
}

function runningUsage({ usage }: PlannedReply, completion: number): unknown {
  const prompt = usage.prompt_tokens ?? 0;
  return {
    prompt_tokens: prompt,
    total_tokens: prompt + completion,
    completion_tokens: completion,
  };
}

function finalUsage({ usage }: PlannedReply, { usageDetails }: DeltaShape): unknown {
  const { prompt_tokens, completion_tokens, total_tokens } = usage;
  const counts = { prompt_tokens, total_tokens, completion_tokens };
  if (usageDetails === "absent") return counts;
  const full = usageDetails === "full";
  return {
    ...counts,
    prompt_tokens_details: full ? { cached_tokens: usage.cached_tokens } : null,
    completion_tokens_details: full ? { reasoning_tokens: usage.reasoning_tokens } : null,
  };
}

function cutAfterBytes(frames: readonly Frame[], bytes: number): Frame[] {
  const kept: Frame[] = [];
  let left = bytes;
  for (const frame of frames) {
    if (frame.send.length >= left) {
      return [...kept, { ...frame, send: frame.send.subarray(0, left), then: "destroy" }];
    }
    kept.push(frame);
    left -= frame.send.length;
  }
  return kept;
}
