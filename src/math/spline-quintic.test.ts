import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calcQuinticSplineSlopes } from './spline-quintic.js';

/**
 * The same spline by another way: s(x) = Σ w_i |x − x_i|⁵ + c0 + c1 x + c2 x², with Σ w_i x_i^k = 0 for k = 0, 1, 2,
 * solved as one dense system.
 */
function slopesByRadialBasis(x: number[], y: number[]): number[] {
  const n = x.length;
  const rows = Array.from({ length: n + 3 }, (_, i) => {
    const left = x.map((xj, j) => (i < n ? Math.abs(x[i] - xj) ** 5 : x[j] ** (i - n)));
    const right = [0, 1, 2].map((k) => (i < n ? x[i] ** k : 0));
    return [...left, ...right, i < n ? y[i] : 0];
  });
  const size = n + 3;
  for (let k = 0; k < size; k++) {
    let best = k;
    for (let i = k; i < size; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[best][k])) best = i;
    [rows[k], rows[best]] = [rows[best], rows[k]];
    for (let i = 0; i < size; i++) {
      if (i === k) continue;
      const factor = rows[i][k] / rows[k][k];
      for (let j = k; j <= size; j++) rows[i][j] -= factor * rows[k][j];
    }
  }
  const w = rows.map((row, i) => row[size] / row[i]);
  return x.map((at) => {
    const basis = x.reduce((sum, xi, i) => sum + w[i] * 5 * Math.sign(at - xi) * (at - xi) ** 4, 0);
    return basis + w[n + 1] + 2 * w[n + 2] * at;
  });
}

describe('calcQuinticSplineSlopes', () => {
  it('agrees with a dense solution by radial basis functions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0.3, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })), {
          minLength: 4,
          maxLength: 12,
        }),
        (pairs) => {
          let sum = -1;
          const x = pairs.map(([step]) => {
            sum += step;
            return sum;
          });
          const y = pairs.map(([, value]) => value);
          const expected = slopesByRadialBasis(x, y);
          calcQuinticSplineSlopes(x, y).forEach((slope, i) => {
            expect(Math.abs(slope - expected[i])).toBeLessThan(1e-5);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('differentiates a parabola exactly, whatever the spacing', () => {
    const x = [0, 0.013, 0.5, 0.51, 2, 2.2, 7];
    const slopes = calcQuinticSplineSlopes(
      x,
      x.map((t) => 3 - t + 0.5 * t * t),
    );
    x.forEach((t, i) => {
      expect(slopes[i]).toBeCloseTo(t - 1, 9);
    });
  });

  it('follows a sine to sixth order inside a long record', () => {
    const x = Array.from({ length: 400 }, (_, i) => i * 0.05);
    const slopes = calcQuinticSplineSlopes(x, x.map(Math.sin));
    for (let i = 20; i < 380; i++) expect(Math.abs(slopes[i] - Math.cos(x[i]))).toBeLessThan(1e-8);
  });

  it('takes the chord of two points, the parabola of three, and nothing of fewer', () => {
    expect([...calcQuinticSplineSlopes([0, 2], [1, 5])]).toEqual([2, 2]);
    const three = calcQuinticSplineSlopes([0, 1, 3], [0, 1, 9]);
    [0, 2, 6].forEach((slope, i) => {
      expect(three[i]).toBeCloseTo(slope, 12);
    });
    expect([...calcQuinticSplineSlopes([1], [4])]).toEqual([0]);
    expect(calcQuinticSplineSlopes([], [])).toHaveLength(0);
  });
});
