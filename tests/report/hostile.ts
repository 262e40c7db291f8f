/**
 * Text that tries to be more than text.
 * @module
 */
import type { Row } from "../../lib/records/row_types.ts";

/** Each would run, load or break out somewhere if it were not escaped there. */
export const payloads: readonly string[] = [
  "<script>alert(1)</script>",
  "</script><script>alert(2)</script>",
  "</style><script>alert(3)</script>",
  "</title><script>alert(4)</script>",
  "</textarea></noscript></template></svg></math><script>alert(5)</script>",
  "<img src=x onerror=alert(6)>",
  "<img src=http://127.0.0.1:9/leak.png>",
  "<svg onload=alert(7)><animate onbegin=alert(8) attributeName=x dur=1s></svg>",
  "<svg><foreignObject><iframe srcdoc='<script>alert(9)</script>'></iframe></foreignObject></svg>",
  "<math><mtext><table><mglyph><style><img src=x onerror=alert(10)>",
  "<template><script>alert(11)</script></template>",
  '" onmouseover="alert(12)" autofocus onfocus="alert(13)" x="',
  "' onmouseover='alert(14)' x='",
  "javascript:alert(15)",
  "#\"><a href='javascript:alert(16)'>x</a>",
  "<base href='http://127.0.0.1:9/'><link rel=stylesheet href=http://127.0.0.1:9/x.css>",
  "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>",
  "<style>@import 'http://127.0.0.1:9/x.css'; * { background: url(http://127.0.0.1:9/y) }</style>",
  "<form action=http://127.0.0.1:9/><button>go</button></form>",
  "<!-- --><!--><script>alert(17)</script>-->",
  "<![CDATA[<script>alert(18)</script>]]>",
  "&lt;script&gt;alert(19)&lt;/script&gt; &#60;script&#62;",
  "\\u003cscript\\u003ealert(20)",
  "${alert(21)} {{alert(22)}} <%= alert(23) %>",
  "$\\href{javascript:alert(24)}{x} \\includegraphics{http://127.0.0.1:9/z} \\style{x:url(y)}{z}$",
  "\\(\\text{<script>alert(25)</script>} \\htmlData{onclick=alert(26)}{x} \\unicode{60}\\)",
  "$\\def\\x{\\x\\x}\\x$ $\\frac{1}{$ $" + "{".repeat(300) + "$",
  "\u202Egnitirw\u202C \u2066isolated\u2069",
  "nul \u0000 bell \u0007 escape \u001b[31m delete \u007f next \u0085",
  "half \ud83d other half \udca9 mark \ufeff none \uffff",
  "tags \u{E0041}\u{E0042}",
  "__proto__",
  "constructor",
];

/** `row` with `payload` added to every string in it, keys included; equal strings stay equal. */
export function poisoned(row: Row, payload: string): Row {
  const poison = (value: unknown): unknown => {
    if (typeof value === "string") return `${value}${payload}`;
    if (Array.isArray(value)) return value.map(poison);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, poison(inner)]),
    );
  };
  const bad = poison(row) as Row;
  const texts = Object.entries(row.texts).map(([name, text]) =>
    [`${name}${payload}`, `${text}${payload}`] as const
  );
  return {
    ...bad,
    texts: Object.fromEntries(texts),
    metrics: { [payload]: 1 },
    event_reasons: { [payload]: 1 },
    errors: [payload],
    expected: [payload, { [payload]: payload }],
  };
}

/** `row` with `payload` in all that a model or a task file wrote; what the kernel wrote stays. */
export function tainted(row: Row, payload: string): Row {
  const bad = poisoned(row, payload);
  return {
    ...bad,
    mode: row.mode,
    status: row.status,
    timing: row.timing,
    graph_status: row.graph_status,
    trust_label: row.trust_label,
    started_at: row.started_at,
    nodes: bad.nodes.map((node, index) => ({ ...node, status: row.nodes[index]!.status })),
    calls: bad.calls.map((call, index) => ({
      ...call,
      events: call.events.map((event, at) => ({
        ...event,
        kind: row.calls[index]!.events[at]!.kind,
        event: row.calls[index]!.events[at]!.event,
      })),
    })),
  };
}
