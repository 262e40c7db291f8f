/**
 * What the engine knows of one session: its past as tokens, exactly as they were evaluated.
 * @module
 */
import type { Model, Token } from "./binding.ts";
import { type ChatFormat, type ChatMessage, type Piece, turnPieces } from "./chat_format.ts";

/** A session of the engine. */
export interface Conversation {
  /** The past, up to the end of the last reply's text. */
  tokens: readonly Token[];
  /** How many of them have been evaluated at least once. */
  evaluated: number;
  /** Until the first reply of a fork: the session whose state begins with the same tokens. */
  origin: Conversation | null;
}

/** The past and a turn, up to where the reply begins. */
export function promptOf(
  model: Pick<Model, "tokenize">,
  format: ChatFormat,
  past: readonly Token[],
  turn: readonly ChatMessage[],
  thinking: boolean,
): Token[] {
  const pieces = turnPieces(format, turn, { first: past.length === 0, thinking });
  return [...past, ...tokensOf(model, pieces)];
}

/** The past, a turn and a known reply. */
export function adoptedOf(
  model: Pick<Model, "tokenize">,
  format: ChatFormat,
  past: readonly Token[],
  turn: readonly ChatMessage[],
  reply: string,
): Token[] {
  return [...promptOf(model, format, past, turn, true), ...tokensOf(model, [{ text: reply }])];
}

/** A whole conversation; it must end with a reply. */
export function pastOf(
  model: Pick<Model, "tokenize">,
  format: ChatFormat,
  messages: readonly ChatMessage[],
): readonly Token[] {
  const end = messages.findLastIndex(({ role }) => role === "assistant");
  if (end < 0) return [];
  return adoptedOf(model, format, [], messages.slice(0, end), messages[end]!.content);
}

/** How many tokens two lists have in common from the start, at most `limit`. */
export function commonPrefix(a: readonly Token[], b: readonly Token[], limit: number): number {
  const end = Math.min(a.length, b.length, limit);
  let n = 0;
  while (n < end && a[n] === b[n]) n++;
  return n;
}

function tokensOf(model: Pick<Model, "tokenize">, pieces: readonly Piece[]): Token[] {
  return pieces.flatMap((piece) =>
    "control" in piece
      ? model.tokenize(piece.control, true)
      : model.tokenize(piece.text, false, "trimLeadingSpace")
  );
}
