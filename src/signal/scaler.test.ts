import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitScaler, scale, unscale } from './scaler.js';

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

describe('fitScaler', () => {
  it('pools trials and leaves gaps out', () => {
    const scaler = fitScaler([[Float64Array.of(1, Number.NaN, 3)], [Float64Array.of(5, 7)]]);
    expect(scaler.means[0]).toBeCloseTo(4, 12);
    expect(scaler.deviations[0]).toBeCloseTo(Math.sqrt(5), 12);
    expect(scaler.constant).toEqual([]);
  });

  it('gives mean 0 and deviation 1, and goes back, for any numbers', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const trials = [[Float64Array.from(a)], [Float64Array.from(b)]];
        const scaler = fitScaler(trials);
        const all = Float64Array.from([...a, ...b]);
        const scaled = scale(scaler, 0, all);
        const mean = scaled.reduce((sum, value) => sum + value, 0) / all.length;
        const square = scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length;
        expect(mean).toBeCloseTo(0, 4);
        if (scaler.constant.length === 0) expect(square).toBeCloseTo(1, 4);
        unscale(scaler, 0, scaled).forEach((value, i) => {
          expect(Math.abs(value - all[i])).toBeLessThanOrEqual(
            1e-9 * Math.max(1, Math.abs(all[i]), scaler.deviations[0]),
          );
        });
      }),
    );
  });

  it('reports constant features and scales them to zero', () => {
    const scaler = fitScaler([[Float64Array.of(0.1, 0.2), new Float64Array(3).fill(0.3)]]);
    expect(scaler.constant).toEqual([1]);
    expect([...scale(scaler, 1, Float64Array.of(0.3))]).toEqual([expect.closeTo(0, 12)]);
  });

  it('refuses features without values and trials that do not match', () => {
    expect(() => fitScaler([[Float64Array.of(Number.NaN)]])).toThrow(/feature 1 has no value/);
    expect(() => fitScaler([[Float64Array.of(1)], []])).toThrow(/same number/);
  });
});
