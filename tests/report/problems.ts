/**
 * Small problems, each with four parts.
 * @module
 */
import type { DemoTask } from "../../lib/report/mod.ts";

/** A task with a way to take it apart. */
export interface Problem extends DemoTask {
  readonly answer: number;
  readonly parts: readonly (readonly [id: string, task: string, says: string])[];
  readonly rule: string;
  readonly solution: string;
}

const problems: readonly Problem[] = [
  {
    id: "count-3-or-5",
    task:
      "How many integers $n$ with $1 \\le n \\le 100$ are divisible by 3 or by 5? Count each only once.",
    answer: 47,
    parts: [
      [
        "by_three",
        "Count the integers from 1 to 100 divisible by 3.",
        "There are $\\lfloor 100/3 \\rfloor = 33$.\nFinal answer: 33",
      ],
      [
        "by_five",
        "Count the integers from 1 to 100 divisible by 5.",
        "There are $100/5 = 20$.\nFinal answer: 20",
      ],
      [
        "by_both",
        "Count the integers from 1 to 100 divisible by 15.",
        "There are $\\lfloor 100/15 \\rfloor = 6$.\nFinal answer: 6",
      ],
      [
        "check",
        "Confirm by inclusion and exclusion how counts of two overlapping sets combine.",
        "Add the two counts and take away the count of both.\nFinal answer: |A| + |B| - |A and B|",
      ],
    ],
    rule: "by_three + by_five - by_both",
    solution: "By inclusion and exclusion, $33 + 20 - 6 = 47$.",
  },
  {
    id: "powers-mod-7",
    task: "Find the remainder when \\(2^{100} + 3^{50}\\) is divided by 7.",
    answer: 4,
    parts: [
      [
        "two",
        "Find the remainder of $2^{100}$ on division by 7.",
        "$2^3 \\equiv 1$, so $2^{100} = 2^{99} \\cdot 2 \\equiv 2$.\nFinal answer: 2",
      ],
      [
        "three",
        "Find the remainder of $3^{50}$ on division by 7.",
        "$3^6 \\equiv 1$ and $50 = 48 + 2$, so it is $9 \\equiv 2$.\nFinal answer: 2",
      ],
      [
        "sum",
        "Reduce a sum of two remainders modulo 7.",
        "Add the two and reduce once more.\nFinal answer: 2 + 2 = 4",
      ],
      [
        "order",
        "Check the multiplicative orders of 2 and 3 modulo 7.",
        "They are 3 and 6.\nFinal answer: 3 and 6",
      ],
    ],
    rule: "(two + three) mod 7",
    solution: "The remainders are 2 and 2, together 4.",
  },
  {
    id: "lattice-paths",
    task:
      "A path goes from $(0,0)$ to $(4,4)$ in unit steps right or up. How many such paths avoid the point $(2,2)$?",
    answer: 34,
    parts: [
      [
        "all",
        "Count unit-step paths right or up from $(0,0)$ to $(4,4)$.",
        "$\\binom{8}{4} = 70$.\nFinal answer: 70",
      ],
      [
        "first_half",
        "Count such paths from $(0,0)$ to $(2,2)$.",
        "$\\binom{4}{2} = 6$.\nFinal answer: 6",
      ],
      [
        "second_half",
        "Count such paths from $(2,2)$ to $(4,4)$.",
        "$\\binom{4}{2} = 6$.\nFinal answer: 6",
      ],
      [
        "idea",
        "How does one count paths through a given point?",
        "Multiply the counts before and after it.\nFinal answer: 6 * 6 = 36",
      ],
    ],
    rule: "all - first_half * second_half",
    solution: "Of 70 paths $6 \\cdot 6 = 36$ go through the point, and 34 avoid it.",
  },
];

/** The tasks behind {@linkcode sampleRows}, repeated under new ids as often as needed. */
export function sampleTasks(size: number): Problem[] {
  return Array.from({ length: size }, (_, index) => {
    const problem = problems[index % problems.length]!;
    const round = Math.floor(index / problems.length);
    return round === 0 ? problem : { ...problem, id: `${problem.id}-${round + 1}` };
  });
}
