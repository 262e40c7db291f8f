/**
 * The names of everything the reader mends and of everything that is refused or passed over.
 * @module
 */

/** A stable name and what it stands for. */
export interface Named {
  /** As rows count it under `event_reasons`, such as `trailing_comma`. */
  readonly name: string;
  /** What was mended or refused, in a phrase for people. */
  readonly meaning: string;
}

/** Every repair, by its name. The reader makes most, the plan the two before the last, the strategies the last. */
export const REPAIRS: readonly Named[] = [
  { name: "byte_order_mark", meaning: "a byte-order mark stood before the event" },
  { name: "control_characters", meaning: "raw control characters were taken out" },
  { name: "code_fence", meaning: "the event stood inside a code fence" },
  { name: "list_mark", meaning: "a list mark such as `-` or `1.` stood before the event" },
  { name: "prose", meaning: "prose stood before the event on its line" },
  { name: "several_on_line", meaning: "another object stood before it on the same line" },
  { name: "wrapper", meaning: 'an element of `[…]`, `{"events":[…]}` or the like' },
  { name: "salvaged", meaning: "read out of an object that was no event itself" },
  { name: "think", meaning: "read from `<think>`, because nothing else held an event" },
  { name: "escaped_object", meaning: "all quotes of the object were escaped" },
  { name: "double_encoded", meaning: "the object was the text of a JSON string" },
  { name: "multiline_object", meaning: "the object went over several lines" },
  { name: "trailing_comma", meaning: "a comma before a closing brace or bracket, or two in a row" },
  { name: "single_quotes", meaning: "strings in single quotes" },
  { name: "smart_quotes", meaning: "strings in typographic quotes" },
  { name: "inner_quotes", meaning: "quotes inside a string were not escaped" },
  { name: "unquoted_keys", meaning: "keys without quotes" },
  { name: "unquoted_values", meaning: "a word without quotes as a value" },
  { name: "python_literals", meaning: "`True`, `False` or `None`" },
  { name: "missing_brace", meaning: "the closing brace was missing" },
  { name: "missing_bracket", meaning: "the closing bracket was missing" },
  { name: "raw_whitespace", meaning: "raw newlines or tabs inside a string" },
  { name: "tex_escapes", meaning: "backslashes of TeX, or of no JSON escape, were kept as such" },
  { name: "upper_case", meaning: "the type, or its key, in capitals or between spaces" },
  { name: "type_key", meaning: "the type stood under `event` or `action`" },
  { name: "extra_keys", meaning: "keys the protocol does not know were left out" },
  { name: "id_number", meaning: "an id was a number" },
  { name: "id_missing", meaning: "a child without an id was named by its position" },
  { name: "id_made_safe", meaning: "an id held characters, or was a name, that ids may not be" },
  { name: "depends_on_missing", meaning: "`depends_on` was missing or null" },
  { name: "depends_on_text", meaning: "`depends_on` was text: empty, one name, or several" },
  { name: "children_missing", meaning: "`children` was missing, null or empty: all are meant" },
  { name: "children_text", meaning: "`children` was text: one name, or several" },
  { name: "reference_dropped", meaning: "what is no name left a list of ids" },
  { name: "rule_missing", meaning: "an `await` without a rule" },
  { name: "text_coerced", meaning: "a number, truth value or structure stood where text belongs" },
  { name: "duplicate_renamed", meaning: "the id was taken by a child with another task" },
  { name: "self_dependency", meaning: "the child named itself in `depends_on`" },
  { name: "reasoning_channel", meaning: "read from the server's reasoning channel" },
];

/** Every reason of a result that is `ignored` or `rejected`, by its name. */
export const REASONS: readonly Named[] = [
  { name: "prose", meaning: "ignored: text that is no event" },
  { name: "code_fence", meaning: "ignored: the line of a code fence" },
  { name: "wrapper", meaning: "ignored: brackets and keys around the events" },
  { name: "separator", meaning: "ignored: commas or semicolons after an object" },
  { name: "control_characters", meaning: "ignored: nothing but control characters" },
  { name: "think", meaning: "ignored: thinking, while events stood elsewhere or it held none" },
  { name: "not_an_event", meaning: "ignored: an object without any sign of an event" },
  { name: "missing_type", meaning: "rejected: an event's keys without a type" },
  { name: "unknown_type", meaning: "rejected: a type the protocol does not know" },
  { name: "empty_task", meaning: "rejected: a child without a task" },
  { name: "bad_task", meaning: "rejected: a child whose task is no text" },
  { name: "invalid_json", meaning: "rejected: an object that could not be read" },
  { name: "unclosed_string", meaning: "rejected: the text ended inside a string" },
  { name: "truncated", meaning: "rejected: the text ended inside a key, a colon or a value" },
  { name: "line_too_long", meaning: "rejected: a line or an object over the size limit" },
  { name: "too_many_events", meaning: "rejected: more events than the limit" },
  { name: "after_done", meaning: "rejected: an event after `done`" },
  { name: "duplicate_id", meaning: "rejected: a child announced before, with the same task" },
  { name: "width", meaning: "rejected: more children than the plan may have" },
  { name: "depth", meaning: "rejected: a child below the deepest level" },
  { name: "rounds", meaning: "rejected: a child after the last round" },
  { name: "atomic_with_children", meaning: "rejected: an `atomic` in a plan with children" },
  { name: "second_atomic", meaning: "rejected: an `atomic` after another" },
  { name: "unknown_children", meaning: "rejected: names in an `await` that no child has" },
  { name: "nothing_to_await", meaning: "rejected: an `await` in a node without children" },
];
