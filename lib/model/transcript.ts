/**
 * Sessions for models that keep no state: the conversation is a list, sent whole with every call.
 * @module
 */
import { requireReady } from "./ready.ts";
import type { AttemptRequest, Backend, Completer, Message, ModelEvent, Session } from "./types.ts";

/**
 * Makes a backend of a stateless model. Closing the backend closes the model.
 *
 * A session's reply joins its conversation when the attempt ends with `finish`: its text, or, where
 * a server wrote everything into the reasoning field, its reasoning.
 */
export function transcriptBackend(completer: Completer): Backend {
  return {
    info: completer.info,
    open: () => transcriptSession(completer, []),
    ...(completer.countTokens && {
      countTokens: (messages: readonly Message[], signal: AbortSignal) =>
        completer.countTokens!(messages, signal),
    }),
    [Symbol.asyncDispose]: () => completer[Symbol.asyncDispose](),
  };
}

function transcriptSession(completer: Completer, past: readonly Message[]): Session {
  let messages = past;
  let busy = false;
  let closed = false;

  function add(turn: readonly Message[], reply: string): void {
    messages = [...messages, ...turn, { role: "assistant", content: reply }];
  }

  async function* generate(request: AttemptRequest): AsyncGenerator<ModelEvent> {
    requireReady({ closed, busy });
    busy = true;
    try {
      request.signal.throwIfAborted();
      let text = "";
      let reasoning = "";
      for await (const event of completer.complete([...messages, ...request.turn], request)) {
        if (event.type === "delta") {
          text += event.text ?? "";
          reasoning += event.reasoning ?? "";
        } else if (event.type === "finish") {
          add(request.turn, text || reasoning);
        }
        yield event;
      }
    } finally {
      busy = false;
    }
  }

  return {
    get messages() {
      return messages;
    },
    generate,
    adopt: add,
    fork: () => transcriptSession(completer, messages),
    close() {
      closed = true;
      return Promise.resolve();
    },
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}
