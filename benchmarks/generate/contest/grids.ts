/** Geometry on lattice points and cells. @module */
import { count, gcd, type Problem, range, subsets } from "./brute.ts";

const family = "grid_geometry";

type Point = readonly [x: number, y: number];

function points(width: number, height: number): Point[] {
  return range(0, width - 1).flatMap((x) => range(0, height - 1).map((y): Point => [x, y]));
}

function squared(a: Point, b: Point): number {
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2;
}

function twiceArea(a: Point, b: Point, c: Point): number {
  return Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}

function squares(size: number): Problem {
  return {
    family,
    task:
      `Consider the ${size * size} points with integer coordinates from 0 to ${size - 1}. How ` +
      `many squares, tilted ones included, have all four vertices among these points?`,
    // A square is counted once, from its lowest corner going right: side (dx, dy), dx > 0, dy ≥ 0.
    answer: count(
      points(size, size).flatMap((p) => points(size, size).map((side) => [p, side] as const)),
      ([[x, y], [dx, dy]]) => dx > 0 && x + dx < size && y + dx + dy < size && x - dy >= 0,
    ),
  };
}

function rightTriangles(width: number, height: number): Problem {
  return {
    family,
    task: `A grid has ${width} columns and ${height} rows of points, one unit apart. How many ` +
      `right-angled triangles have their three vertices at points of the grid?`,
    answer: count(subsets(points(width, height), 3), ([a, b, c]) => {
      const [x, y, z] = [squared(a!, b!), squared(b!, c!), squared(a!, c!)].sort((p, q) => p - q);
      return x! + y! === z && twiceArea(a!, b!, c!) > 0;
    }),
  };
}

function triangleInside(b: Point, c: Point): Problem {
  const a: Point = [0, 0];
  const whole = twiceArea(a, b, c);
  const box = points(Math.max(b[0], c[0]) + 1, Math.max(b[1], c[1]) + 1);
  return {
    family,
    task: `How many points with integer coordinates lie strictly inside the triangle with ` +
      `vertices (0, 0), (${b[0]}, ${b[1]}) and (${c[0]}, ${c[1]})?`,
    answer: count(box, (p) => {
      const parts = [twiceArea(p, a, b), twiceArea(p, b, c), twiceArea(p, a, c)];
      return parts.every((part) => part > 0) && parts[0]! + parts[1]! + parts[2]! === whole;
    }),
  };
}

function crossedCells(width: number, height: number): Problem {
  // A cell is crossed if its lower right and upper left corners lie on different sides.
  const side = (x: number, y: number) => Math.sign(height * x - width * y);
  return {
    family,
    task: `A rectangle of ${width} by ${height} is divided into unit squares. Through the ` +
      `interiors of how many unit squares does a diagonal of the rectangle pass?`,
    answer: count(points(width, height), ([x, y]) => side(x + 1, y) > 0 && side(x, y + 1) < 0),
  };
}

function paths(width: number, height: number, blocked: readonly Point[]): Problem {
  const closed = (x: number, y: number) => blocked.some(([p, q]) => p === x && q === y);
  const walk = (x: number, y: number): number => {
    if (x > width || y > height || closed(x, y)) return 0;
    return x === width && y === height ? 1 : walk(x + 1, y) + walk(x, y + 1);
  };
  const names = blocked.map(([x, y]) => `(${x}, ${y})`).join(" and ");
  return {
    family,
    task:
      `A path from (0, 0) to (${width}, ${height}) consists of steps of length 1 to the right ` +
      `or up. How many such paths avoid the points ${names}?`,
    answer: walk(0, 0),
  };
}

function visible(size: number): Problem {
  return {
    family,
    task: `A tree stands at every point with integer coordinates from 1 to ${size}. A tree is ` +
      `seen from the origin if no other tree stands on the segment between them. How many trees ` +
      `are seen?`,
    answer: count(points(size + 1, size + 1), ([x, y]) => x > 0 && y > 0 && gcd(x, y) === 1),
  };
}

/** The problems of this family. */
export const grids: readonly Problem[] = [
  squares(5),
  squares(8),
  rightTriangles(3, 4),
  rightTriangles(4, 4),
  triangleInside([17, 4], [6, 23]),
  triangleInside([30, 11], [12, 36]),
  crossedCells(84, 60),
  crossedCells(231, 105),
  paths(6, 5, [[2, 3], [4, 2]]),
  paths(7, 6, [[3, 3], [5, 4]]),
  visible(12),
  visible(30),
];
