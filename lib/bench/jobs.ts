/**
 * What a bench has to do: tasks x repeats x modes, less what its file holds already.
 * @module
 */
import { InputError } from "../errors.ts";
import type { BackendInfo } from "../model/types.ts";
import type { Task } from "../records/task_types.ts";
import type { Mode } from "../strategies/types.ts";
import { type Job, jobRowId } from "./row.ts";
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
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const { mode, config, configHash } of arms) {
        const row = jobRowId(task, mode, repeat, configHash);
        jobs.push({ task, mode, repeat, config, configHash, rowId: row });
      }
    }
  }
  return jobs;
}

/** Refuses modes that need what tasks lack, before any call. */
export function checkModes(modes: readonly Mode[], tasks: readonly Task[]): void {
  const names = modes.map((mode) => mode.name);
  const doubled = names.find((name, i) => names.indexOf(name) !== i);
  if (doubled) throw new InputError("modes", `--modes names ${doubled} twice`);
  const needy = modes.find((mode) => mode.needsOracle);
  if (!needy) return;
  const without = tasks.filter((task) => task.oracle_graph === null).map((task) => task.id);
  if (without.length === 0) return;
  const some = without.slice(0, 5).join(", ") + (without.length > 5 ? ", …" : "");
  throw new InputError(
    "oracle-graph",
    `The mode ${needy.name} needs an oracle_graph on every task; ${without.length} of ` +
      `${tasks.length} have none: ${some}`,
    { hint: "Choose other modes, or pick tasks with --ids." },
  );
}
