import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  calcChiSquaredTail,
  calcFTail,
  calcNormalTail,
  calcStudentTail,
  findChiSquaredValue,
  findStudentValue,
  findTailValue,
} from './distributions.js';
import { calcLogGamma } from './gamma.js';
import { calcNormalProbability } from './normal.js';
import { calcStudentizedRangeTail, findStudentizedRange } from './studentized-range.js';

// Made by validate/statistics_reference.py; null stands for infinity.
const { distributions: reference } = JSON.parse(
  readFileSync(new URL('../study/statistics/scipy-reference.json', import.meta.url), 'utf8'),
) as { distributions: { [name: string]: (number | null)[][] } };

function expectAlike(name: string, calc: (...at: number[]) => number, relative: number, absolute = 0): void {
  const rows = reference[name].map((row) => row.map((value) => value ?? Number.POSITIVE_INFINITY));
  expect(rows.length).toBeGreaterThan(5);
  for (const row of rows) {
    const expected = row.at(-1)!;
    const found = calc(...row.slice(0, -1));
    expect(Math.abs(found - expected), `${name} at ${row}: ${found}`).toBeLessThanOrEqual(
      absolute + relative * Math.abs(expected),
    );
  }
}

describe('distributions', () => {
  it('agree with SciPy, small tails to as many digits', () => {
    expectAlike('student', calcStudentTail, 1e-12);
    expectAlike('f', calcFTail, 1e-12);
    expectAlike('chi_squared', calcChiSquaredTail, 1e-12);
    expectAlike('normal', calcNormalTail, 1e-12);
    expectAlike('log_gamma', calcLogGamma, 1e-14, 1e-14);
    expectAlike('student_value', findStudentValue, 1e-11);
    expectAlike('chi_squared_value', findChiSquaredValue, 1e-11);
  });

  it('are each other at the ends of their families', () => {
    fc.assert(
      fc.property(fc.double({ min: -6, max: 6, noNaN: true }), fc.integer({ min: 1, max: 60 }), (t, degrees) => {
        // t² is F with one degree of freedom above; χ² with one is z²; t with two has a closed form; the normal one is known already.
        expect(2 * calcStudentTail(Math.abs(t), degrees)).toBeCloseTo(calcFTail(t * t, 1, degrees), 12);
        expect(2 * calcNormalTail(Math.abs(t))).toBeCloseTo(calcChiSquaredTail(t * t, 1), 12);
        expect(calcStudentTail(t, 2)).toBeCloseTo(0.5 - t / (2 * Math.SQRT2 * Math.sqrt(1 + (t * t) / 2)), 13);
        expect(calcNormalTail(t)).toBeCloseTo(1 - calcNormalProbability(t), 14);
        // For two degrees of freedom χ² is exponential, whatever side of the switch between series and fraction.
        expect(calcChiSquaredTail(t * t, 2)).toBeCloseTo(Math.exp(-t * t * 0.5), 13);
      }),
    );
  });

  it('reach their ends, and pass NaN on', () => {
    expect([calcStudentTail(Number.POSITIVE_INFINITY, 3), calcStudentTail(Number.NEGATIVE_INFINITY, 3)]).toEqual([
      0, 1,
    ]);
    expect([calcFTail(0, 2, 3), calcFTail(Number.POSITIVE_INFINITY, 2, 3)]).toEqual([1, 0]);
    expect(calcChiSquaredTail(0, 4)).toBe(1);
    expect(calcStudentTail(0, 5)).toBeCloseTo(0.5, 15);
    expect(calcStudentTail(Number.NaN, 5)).toBeNaN();
    expect(calcLogGamma(-1)).toBeNaN();
    expect(findStudentValue(0.5, 3)).toBe(0);
    expect(() => findTailValue(calcNormalTail, 1, 0)).toThrow(RangeError);
  });
});

describe('studentised range', () => {
  it('agrees with SciPy', () => {
    // SciPy integrates numerically itself, with an error near 1e-9.
    expectAlike('range', calcStudentizedRangeTail, 1e-6, 1e-8);
    expectAlike('range_value', findStudentizedRange, 1e-6);
  });

  it('of two is the distance of two: √2 times a t', () => {
    for (const degrees of [2, 5, 40])
      for (const q of [0.1, 1, 3, 7])
        expect(calcStudentizedRangeTail(q, 2, degrees) / (2 * calcStudentTail(q / Math.SQRT2, degrees))).toBeCloseTo(
          1,
          10,
        );
    expect(calcStudentizedRangeTail(14, 2) / (2 * calcNormalTail(14 / Math.SQRT2))).toBeCloseTo(1, 10);
  });

  // Demšar 2006, table 5(a).
  it('gives the printed critical values of Nemenyi', () => {
    const printed = [1.96, 2.343, 2.569, 2.728, 2.85, 2.949, 3.031, 3.102, 3.164];
    printed.forEach((q, i) => {
      expect(findStudentizedRange(0.05, i + 2) / Math.SQRT2).toBeCloseTo(q, 2);
    });
    expect(calcStudentizedRangeTail(0, 3)).toBe(1);
    expect(calcStudentizedRangeTail(1, 1)).toBeNaN();
  });
});
