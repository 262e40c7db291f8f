import { readFile } from "node:fs/promises";
import { bootstrapMean } from "../../lib/analysis/stats/bootstrap.ts";
import { geometricMean } from "../../lib/analysis/stats/geometric.ts";
import { mcnemar } from "../../lib/analysis/stats/mcnemar.ts";
import { quantile } from "../../lib/analysis/stats/quantile.ts";
import { studentQuantile975 } from "../../lib/analysis/stats/student.ts";
import { wilson } from "../../lib/analysis/stats/wilson.ts";
import { assert, test } from "../kit.ts";

/** Values computed by NumPy, SciPy and statsmodels (fixtures/stats/make.py). */
async function reference<T>(name: string): Promise<T[]> {
  const url = new URL(`../fixtures/stats/${name}.json`, import.meta.url);
  const cases = JSON.parse(await readFile(url, "utf8"));
  assert.ok(cases.length > 0);
  return cases;
}

function near(actual: number | null | undefined, expected: number, tolerance = 1e-9): void {
  const scale = Math.max(1, Math.abs(expected));
  assert.ok(
    typeof actual === "number" && Math.abs(actual - expected) <= tolerance * scale,
    `${actual} is not ${expected}`,
  );
}

test("wilson: as statsmodels", async () => {
  type Case = { count: number; n: number; interval: [number, number] };
  for (const { count, n, interval } of await reference<Case>("wilson")) {
    const result = wilson(count, n)!;
    near(result.low, interval[0]);
    near(result.high, interval[1]);
    assert.equal(result.value, count / n);
  }
  assert.equal(wilson(0, 0), null);
});

test("mcnemar: as statsmodels", async () => {
  type Case = { only_first: number; only_second: number; p: number };
  for (const { only_first, only_second, p } of await reference<Case>("mcnemar")) {
    const actual = mcnemar(only_first, only_second);
    assert.ok(
      Math.abs(actual - p) <= 1e-9 * p,
      `${only_first}, ${only_second}: ${actual}, not ${p}`,
    );
    assert.equal(mcnemar(only_second, only_first), actual);
  }
});

test("student: as SciPy", async () => {
  type Case = { degrees: number; quantile: number };
  for (const { degrees, quantile } of await reference<Case>("student")) {
    near(studentQuantile975(degrees), quantile);
  }
});

test("quantile: as NumPy", async () => {
  type Case = { values: number[]; q: number; quantile: number };
  for (const { values, q, quantile: expected } of await reference<Case>("quantile")) {
    near(quantile(values, q), expected, 1e-12);
  }
  assert.equal(quantile([], 0.5), null);
});

test("geometric mean: as SciPy; repeats count as one task", async () => {
  type Case = { values: number[]; mean: number; interval: [number, number] };
  for (const { values, mean, interval } of await reference<Case>("geometric")) {
    const result = geometricMean(values.map((value) => [value]))!;
    near(result.value, mean);
    near(result.low, interval[0]);
    near(result.high, interval[1]);
    const repeated = geometricMean(values.map((value) => [value * 2, value / 2]))!;
    near(repeated.value, mean);
    near(repeated.low, interval[0]);
    assert.deepEqual([repeated.n, repeated.clusters], [2 * values.length, values.length]);
  }
  assert.deepEqual(geometricMean([[1], []]), {
    n: 1,
    clusters: 1,
    value: 1,
    low: null,
    high: null,
  });
  assert.equal(geometricMean([]), null);
});

test("bootstrap: as SciPy within what resampling allows; repeats exactly by seed", async () => {
  type Case = {
    values: number[];
    mean: number;
    interval: [number, number];
    standard_error: number;
  };
  for (const { values, mean, interval, standard_error } of await reference<Case>("bootstrap")) {
    const clusters = values.map((value) => [value]);
    const result = bootstrapMean(clusters, { resamples: 100_000, seed: 7 })!;
    near(result.value, mean);
    // Means of whole numbers lie on a lattice, where a quantile may fall one step beside.
    const whole = values.every(Number.isInteger);
    const tolerance = whole ? 1.01 / values.length : 0.05 * standard_error;
    near(result.low, interval[0], tolerance);
    near(result.high, interval[1], tolerance);
    assert.deepEqual(bootstrapMean(clusters, { seed: 3 }), bootstrapMean(clusters, { seed: 3 }));
    if (whole) continue;
    assert.notDeepEqual(bootstrapMean(clusters, { seed: 3 }), bootstrapMean(clusters, { seed: 4 }));
  }
});

test("bootstrap: repeats of a task are no independent evidence", () => {
  const values = [0, 1, 1, 0, 1, 1, 0, 1];
  const once = bootstrapMean(values.map((value) => [value]))!;
  const fourTimes = bootstrapMean(values.map((value) => [value, value, value, value]))!;
  assert.deepEqual([fourTimes.low, fourTimes.high], [once.low, once.high]);
  const asIfIndependent = bootstrapMean(
    values.flatMap((value) => [[value], [value], [value], [value]]),
  )!;
  assert.ok(asIfIndependent.high! - asIfIndependent.low! < 0.7 * (once.high! - once.low!));
  assert.deepEqual(bootstrapMean([[1, 0]]), { n: 2, value: 0.5, low: null, high: null });
  assert.equal(bootstrapMean([]), null);
});
