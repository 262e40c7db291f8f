/**
 * The version of this toolkit, as rows and `rrm --version` name it.
 * @module
 */

/** Kept in step with deno.json by a test. */
export const VERSION: string = "0.1.0";
