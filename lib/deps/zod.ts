/** Schemas at the edges: task lines, rows, node events, server bodies. */
export { z } from "npm:zod@4.6.7";
