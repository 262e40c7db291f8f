/**
 * Statistics, each a small pure function.
 * @module
 */
export { type Estimate, mean } from "./estimate.ts";
export { quantile } from "./quantile.ts";
export { type Proportion, wilson } from "./wilson.ts";
export { mcnemar } from "./mcnemar.ts";
export { bootstrapMean, type BootstrapOptions } from "./bootstrap.ts";
export { type GeometricMean, geometricMean } from "./geometric.ts";
export { studentQuantile975 } from "./student.ts";
