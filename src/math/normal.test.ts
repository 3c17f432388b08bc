import { describe, expect, it } from 'vitest';
import { calcNormalProbability, calcNormalQuantile } from './normal.js';

describe('normal distribution', () => {
  // Abramowitz & Stegun 1964, tables 26.1 and 26.5.
  it('agrees with printed tables', () => {
    expect(calcNormalProbability(0)).toBe(0.5);
    expect(calcNormalProbability(1)).toBeCloseTo(0.841344746068543, 14);
    expect(calcNormalProbability(-2)).toBeCloseTo(0.022750131948179, 14);
    expect(calcNormalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(calcNormalQuantile(0.05)).toBeCloseTo(-1.644853626951472, 12);
  });

  it('is its own inverse, rises, and has the normal density as slope', () => {
    for (let x = -5; x <= 5; x += 0.25) {
      expect(calcNormalQuantile(calcNormalProbability(x))).toBeCloseTo(x, 8);
      const slope = (calcNormalProbability(x + 1e-4) - calcNormalProbability(x - 1e-4)) / 2e-4;
      expect(slope).toBeCloseTo(Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI), 7);
    }
    expect(calcNormalProbability(-50)).toBe(0);
    expect(calcNormalProbability(50)).toBe(1);
  });

  it('refuses what is no probability', () => {
    for (const value of [0, 1, -1, 2, Number.NaN]) expect(() => calcNormalQuantile(value)).toThrow(RangeError);
  });
});
