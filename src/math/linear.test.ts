import { describe, expect, it } from 'vitest';
import { factorCholeskyInto, solvePositiveDefinite } from './linear.js';
import { makeRandom } from './rng.js';

/** A = BᵀB + 0.1 I of a random B. */
function makeDefinite(size: number, seed: string): Float64Array {
  const random = makeRandom(seed);
  const b = Float64Array.from({ length: size * size }, () => random.normal());
  const a = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < size; k++) a[i * size + j] += b[k * size + i] * b[k * size + j];
      if (i === j) a[i * size + j] += 0.1;
    }
  return a;
}

describe('solvePositiveDefinite', () => {
  it('gives back the vectors that the matrix was multiplied with', () => {
    for (const size of [1, 2, 7, 30]) {
      const a = makeDefinite(size, `n${size}`);
      const random = makeRandom(size);
      const truth = [0, 1, 2].map(() => Float64Array.from({ length: size }, () => random.normal()));
      const b = truth.map((x) =>
        Float64Array.from({ length: size }, (_, i) => x.reduce((sum, value, j) => sum + a[i * size + j] * value, 0)),
      );
      const before = a.slice();
      const found = solvePositiveDefinite(a, b);
      expect(a).toEqual(before);
      found.forEach((x, column) => {
        x.forEach((value, i) => {
          expect(value).toBeCloseTo(truth[column][i], 9);
        });
      });
    }
  });

  it('factors in place, and L·Lᵀ is the matrix', () => {
    const size = 5;
    const a = makeDefinite(size, 'factor');
    const l = a.slice();
    expect(factorCholeskyInto(l, l, size)).toBe(-1);
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k <= j; k++) sum += l[i * size + k] * l[j * size + k];
        expect(sum).toBeCloseTo(a[i * size + j], 10);
      }
  });

  it('refuses a singular matrix, and the ridge it names is enough', () => {
    const singular = Float64Array.of(1, 2, 3, 2, 4, 6, 3, 6, 9);
    let message = '';
    try {
      solvePositiveDefinite(singular, [Float64Array.of(1, 2, 3)]);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/row 2 of 3.*Add a ridge/);
    const ridge = Number(/at least (\S+)/.exec(message)?.[1]);
    for (let i = 0; i < 3; i++) singular[i * 3 + i] += ridge;
    expect(() => solvePositiveDefinite(singular, [Float64Array.of(1, 2, 3)])).not.toThrow();
  });

  it('refuses NaN and sizes that disagree', () => {
    expect(() => solvePositiveDefinite(Float64Array.of(Number.NaN), [Float64Array.of(1)])).toThrow(RangeError);
    expect(() => solvePositiveDefinite(Float64Array.of(1, 2), [])).toThrow(/not square/);
    expect(() => solvePositiveDefinite(Float64Array.of(1), [Float64Array.of(1, 2)])).toThrow(/2 rows, the matrix 1/);
  });
});
