/**
 * Records: task lines, rows, their labels and files, and the grading of answers.
 * @module
 */
export * from "./grading/mod.ts";
export { type DirectPair, type LabelledRow, type Trust, trustLabel } from "./labels.ts";
export { type FileLine, readLines, type ReadLinesOptions } from "./lines.ts";
export { majority, REDUCERS, reduceValues } from "./reducers.ts";
export {
  type Gradable,
  type GradeLine,
  type GradeSummary,
  parseGradable,
  regrade,
} from "./regrade.ts";
export { type Arm, diffConfig, openForResume, type Resumed, type ResumeOptions } from "./resume.ts";
export { type ParsedRow, parseRow, rowId, type RowKey, type RowProblem } from "./row.ts";
export type { GraphStatus, ReplicaShare, Row, TrustLabel } from "./row_types.ts";
export {
  dedupeRows,
  openRowWriter,
  readRows,
  rewriteAtomically,
  type RowFileProblem,
  type RowItem,
  type RowWriter,
} from "./store.ts";
export { ANSWER_TYPES } from "./task_line.ts";
export type { AnswerType, Grade, Task } from "./task_types.ts";
export { readTasks, type ReadTasksOptions, taskHash } from "./tasks.ts";
