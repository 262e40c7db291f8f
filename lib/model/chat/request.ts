/**
 * The body of a chat completion request.
 * @module
 */
import type { AttemptRequest, Message } from "../types.ts";

/** What the server is known to understand. */
export interface ServerTraits {
  readonly model: string;
  /** It is a vLLM server: understands grammars and usage on every chunk. */
  readonly vllm: boolean;
  /** Ask for usage on every chunk. */
  readonly continuousUsage: boolean;
}

/** Builds the body. Whatever is `null` is left to the server. */
export function requestBody(
  messages: readonly Message[],
  request: AttemptRequest,
  maxTokens: number,
  traits: ServerTraits,
): Record<string, unknown> {
  const { temperature, topP, seed, stop } = request;
  return {
    model: traits.model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    max_tokens: maxTokens,
    ...(temperature !== null && { temperature }),
    ...(topP !== null && { top_p: topP }),
    ...(seed !== null && { seed }),
    ...(stop.length > 0 && { stop }),
    stream: true,
    stream_options: {
      include_usage: true,
      ...(traits.vllm && traits.continuousUsage && { continuous_usage_stats: true }),
    },
    ...thinkingFields(request),
    ...(traits.vllm && constraintFields(request)),
  };
}

function thinkingFields({ thinking }: AttemptRequest): Record<string, unknown> {
  if (thinking === null) return {};
  return {
    chat_template_kwargs: { enable_thinking: thinking !== "off" },
    ...(typeof thinking === "number" && { thinking_token_budget: thinking }),
  };
}

function constraintFields({ constraint }: AttemptRequest): Record<string, unknown> {
  if (constraint === null) return {};
  if (constraint.kind === "grammar") {
    return { structured_outputs: { grammar: constraint.grammar } };
  }
  const json_schema = { name: "reply", strict: true, schema: constraint.schema };
  return { response_format: { type: "json_schema", json_schema } };
}
