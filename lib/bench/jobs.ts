/**
 * What a bench has to do: tasks x repeats x modes, less what its file holds already.
 * @module
 */
import type { BackendInfo } from "../model/types.ts";
import { rowId, taskHash } from "../records/mod.ts";
import type { Task } from "../records/task_types.ts";
import type { Mode } from "../strategies/types.ts";
import type { Job } from "./row.ts";
import { configOf, type Settings } from "./settings.ts";

/** Lists the jobs; the arms of one task stand next to each other, so that load is alike. */
export function listJobs(
  tasks: readonly Task[],
  modes: readonly Mode[],
  repeats: number,
  { settings, info }: { readonly settings: Settings; readonly info: BackendInfo },
): Job[] {
  const arms = modes.map((mode) => ({ mode, ...configOf(mode, settings, info) }));
  const jobs: Job[] = [];
  for (const task of tasks) {
    const content = taskHash(task);
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const { mode, config, configHash } of arms) {
        const id = rowId({ taskHash: content, mode: mode.name, repeat, configHash });
        jobs.push({ task, mode, repeat, config, configHash, rowId: id });
      }
    }
  }
  return jobs;
}
