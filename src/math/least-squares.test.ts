import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findLeastSquares, type LeastSquaresProblem } from './least-squares.js';

interface Case {
  problem: string;
  start: number[];
  lower: (number | null)[];
  upper: (number | null)[];
  x: number[];
  cost: number;
  active: number[];
}
const reference = JSON.parse(readFileSync(new URL('./least-squares.reference.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

const times = Array.from({ length: 41 }, (_, i) => i / 10);
type Function = (x: ArrayLike<number>) => number[];
const problems: Record<string, Function> = {
  rosenbrock: (x) => [10 * (x[1] - x[0] ** 2), 1 - x[0]],
  decay: (x) =>
    times.map((t) => x[0] * Math.exp(-x[1] * t) + x[2] - (2.5 * Math.exp(-1.3 * t) + 0.4 + 0.05 * Math.sin(7 * t))),
  gauss: (x) =>
    times.map(
      (t) =>
        x[0] * Math.exp(-0.5 * ((t - x[1]) / x[2]) ** 2) -
        (3 * Math.exp(-0.5 * ((t - 1.7) / 0.6) ** 2) + 0.1 * Math.cos(5 * t)),
    ),
  powell: (x) => [
    x[0] + 10 * x[1],
    Math.sqrt(5) * (x[2] - x[3]),
    (x[1] - 2 * x[2]) ** 2,
    Math.sqrt(10) * (x[0] - x[3]) ** 2,
  ],
};

function make(f: Function, initial: number[], more: Partial<LeastSquaresProblem> = {}): LeastSquaresProblem {
  return {
    initial,
    residualCount: f(initial).length,
    calcResidualsInto: (out, x) => out.set(f(x)),
    ...more,
  };
}

describe('findLeastSquares', () => {
  for (const [index, { problem, start, lower, upper, x, cost, active }] of reference.cases.entries()) {
    it(`finds the minimum that scipy's trf finds: ${problem}, case ${index}`, () => {
      const found = findLeastSquares(
        make(problems[problem], start, {
          lower: lower.map((v) => v ?? Number.NEGATIVE_INFINITY),
          upper: upper.map((v) => v ?? Number.POSITIVE_INFINITY),
          maxIterations: 500,
          costTolerance: 1e-15,
        }),
      );
      found.parameters.forEach((value, j) => {
        expect(Math.abs(value - x[j])).toBeLessThan(2e-6 * Math.max(1, Math.abs(x[j])));
      });
      expect(Math.abs(found.cost - cost)).toBeLessThan(1e-10 * Math.max(1, cost));
      expect([...found.active]).toEqual(active);
      expect(found.reason).not.toBe('iterations');
    });
  }

  it('solves a linear problem with a bound as worked out by hand', () => {
    // min ½[(x+y−3)² + (x−y−1)²]: free minimum (2, 1); with y ≤ 0.5, dr/dx = 0 gives 2x = 4, so x = 2.
    const f: Function = (x) => [x[0] + x[1] - 3, x[0] - x[1] - 1];
    expect(findLeastSquares(make(f, [0, 0])).parameters[1]).toBeCloseTo(1, 9);
    const bounded = findLeastSquares(make(f, [0, 0], { lower: [-9, -9], upper: [9, 0.5] }));
    expect(bounded.parameters[0]).toBeCloseTo(2, 8);
    expect(bounded.parameters[1]).toBe(0.5);
    expect([...bounded.active]).toEqual([0, 1]);
  });

  it('uses a given Jacobian, and needs fewer residual evaluations then', () => {
    const differences = findLeastSquares(make(problems.rosenbrock, [-1.2, 1]));
    const given = findLeastSquares(
      make(problems.rosenbrock, [-1.2, 1], {
        calcJacobianInto: (out, x) => out.set([-20 * x[0], -1, 10, 0]),
      }),
    );
    expect(given.parameters[0]).toBeCloseTo(1, 8);
    expect(given.evaluations).toBeLessThan(differences.evaluations / 2);
  });

  it('reports progress: one call per accepted step, cost as in the history', () => {
    const seen: number[] = [];
    const result = findLeastSquares(
      make(problems.rosenbrock, [-1.2, 1], { onIteration: ({ iteration, cost }) => (seen[iteration] = cost) }),
    );
    expect(result.costHistory.slice(0, seen.length)).toEqual(seen);
    expect(result.costHistory.length).toBe(result.iterations + 1);
    const stopped = findLeastSquares(make(problems.rosenbrock, [-1.2, 1], { maxIterations: 3 }));
    expect([stopped.iterations, stopped.reason]).toEqual([3, 'iterations']);
  });

  it('holds parameters whose bounds are equal, and bears parameters without effect', () => {
    const f: Function = (x) => [x[0] * x[1] - 6, 0 * x[2]];
    const found = findLeastSquares(make(f, [1, 2, 5], { lower: [-9, 2, -9], upper: [9, 2, 9] }));
    expect(found.parameters[0]).toBeCloseTo(3, 8);
    expect(found.parameters[1]).toBe(2);
    expect(found.parameters[2]).toBe(5);
  });

  it('steps back from points where the residuals are not numbers', () => {
    const found = findLeastSquares(make((x) => [Math.log(x[0]) + 3], [2]));
    expect(found.parameters[0]).toBeCloseTo(Math.exp(-3), 8);
  });

  it('never leaves the bounds and never raises the cost', () => {
    const wide = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(wide, wide, wide), { minLength: 4, maxLength: 4 }),
        fc.constantFrom('rosenbrock', 'powell', 'decay'),
        (triples, name) => {
          const count = name === 'rosenbrock' ? 2 : name === 'powell' ? 4 : 3;
          const sorted = triples.slice(0, count).map((triple) => [...triple].sort((a, b) => a - b));
          const lower = sorted.map((t) => t[0]);
          const upper = sorted.map((t) => t[2]);
          const f: Function = (x) => {
            for (let j = 0; j < count; j++) if (!(x[j] >= lower[j] && x[j] <= upper[j])) throw new Error('outside');
            return problems[name](x);
          };
          const start = sorted.map((t) => t[1]);
          if (!problems[name](start).every((r) => Number.isFinite(r * r))) return;
          const found = findLeastSquares(make(f, start, { lower, upper, maxIterations: 30 }));
          found.costHistory.forEach((cost, i) => {
            if (i > 0) expect(cost).toBeLessThan(found.costHistory[i - 1]);
          });
          expect(found.cost).toBe(found.costHistory.at(-1));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('refuses bad settings', () => {
    const f: Function = (x) => [x[0]];
    expect(() => findLeastSquares(make(f, [2], { upper: [1] }))).toThrow(/starts at 2, outside its bounds/);
    expect(() => findLeastSquares(make(f, [2], { lower: [1, 1] }))).toThrow(/lower has 2 numbers for 1/);
    expect(() => findLeastSquares(make(f, [2], { scale: [0] }))).toThrow(/scale/);
    expect(() => findLeastSquares(make(() => [Number.NaN], [2]))).toThrow(/not finite/);
    expect(() => findLeastSquares({ ...make(f, [1]), initial: [] })).toThrow(/needs a parameter/);
    expect(() => findLeastSquares(make(f, [1], { calcJacobianInto: (out) => out.fill(Number.NaN) }))).toThrow(
      /Jacobian/,
    );
  });
});
