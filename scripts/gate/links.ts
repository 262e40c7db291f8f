/**
 * Links of Markdown files: relative targets and anchors exist. Asks no network.
 * @module
 */
import { readFile, stat } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { listFiles } from "./files.ts";

/** Links that lead nowhere, as `FILE:LINE: …`. */
export async function checkLinks(root: string): Promise<string[]> {
  const problems: string[] = [];
  for (const file of await listFiles(root, [".md"])) {
    for (const { target, line } of linksOf(await readFile(join(root, file), "utf8"))) {
      if (/^[a-z][a-z+.-]*:/i.test(target)) continue;
      const [path = "", anchor] = target.split("#");
      const goal = path === "" ? file : normalize(join(dirname(file), decodeURIComponent(path)));
      const reason = await lookUp(root, goal, anchor);
      if (reason) problems.push(`${file}:${line}: ${target}: ${reason}`);
    }
  }
  return problems;
}

async function lookUp(root: string, goal: string, anchor?: string): Promise<string | null> {
  if (goal.startsWith("..")) return "leads out of the repository";
  const found = await stat(join(root, goal)).catch(() => null);
  if (!found) return "no such file";
  if (!anchor || !goal.endsWith(".md")) return null;
  const anchors = anchorsOf(await readFile(join(root, goal), "utf8"));
  return anchors.has(anchor) ? null : `no heading #${anchor}`;
}

/** Lines outside fenced code, with inline code blanked. */
function* proseOf(markdown: string): Generator<{ text: string; line: number }> {
  let fence: string | null = null;
  for (const [index, text] of markdown.split("\n").entries()) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(text)?.[1];
    if (fence === null && mark) fence = mark;
    else if (fence !== null && mark?.startsWith(fence)) fence = null;
    else if (fence === null) yield { text, line: index + 1 };
  }
}

/** Targets of `[text](target)`, `![text](target)` and `[name]: target`. */
export function linksOf(markdown: string): { target: string; line: number }[] {
  const links: { target: string; line: number }[] = [];
  for (const { text, line } of proseOf(markdown)) {
    const prose = text.replace(/`[^`]*`/g, (code) => " ".repeat(code.length));
    const inline = prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g);
    for (const match of inline) links.push({ target: match[1]!, line });
    const definition = /^\s{0,3}\[[^\]]+\]:\s*<?([^\s>]+)/.exec(prose);
    if (definition) links.push({ target: definition[1]!, line });
  }
  return links;
}

/** Anchors of headings, named as GitHub names them. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const { text } of proseOf(markdown)) {
    for (const match of text.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)) anchors.add(match[1]!);
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(text)?.[1];
    if (heading === undefined) continue;
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = words.replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/\s/g, "-");
    let name = slug;
    for (let count = 1; anchors.has(name); count++) name = `${slug}-${count}`;
    anchors.add(name);
  }
  return anchors;
}
