/**
 * How many tests passed, failed and were skipped, as a runner's last lines tell.
 * @module
 */

/** Tests by outcome. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** No test. */
export const none: Totals = { passed: 0, failed: 0, skipped: 0 };

/** Two totals added. */
export function add(a: Totals, b: Totals): Totals {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

/** The closing line. */
export function format({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * Reads the summary of `deno test` or `bun test`. A runner that failed without saying that a test
 * did, or said nothing at all, counts as one failure.
 */
export function readTotals(output: string, code: number): Totals {
  // deno-lint-ignore no-control-regex
  const lines = output.replace(/\x1b\[[\d;]*m/g, "").split(/\r?\n/);
  const summary = lines.findLast((line) => /^(ok|FAILED) \| \d+ passed/.test(line));
  const count = (word: string): number => {
    const inSummary = new RegExp(`(\\d+) ${word}`);
    const ownLine = new RegExp(`^\\s*(\\d+) ${word}$`);
    const line = summary ?? lines.findLast((line) => ownLine.test(line)) ?? "";
    return Number((summary ? inSummary : ownLine).exec(line)?.[1] ?? 0);
  };
  const totals = summary
    ? { passed: count("passed"), failed: count("failed"), skipped: count("ignored") }
    : { passed: count("pass"), failed: count("fail"), skipped: count("skip") };
  const silent = totals.passed + totals.failed + totals.skipped === 0;
  return totals.failed === 0 && (code !== 0 || silent) ? { ...totals, failed: 1 } : totals;
}
