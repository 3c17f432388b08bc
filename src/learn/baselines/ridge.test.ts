import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calcRidgeError, fitRidge, predictRidge, RidgeSums, solveRidge } from './ridge.js';

const rowsOf = (n: number, seed: number) => {
  let s = seed;
  const next = () => {
    s = (s * 16807) % 2147483647;
    return s / 2147483647 - 0.5;
  };
  return Array.from({ length: n }, () => Float64Array.of(next() + 3, next() * 10, next(), 7));
};
const truth = (row: Float64Array) => 2 + 0.5 * row[0] - 0.2 * row[1] + row[2];
const sum = (rows: Float64Array[], weight = 1) => {
  const sums = new RidgeSums(4);
  for (const row of rows) sums.add(row, truth(row), weight);
  return sums;
};

describe('ridge', () => {
  it('recovers a linear law when the penalty is nil, and gives a constant feature no weight', () => {
    const ridge = solveRidge(sum(rowsOf(200, 5)), 1e-12);
    for (const row of rowsOf(20, 99)) expect(predictRidge(ridge, row)).toBeCloseTo(truth(row), 6);
    expect(ridge.weights[3]).toBe(0);
  });

  it('satisfies the normal equations of the penalised problem', () => {
    // Independent check: the gradient of Σ(y − ŷ)²/n + alpha Σ(w·sd)² vanishes at the solution.
    const rows = rowsOf(150, 7);
    const labels = rows.map((row, i) => truth(row) + Math.sin(i));
    const sums = new RidgeSums(4);
    rows.forEach((row, i) => {
      sums.add(row, labels[i], 1);
    });
    const alpha = 0.3;
    const ridge = solveRidge(sums, alpha);
    for (let j = 0; j < 3; j++) {
      const mean = rows.reduce((a, r) => a + r[j], 0) / rows.length;
      const variance = rows.reduce((a, r) => a + (r[j] - mean) ** 2, 0) / rows.length;
      const gradient =
        rows.reduce((a, r, i) => a + (predictRidge(ridge, r) - labels[i]) * (r[j] - mean), 0) / rows.length;
      expect(gradient + alpha * variance * ridge.weights[j]).toBeCloseTo(0, 8);
    }
  });

  it('calculates its error from the sums as from the rows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 1e-4, max: 10, noNaN: true }), (seed, alpha) => {
        const ridge = solveRidge(sum(rowsOf(40, seed)), alpha);
        const rows = rowsOf(30, seed + 1);
        const squares = rows.reduce((a, r) => a + truth(r) ** 2, 0);
        const direct = rows.reduce((a, r) => a + (predictRidge(ridge, r) - truth(r)) ** 2, 0) / rows.length;
        expect(calcRidgeError(ridge, sum(rows), squares)).toBeCloseTo(direct, 6);
      }),
      { numRuns: 30 },
    );
  });

  it('takes the penalty that validation prefers', () => {
    const rows = rowsOf(60, 3);
    const validation = rowsOf(40, 4);
    const squares = validation.reduce((a, r) => a + truth(r) ** 2, 0);
    expect(fitRidge(sum(rows), sum(validation), squares).alpha).toBeLessThan(1e-3);
  });
});
