import { wordsOf } from "../../scripts/gate/words.ts";
import { assert, test } from "../kit.ts";

test("words: machine paths, registry hosts and unfinished work are found", () => {
  for (
    const text of [
      "see /root/model.gguf",
      "cd /home/ada/rrm",
      "https://registry.example.org/zod",
      "// TODO later",
      "good enough for now",
      "a placeholder",
    ]
  ) assert.equal(wordsOf(`fine\n${text}`)[0]?.line, 2, text);
});

test("words: ordinary text passes", () => {
  const text = "known work/life paths, https://example.org, traces/root.jsonl, ./root/x, fork now";
  assert.deepEqual(wordsOf(text), []);
});
