/** Nearest name, for "did you mean". */
export { closest, distance } from "npm:fastest-levenshtein@1.0.16";
