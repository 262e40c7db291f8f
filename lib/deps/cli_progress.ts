/** The terminal's progress bar. The package ships no types: this is the part that is used. */
import progress from "npm:cli-progress@3.12.0";

/** A bar on stderr. */
export interface Bar {
  start(total: number, value: number, payload: Readonly<Record<string, string>>): void;
  update(value: number, payload: Readonly<Record<string, string>>): void;
  stop(): void;
}

/** Makes bars; `hideCursor` and friends as the package documents them. */
export const SingleBar: new (options: Readonly<Record<string, unknown>>) => Bar =
  progress.SingleBar;
