/**
 * How a conversation is written for a model: control tokens and plain text, told apart, so that a
 * message can never smuggle a control token in.
 * @module
 */

/** A piece of a prompt. */
export type Piece = { readonly control: string } | { readonly text: string };

/** A message, as the protocol has it. */
export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** How one family of models writes a conversation. */
export interface ChatFormat {
  /** Before the first message. */
  readonly start: readonly Piece[];
  /** Before the content of a message. */
  before(role: ChatMessage["role"]): readonly Piece[];
  /** After the content of a message. */
  readonly after: readonly Piece[];
  /** What the template puts before a reply that must not think. */
  readonly noThinking: readonly Piece[];
}

const families: readonly {
  readonly mark: string;
  readonly format: Omit<ChatFormat, "noThinking">;
}[] = [
  {
    mark: "<|im_start|>",
    format: {
      start: [],
      before: (role) => [{ control: "<|im_start|>" }, { text: `${role}\n` }],
      after: [{ control: "<|im_end|>" }, { text: "\n" }],
    },
  },
  {
    mark: "<|start_header_id|>",
    format: {
      start: [{ control: "<|begin_of_text|>" }],
      before: (role) => [
        { control: "<|start_header_id|>" },
        { text: role },
        { control: "<|end_header_id|>" },
        { text: "\n\n" },
      ],
      after: [{ control: "<|eot_id|>" }],
    },
  },
  {
    mark: "<start_of_turn>",
    format: {
      start: [{ control: "<bos>" }],
      // Gemma knows no system role: its text opens the conversation as the user's.
      before: (role) => [
        { control: "<start_of_turn>" },
        { text: `${role === "assistant" ? "model" : "user"}\n` },
      ],
      after: [{ control: "<end_of_turn>" }, { text: "\n" }],
    },
  },
];

/** The format that a model's own template names, or `null` for a family not known here. */
export function chatFormat(template: string): ChatFormat | null {
  const format = families.find(({ mark }) => template.includes(mark))?.format;
  if (!format) return null;
  const thinks = template.includes("enable_thinking");
  return { ...format, noThinking: thinks ? [{ control: "<think>\n\n</think>\n\n" }] : [] };
}

/**
 * The pieces that a turn adds to a conversation, up to where the reply begins. Before it, in a
 * conversation that goes on, comes the end of the last reply: the model's own end token was
 * picked, but never evaluated.
 */
export function turnPieces(
  format: ChatFormat,
  turn: readonly ChatMessage[],
  { first, thinking }: { readonly first: boolean; readonly thinking: boolean },
): readonly Piece[] {
  return joined([
    ...(first ? format.start : format.after),
    ...turn.flatMap(({ role, content }) => [
      ...format.before(role),
      { text: content },
      ...format.after,
    ]),
    ...format.before("assistant"),
    ...(thinking ? [] : format.noThinking),
  ]);
}

/** Joins neighbouring texts, so that they are tokenized together as the templates have it. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last && "text" in last && "text" in piece) {
      result[result.length - 1] = { text: last.text + piece.text };
    } else {
      result.push(piece);
    }
  }
  return result;
}
