/**
 * Plain enumeration: what every answer of the contest set is computed with.
 * @module
 */

/** A problem; its answer is found by trying everything. */
export interface Problem {
  readonly family: string;
  readonly task: string;
  readonly answer: number;
}

/** `from`, `from + 1`, …, `to`. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

/** Greatest common divisor. */
export function gcd(a: number, b: number): number {
  while (b) [a, b] = [b, a % b];
  return Math.abs(a);
}

/** All tuples of `length` items. */
export function* tuples<T>(items: readonly T[], length: number): Generator<T[]> {
  if (length === 0) {
    yield [];
    return;
  }
  for (const rest of tuples(items, length - 1)) for (const item of items) yield [...rest, item];
}

/** All orders of `items`. */
export function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [i, item] of items.entries()) {
    for (const rest of permutations(items.toSpliced(i, 1))) yield [item, ...rest];
  }
}

/** All subsets of `items`, of `size` if given; items stay in order. */
export function* subsets<T>(items: readonly T[], size?: number): Generator<T[]> {
  if (size !== undefined && (size < 0 || size > items.length)) return;
  if (items.length === 0) {
    yield [];
    return;
  }
  const [first, ...rest] = items;
  for (const subset of subsets(rest, size === undefined ? undefined : size - 1)) {
    yield [first!, ...subset];
  }
  yield* subsets(rest, size);
}

/** How many items pass. */
export function count<T>(items: Iterable<T>, test: (item: T) => boolean): number {
  let passed = 0;
  for (const item of items) if (test(item)) passed++;
  return passed;
}

/** Sum. */
export function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

/** True for prime numbers. */
export function isPrime(n: number): boolean {
  return n > 1 && range(2, Math.floor(Math.sqrt(n))).every((d) => n % d !== 0);
}

/** The share of items that pass, as `m + n` of the reduced fraction `m / n`. */
export function chance<T>(items: Iterable<T>, test: (item: T) => boolean): number {
  const all = [...items];
  const passed = count(all, test);
  const divisor = gcd(passed, all.length);
  return passed / divisor + all.length / divisor;
}
