/**
 * Exact fractions of whole numbers.
 * @module
 */

/** `n / d` in lowest terms, `d > 0`. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

/** The fraction `n / d`, reduced; `d` must not be 0. */
export function rational(n: bigint, d: bigint = 1n): Rational {
  const divisor = gcd(n, d) * (d < 0n ? -1n : 1n);
  return { n: n / divisor, d: d / divisor };
}

/** Sum. */
export function add(a: Rational, b: Rational): Rational {
  return rational(a.n * b.d + b.n * a.d, a.d * b.d);
}

/** Product. */
export function multiply(a: Rational, b: Rational): Rational {
  return rational(a.n * b.n, a.d * b.d);
}

/** Negative if `a < b`, 0 if equal, positive if `a > b`. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/**
 * A plain number (`-12`, `0.5`, `.5`, `3.`) as a fraction; `null` for anything else and for more
 * than 400 digits.
 */
export function parseDecimal(text: string): Rational | null {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text.slice(0, 402));
  if (!match || text.length > 402) return null;
  const [, sign, whole = "", part = ""] = match;
  if (whole === "" && part === "") return null;
  const n = BigInt(whole + part);
  return rational(sign === "-" ? -n : n, 10n ** BigInt(part.length));
}

/** `7`, or `1/3`; with `decimal`, `0.5` where that is exact. */
export function formatRational({ n, d }: Rational, decimal: boolean = false): string {
  if (d === 1n) return String(n);
  if (!decimal) return `${n}/${d}`;
  let scale = 0;
  let power = 1n;
  while (power % d !== 0n) {
    if (scale++ > 800) return `${n}/${d}`;
    power *= 10n;
  }
  const digits = String((n < 0n ? -n : n) * (power / d)).padStart(scale + 1, "0");
  return `${n < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function gcd(a: bigint, b: bigint): bigint {
  a = a < 0n ? -a : a;
  b = b < 0n ? -b : b;
  while (b) [a, b] = [b, a % b];
  return a || 1n;
}
