/** Libraries that only tests use. */
export { default as fc } from "npm:fast-check@4.10.2";
export { type Browser, chromium, type Page } from "npm:playwright-core@1.65.1";
