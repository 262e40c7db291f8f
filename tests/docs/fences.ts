/**
 * Fenced blocks of Markdown, and the commands in them.
 */

/** A fenced block. */
export interface Fence {
  /** What stands behind the opening marks. */
  readonly info: string;
  readonly text: string;
  /** The line of the opening marks, from 1. */
  readonly line: number;
}

/** All fenced blocks, in order. */
export function fencesOf(markdown: string): Fence[] {
  const fences: Fence[] = [];
  const pattern = /^[ \t]*```([^\n]*)\n(.*?)^[ \t]*```[ \t]*$/gms;
  for (const { 1: info, 2: text, index } of markdown.matchAll(pattern)) {
    const line = markdown.slice(0, index).split("\n").length;
    fences.push({ info: info!.trim(), text: text!, line });
  }
  return fences;
}

/** The commands of a shell block: continued lines joined, comments dropped, here-documents whole. */
export function commandsOf(shell: string): string[] {
  const commands: string[] = [];
  let open: string | null = null;
  for (const line of shell.replace(/\\\n\s*/g, "").split("\n")) {
    if (open !== null) {
      commands.push(`${commands.pop()}\n${line}`);
      if (line === open) open = null;
      continue;
    }
    const command = line.replace(/(?:^|\s+)#.*$/, "").trim();
    if (command !== "") commands.push(command);
    open = /<<\s*'?(\w+)'?/.exec(command)?.[1] ?? null;
  }
  return commands;
}
