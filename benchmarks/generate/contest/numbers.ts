/** Divisibility, primes, digits and remainders. @module */
import { count, gcd, isPrime, type Problem, range, sum } from "./brute.ts";

const family = "number_theory";

function divisors(n: number): number[] {
  return range(1, n).filter((d) => n % d === 0);
}

function polynomial(limit: number, add: number, modulus: number): Problem {
  return {
    family,
    task: `For how many positive integers n not greater than ${limit} is n² + n + ${add} a ` +
      `multiple of ${modulus}?`,
    answer: count(range(1, limit), (n) => (n * n + n + add) % modulus === 0),
  };
}

function primeGap(limit: number, gap: number): Problem {
  return {
    family,
    task: `How many primes p below ${limit} have the property that p + ${gap} is prime as well?`,
    answer: count(range(2, limit - 1), (p) => isPrime(p) && isPrime(p + gap)),
  };
}

function pairs(limit: number, divisor: number, common: number): Problem {
  let found = 0;
  for (const a of range(1, limit)) {
    found += count(range(1, limit), (b) => gcd(a, b) === common && (a + b) % divisor === 0);
  }
  return {
    family,
    task: `How many ordered pairs (a, b) of integers from 1 to ${limit} have greatest common ` +
      `divisor ${common} and a sum that is a multiple of ${divisor}?`,
    answer: found,
  };
}

function towers(limit: number): Problem {
  const remainders = range(1, limit).map((k) => {
    let power = 1;
    for (let i = 0; i < k; i++) power = (power * k) % 1000;
    return power;
  });
  return {
    family,
    task: `Find the remainder when 1¹ + 2² + 3³ + … + ${limit}^${limit} (the k-th term is k to ` +
      `the power k) is divided by 1000.`,
    answer: sum(remainders) % 1000,
  };
}

function ternary(limit: number, base: number, digit: number): Problem {
  return {
    family,
    task: `How many positive integers not greater than ${limit} have no digit ${digit} when they ` +
      `are written in base ${base}?`,
    answer: count(range(1, limit), (n) => !n.toString(base).includes(String(digit))),
  };
}

function divisorCount(wanted: number, step: number): Problem {
  const found = range(1, 999).find((n) => n % step === 0 && divisors(n).length === wanted);
  return {
    family,
    task: `What is the smallest positive multiple of ${step} that has exactly ${wanted} positive ` +
      `divisors?`,
    answer: found ?? -1,
  };
}

/** The problems of this family. */
export const numbers: readonly Problem[] = [
  polynomial(900, 4, 6),
  polynomial(1500, 3, 15),
  primeGap(200, 6),
  primeGap(500, 4),
  pairs(40, 7, 1),
  pairs(60, 5, 3),
  towers(12),
  towers(25),
  ternary(800, 3, 2),
  ternary(2000, 5, 0),
  divisorCount(12, 14),
  divisorCount(15, 6),
];
