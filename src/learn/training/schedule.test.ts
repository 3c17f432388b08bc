import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calcRateFactor, type GivenSchedule, makeSchedule, type Standing } from './schedule.js';

const standing = (step: number, validationLosses: readonly number[] = []): Standing => ({
  step,
  stepsPerEpoch: 10,
  epochs: 20,
  validationLosses,
});
const factors = (given: GivenSchedule) =>
  Array.from({ length: 200 }, (_, step) => calcRateFactor(makeSchedule(given), standing(step)));

describe('the learning rate', () => {
  test('constant', () => expect(new Set(factors('constant'))).toEqual(new Set([1])));

  test('cosine rises over a twentieth of the steps and falls to nothing', () => {
    const found = factors('cosine');
    expect(found.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, k) => (k + 1) / 10));
    expect(found[10]).toBe(1);
    // Half way down it is a half, symmetric about it.
    expect(found[105]).toBeCloseTo(0.5, 12);
    for (let k = 0; k < 95; k++) expect(found[105 + k] + found[105 - k]).toBeCloseTo(1, 12);
    expect(found.slice(10).every((value, k, all) => k === 0 || value < all[k - 1])).toBe(true);
  });

  test('step falls by its factor every so many epochs', () => {
    const found = factors({ kind: 'step', every: 5, factor: 0.1 });
    for (const [step, expected] of [
      [0, 1],
      [49, 1],
      [50, 0.1],
      [100, 0.01],
      [199, 0.001],
    ])
      expect(found[step]).toBeCloseTo(expected, 12);
  });

  test('one cycle goes from its start over 1 to its end', () => {
    const found = factors('one-cycle');
    expect(found[0]).toBeCloseTo(1 / 25, 12);
    expect(Math.max(...found)).toBe(found[60]);
    expect(found[60]).toBe(1);
    expect(found[30]).toBeCloseTo((1 + 1 / 25) / 2, 12);
    expect(found[199]).toBeCloseTo(1 / 25e4, 12);
  });

  test('plateau falls after more than `patience` epochs without a better loss, and waits anew then', () => {
    const schedule = makeSchedule({ kind: 'plateau', patience: 1, factor: 0.5, threshold: 0.1 });
    const after = (losses: readonly number[]) => calcRateFactor(schedule, standing(0, losses));
    expect(after([])).toBe(1);
    expect(after([1, 0.8, 0.6])).toBe(1);
    // 0.95 is better by less than a tenth.
    expect(after([1, 0.95])).toBe(1);
    expect(after([1, 0.95, 0.93])).toBe(0.5);
    expect(after([1, 0.95, 0.93, 0.92])).toBe(0.5);
    expect(after([1, 0.95, 0.93, 0.92, 0.91])).toBe(0.25);
    expect(after([1, 0.95, 0.93, 0.5, 0.49])).toBe(0.5);
  });

  test('lies between 0 and 1 for any length of training', () => {
    const kinds = ['cosine', 'step', 'one-cycle', 'plateau'] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.nat(),
        (kind, stepsPerEpoch, epochs, at) => {
          const step = at % (stepsPerEpoch * epochs);
          const factor = calcRateFactor(makeSchedule(kind), { step, stepsPerEpoch, epochs, validationLosses: [1, 2] });
          expect(factor).toBeGreaterThanOrEqual(0);
          expect(factor).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

test('what is out of range is named', () => {
  expect(() => makeSchedule('linear' as never)).toThrow(/training.schedule: must be one of constant, cosine/);
  expect(() => makeSchedule({ kind: 'step', every: 0 })).toThrow(/training.schedule.every: must be a whole number/);
  expect(() => makeSchedule({ kind: 'plateau', factor: 2 })).toThrow(/training.schedule.factor: .*is 2/);
  expect(() => makeSchedule({ kind: 'one-cycle', rise: 1 })).toThrow(/training.schedule.rise/);
  expect(() => makeSchedule({ kind: 'cosine', warmUp: Number.NaN })).toThrow(/training.schedule.warmUp/);
});
