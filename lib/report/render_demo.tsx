/** @jsxImportSource npm:preact@10.29.2 */
/**
 * One self-contained page from rows.
 * @module
 */
import { createHash } from "node:crypto";
import type { VNode } from "../deps/preact.ts";
import { renderToString } from "../deps/preact_render.ts";
import { InputError } from "../errors.ts";
import type { Row } from "../records/row_types.ts";
import { dedupeRows } from "../records/store.ts";
import { arrange, type DemoTask } from "./arrange.ts";
import { CaseSection } from "./case_section.tsx";
import { figuresOf } from "./figures.ts";
import { Legend } from "./legend.tsx";
import { Overview } from "./overview.tsx";
import { Summary } from "./summary.tsx";
import { createShelf } from "./text_block.tsx";
import { visible } from "./visible.ts";
import script from "./demo_script.js" with { type: "text" };
import style from "./demo_style.css" with { type: "text" };

/** What {@linkcode renderDemo} shows. */
export interface DemoInput {
  /** Rows of any modes; of rows with one `row_id` the newest counts. */
  readonly rows: readonly Row[];
  /** Statements and expected answers; without one, what the rows recorded is shown. */
  readonly tasks?: readonly DemoTask[] | undefined;
  /** Heading of the page and title of its window; shown as plain text. */
  readonly title: string;
  /** The `config_hash` of the direct arm to compare with, or its beginning, where there are several. */
  readonly directConfig?: string | undefined;
  /** Remarks for the head of the page, a line each. */
  readonly notes?: readonly string[] | undefined;
}

/**
 * Renders rows as one HTML page that needs nothing else: it opens by double click, fetches nothing,
 * and forbids itself by its Content-Security-Policy to run or load anything but its own script and
 * style. All text of the rows is shown as text. The same input gives the same page.
 *
 * @returns The HTML document.
 * @throws {InputError} If there are no rows, or none of direct with the `directConfig` asked for.
 */
export function renderDemo(input: DemoInput): string {
  const { rows, tasks = [], title, directConfig, notes = [] } = input;
  if (rows.length === 0) {
    throw new InputError("no-rows", "There are no rows to render.", {
      hint: "Give a file that rrm bench has written.",
    });
  }
  const shown = arrange(dedupeRows(rows).rows, { tasks, directConfig });
  const figures = figuresOf(shown, directConfig);
  const labels = new Set(figures.arms.flatMap((arm) => arm.labels.map(([label]) => label)));
  const shelf = createShelf();
  const page = (
    <html lang="en">
      <Head title={title} />
      <body>
        <a class="skip" href="#tasks">Skip to the tasks</a>
        <Summary title={title} shown={shown} figures={figures} notes={notes} />
        <main>
          <Legend labels={[...labels]} />
          <Overview {...shown} />
          {shown.cases.map((item) => (
            <CaseSection item={item} arms={shown.arms} repeated={shown.repeated} shelf={shelf} />
          ))}
        </main>
        <script dangerouslySetInnerHTML={{ __html: script }} />
      </body>
    </html>
  );
  return `<!DOCTYPE html>\n${visible(renderToString(page))}\n`;
}

function Head({ title }: { title: string }): VNode {
  return (
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content={policy()} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{title}</title>
      <style dangerouslySetInnerHTML={{ __html: style }} />
    </head>
  );
}

function policy(): string {
  const source = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return [
    "default-src 'none'",
    `script-src ${source(script)}`,
    `style-src ${source(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}
