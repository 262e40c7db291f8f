/**
 * The two streams: results on stdout, notes on stderr.
 * @module
 */
import process from "node:process";
import { visible } from "../report/visible.ts";

/** Text for a terminal: what would move the cursor or change what is seen is shown instead. */
export function printable(text: string): string {
  return visible(text).replace(/\r(?!\n)/g, "[U+000D]");
}

/** Writes a line of results. Resolves when it is out. */
export function print(text: string): Promise<void> {
  return write(process.stdout, text);
}

/** Writes a line for the person who watches. */
export function note(text: string): Promise<void> {
  return write(process.stderr, text);
}

function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const line = text.endsWith("\n") ? text : `${text}\n`;
    stream.write(line, (error) => {
      // `rrm … | head` has read enough: that is no fault.
      if (error && (error as NodeJS.ErrnoException).code !== "EPIPE") reject(error);
      else resolve();
    });
  });
}

/** A table with aligned columns; the first row is its head. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length))
  );
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd();
  const [head = [], ...body] = rows.map((row) => row.map(printable));
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
