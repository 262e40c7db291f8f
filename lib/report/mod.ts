/**
 * Pages from rows.
 * @module
 */
export { type DemoInput, renderDemo } from "./render_demo.tsx";
export type { DemoTask } from "./arrange.ts";
