import { describe, expect, it } from 'vitest';
import { solvePositiveDefinite } from './linear.js';
import { makeRandom } from './rng.js';
import { calcSymmetricEigen, calcSymmetricPower } from './symmetric.js';

function makeSymmetric(size: number, seed: string, definite: boolean): Float64Array {
  const random = makeRandom(seed);
  const b = Float64Array.from({ length: size * size }, () => random.normal());
  const a = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      if (!definite) a[i * size + j] = b[i * size + j] + b[j * size + i];
      else for (let k = 0; k < size; k++) a[i * size + j] += b[k * size + i] * b[k * size + j];
      if (i === j && definite) a[i * size + j] += 0.1;
    }
  return a;
}
function multiply(a: Float64Array, b: Float64Array): Float64Array {
  const size = Math.sqrt(a.length);
  return a.map((_, at) => {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += a[Math.floor(at / size) * size + k] * b[k * size + (at % size)];
    return sum;
  });
}
const expectClose = (a: Float64Array, b: Float64Array, digits: number) => {
  a.forEach((value, at) => {
    expect(value).toBeCloseTo(b[at], digits);
  });
};

describe('calcSymmetricEigen', () => {
  it('finds unit vectors that the matrix only stretches, at right angles, in rising order', () => {
    for (const size of [1, 2, 3, 8, 40]) {
      const a = makeSymmetric(size, `eigen ${size}`, false);
      const { values, vectors } = calcSymmetricEigen(a);
      for (let k = 0; k < size; k++) {
        if (k > 0) expect(values[k]).toBeGreaterThanOrEqual(values[k - 1]);
        const v = vectors.subarray(k * size, (k + 1) * size);
        for (let i = 0; i < size; i++) {
          let sum = 0;
          for (let j = 0; j < size; j++) sum += a[i * size + j] * v[j];
          expect(sum).toBeCloseTo(values[k] * v[i], 9);
        }
        for (let m = 0; m <= k; m++) {
          const dot = v.reduce((sum, value, i) => sum + value * vectors[m * size + i], 0);
          expect(dot).toBeCloseTo(m === k ? 1 : 0, 12);
        }
      }
      const trace = Array.from({ length: size }, (_, i) => a[i * size + i]).reduce((x, y) => x + y, 0);
      expect(values.reduce((x, y) => x + y, 0)).toBeCloseTo(trace, 9);
    }
  });

  it('bears equal eigenvalues, zeros and very different scales', () => {
    expect([...calcSymmetricEigen(Float64Array.of(2, 0, 0, 2)).values]).toEqual([2, 2]);
    expect([...calcSymmetricEigen(new Float64Array(9)).values]).toEqual([0, 0, 0]);
    const { values } = calcSymmetricEigen(Float64Array.of(1e12, 1, 1, 1e-3));
    expect(values[1] / 1e12).toBeCloseTo(1, 12);
    expect(() => calcSymmetricEigen(Float64Array.of(1, Number.NaN, 0, 1))).toThrow(/not finite/);
    expect(() => calcSymmetricEigen(new Float64Array(3))).toThrow(/not square/);
  });
});

describe('calcSymmetricPower', () => {
  it('has roots that multiply to the matrix and an inverse that agrees with Cholesky', () => {
    const size = 12;
    const a = makeSymmetric(size, 'power', true);
    const root = calcSymmetricPower(a, 0.5);
    expectClose(multiply(root, root), a, 9);
    const identity = Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
    expectClose(multiply(root, calcSymmetricPower(a, -0.5)), identity, 9);
    const columns = Array.from({ length: size }, (_, k) => identity.slice(k * size, (k + 1) * size));
    const inverse = Float64Array.from(solvePositiveDefinite(a, columns).flatMap((column) => [...column]));
    expectClose(calcSymmetricPower(a, -1), inverse, 8);
  });

  it('refuses a matrix that is not positive definite', () => {
    expect(() => calcSymmetricPower(Float64Array.of(1, 1, 1, 1), -0.5)).toThrow(/not positive definite.*ridge/);
    expect(() => calcSymmetricPower(new Float64Array(4), 0.5)).toThrow(/not positive definite/);
  });
});
