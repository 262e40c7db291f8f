/**
 * Student's t distribution.
 * @module
 */

/**
 * The 97.5 % point of Student's t with `degrees` (at least 1) degrees of freedom, by bisection on
 * its distribution function.
 */
export function studentQuantile975(degrees: number): number {
  let low = 1.9;
  let high = 13;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (upperTail(middle, degrees) > 0.025) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(T > t) for t > 0. */
function upperTail(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
}

/**
 * The regularised incomplete beta function, by its continued fraction evaluated with Lentz's method
 * (Abramowitz and Stegun 26.5.8; Thompson and Barnett 1986).
 */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const tiny = 1e-300;
  let fraction = 1;
  let c = 1;
  let d = 0;
  for (let i = 0; i < 500; i++) {
    const m = Math.floor(i / 2);
    const numerator = i === 0
      ? 1
      : i % 2 === 0
      ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + numerator * d || tiny);
    c = 1 + numerator / c || tiny;
    fraction *= c * d;
    if (Math.abs(1 - c * d) < 1e-15) break;
  }
  const front = a * Math.log(x) + b * Math.log(1 - x) +
    logGamma(a + b) - logGamma(a) - logGamma(b);
  return Math.exp(front) * (fraction - 1) / a;
}

/** ln Γ(x) for x > 0: Stirling's series, after shifting x above 10. */
function logGamma(x: number): number {
  let shift = 0;
  let y = x;
  for (; y < 10; y++) shift -= Math.log(y);
  const inverse = 1 / (y * y);
  const series = 1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680)));
  return shift + (y - 0.5) * Math.log(y) - y + Math.log(2 * Math.PI) / 2 + series / y;
}
