/**
 * Reports as text for a terminal, as Markdown, as JSON, and as CSV files.
 * @module
 */
import type { Report } from "./report.ts";
import { type Table, tablesOf } from "./tables.ts";

/** Options of {@linkcode formatReport}. */
export interface FormatOptions {
  /** What for: a terminal, a document, a program. */
  readonly format: "text" | "markdown" | "json";
  /** `brief`: the comparison and the arms only. JSON is always full. Default `full`. */
  readonly detail?: "brief" | "full";
}

/** A report as text. Names that come from rows cannot drive a terminal or break a table. */
export function formatReport(report: Report, { format, detail }: FormatOptions): string {
  if (format === "json") return JSON.stringify(report, null, 2) + "\n";
  const tables = tablesOf(report, detail);
  const blocks = format === "text" ? tables.map(textTable) : tables.map(markdownTable);
  if (tables.length === 0) blocks.push("No rows.\n");
  if (report.notes.length > 0) {
    const notes = report.notes.map((note) => `- ${safe(note)}\n`).join("");
    blocks.push(format === "text" ? `Notes\n${notes}` : `### Notes\n\n${notes}`);
  }
  return blocks.join("\n");
}

/** The report's data as CSV files (RFC 4180), by file name; nested fields are joined by dots. */
export function csvTables(report: Report): Record<string, string> {
  const pairs = report.comparisons.flatMap(({ direct, other, tasks }) =>
    tasks.map((task) => ({ direct_config: direct.config_hash, other_arm: other.name, ...task }))
  );
  const comparisons = report.comparisons.map(({ tasks: _tasks, ...comparison }) => comparison);
  return {
    "arms.csv": csv(report.arms),
    "comparisons.csv": csv(comparisons),
    "pairs.csv": csv(pairs),
    "replicas.csv": csv(report.replicas),
    "disagreements.csv": csv(report.disagreements),
  };
}

function textTable({ title, about, columns, rows }: Table): string {
  const cells = [columns, ...rows].map((row) => row.map(safe));
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => lengthOf(row[i]!))));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => cell + " ".repeat(widths[i]! - lengthOf(cell))).join("  ").trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  const [head, ...body] = cells.map(line);
  return [safe(title), safe(about), "", head, rule, ...body, ""].join("\n");
}

function markdownTable({ title, about, columns, rows }: Table): string {
  const line = (row: readonly string[]) => `| ${row.map(markdownCell).join(" | ")} |`;
  const rule = columns.map(() => "---");
  const table = [line(columns), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
  return `### ${markdownCell(title)}\n\n${markdownCell(about)}\n\n${table}\n`;
}

function markdownCell(text: string): string {
  return safe(text).replace(/[\\`*_~|<>[&]/g, "\\$&");
}

/** Control and format characters, line breaks among them, shown as dots. */
function safe(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "·");
}

function lengthOf(text: string): number {
  return [...text].length;
}

function csv(records: readonly object[]): string {
  const flat = records.map((record) => new Map(flatten("", record)));
  const columns = [...new Set(flat.flatMap((record) => [...record.keys()]))];
  const lines = flat.map((record) => columns.map((name) => csvCell(record.get(name))).join(","));
  return [columns.map(csvCell).join(","), ...lines].join("\r\n") + "\r\n";
}

function flatten(name: string, value: unknown): [string, unknown][] {
  if (Array.isArray(value)) return [[name, value.join(" ")]];
  if (typeof value !== "object" || value === null) return [[name, value]];
  return Object.entries(value)
    .flatMap(([key, inner]) => flatten(name === "" ? key : `${name}.${key}`, inner));
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  // A spreadsheet would run a text that begins like a formula.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
