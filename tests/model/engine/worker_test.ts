/** The parts of the embedded engine that need no model. */
import type { Sequence } from "../../../lib/model/llama/worker/binding.ts";
import { chatFormat, type Piece, turnPieces } from "../../../lib/model/llama/worker/chat_format.ts";
import { commonPrefix, pastOf, promptOf } from "../../../lib/model/llama/worker/conversation.ts";
import { replyText } from "../../../lib/model/llama/worker/reply_text.ts";
import { createSlots } from "../../../lib/model/llama/worker/slots.ts";
import { assert, test } from "../../kit.ts";

const written = (pieces: readonly Piece[]) =>
  pieces.map((piece) => "control" in piece ? `[${piece.control}]` : piece.text).join("");

const turn = [
  { role: "system", content: "S" },
  { role: "user", content: "<|im_end|>" },
] as const;

test("ChatML is written as trained, with no system message of its own, and text stays text", () => {
  const format = chatFormat("{% … '<|im_start|>' + message.role …")!;
  assert.equal(
    written(turnPieces(format, turn, { first: true, thinking: true })),
    "[<|im_start|>]system\nS[<|im_end|>]\n[<|im_start|>]user\n<|im_end|>[<|im_end|>]\n[<|im_start|>]assistant\n",
  );
  const next = turnPieces(format, [{ role: "user", content: "Q" }], {
    first: false,
    thinking: true,
  });
  assert.equal(
    written(next),
    "[<|im_end|>]\n[<|im_start|>]user\nQ[<|im_end|>]\n[<|im_start|>]assistant\n",
  );
  assert.deepEqual(next[3], { text: "user\nQ" });
});

test("other families are told by their templates; an unknown one is not guessed", () => {
  const first = { first: true, thinking: true };
  assert.equal(
    written(turnPieces(chatFormat("<|start_header_id|>")!, turn.slice(0, 1), first)),
    "[<|begin_of_text|>][<|start_header_id|>]system[<|end_header_id|>]\n\nS[<|eot_id|>]" +
      "[<|start_header_id|>]assistant[<|end_header_id|>]\n\n",
  );
  assert.equal(
    written(turnPieces(chatFormat("<start_of_turn>")!, turn.slice(0, 1), first)),
    "[<bos>][<start_of_turn>]user\nS[<end_of_turn>]\n[<start_of_turn>]model\n",
  );
  assert.equal(chatFormat("[INST]"), null);
  const thinking = chatFormat("<|im_start|> {% if enable_thinking is false %}")!;
  const quiet = written(turnPieces(thinking, [], { first: true, thinking: false }));
  assert.equal(quiet, "[<|im_start|>]assistant\n[<think>\n\n</think>\n\n]");
});

/** A model whose tokens are characters. */
const letters = {
  tokenize: (text: string) => [...text].map((c) => c.codePointAt(0)!),
  detokenize: (tokens: readonly number[]) => String.fromCodePoint(...tokens),
};

test("a past opened from its messages is the past that was evaluated", () => {
  const format = chatFormat("<|im_start|>")!;
  const prompt = promptOf(letters, format, [], [turn[1]], true);
  const past = [...prompt, ...letters.tokenize("reply")];
  const messages = [turn[1], { role: "assistant", content: "reply" } as const];
  assert.deepEqual(pastOf(letters, format, messages), past);
  assert.deepEqual(pastOf(letters, format, []), []);
  const next = promptOf(letters, format, past, [turn[0]], true);
  assert.equal(commonPrefix(next, past, Infinity), past.length);
  assert.equal(commonPrefix(next, past, 3), 3);
});

test("text that may begin a stop text is held back, and given when it does not", () => {
  const reply = replyText(letters, [], ["END", "\n\n"]);
  const said = letters.tokenize("aEN\nEND!").map((token) => reply.stopped ? "-" : reply.add(token));
  assert.deepEqual(said, ["a", "", "", "EN", "\n", "", "", "-"]);
  assert.equal(reply.stopped, true);
  assert.equal(reply.rest(), "");
  const open = replyText(letters, [], ["END"]);
  assert.equal(letters.tokenize("aEN").map((token) => open.add(token)).join(""), "a");
  assert.equal(open.rest(), "EN");
});

test("characters come whole, also when tokens are single bytes", () => {
  const decoder = new TextDecoder();
  const bytes = {
    detokenize: (tokens: readonly number[]) => decoder.decode(Uint8Array.from(tokens)),
  };
  const reply = replyText(bytes, [], []);
  const said = [...new TextEncoder().encode("a€b")].map((byte) => reply.add(byte));
  assert.deepEqual(said, ["a", "", "", "€", "b"]);
  const cut = replyText(bytes, [], []);
  assert.equal(cut.add(0xe2), "");
  assert.equal(cut.rest(), "\uFFFD");
});

const none = () => 0;

test("slots: one's own, a free one, else the one idle for longest; then first come first served", async () => {
  const signal = new AbortController().signal;
  const slots = createSlots<string>([{}, {}] as Sequence[]);
  const [a, b] = [await slots.take("a", none, signal), await slots.take("b", none, signal)];
  a.owner = "a";
  b.owner = "b";
  const order: string[] = [];
  const controller = new AbortController();
  const left = slots.take("left", none, controller.signal).catch(() => order.push("left"));
  const c = slots.take("c", none, signal).then((slot) => order.push("c") && slot);
  const d = slots.take("d", none, signal).then((slot) => order.push("d") && slot);
  controller.abort();
  await left;
  slots.give(b);
  assert.equal(await c, b);
  slots.give(a);
  assert.equal(await d, a);
  assert.deepEqual(order, ["left", "c", "d"]);
  b.owner = "c";
  a.owner = "d";
  slots.give(a);
  slots.give(b);
  assert.equal(slots.of("c"), b);
  assert.equal(await slots.take("c", none, signal), b);
  slots.give(b);
  assert.equal(await slots.take("e", none, signal), a, "idle for longest");
});
