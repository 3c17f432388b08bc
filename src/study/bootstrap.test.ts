import { describe, expect, it } from 'vitest';
import { makeRandom } from '../math/index.js';
import { calcErrorIntervals } from './bootstrap.js';

/** Errors of unit variance about a sine; `memory` ties each to the one before. */
function makeComparison(frames: number, memory: number, seed: number) {
  const random = makeRandom(seed);
  const measured = Float64Array.from({ length: frames }, (_, i) => Math.sin(i / 7));
  let error = 0;
  const predicted = measured.map((value) => {
    error = memory * error + Math.sqrt(1 - memory ** 2) * random.normal();
    return value + error;
  });
  return { measured, predicted, mass_kg: 70 };
}
const width = (interval: readonly [number, number] | null) => interval![1] - interval![0];

describe('calcErrorIntervals', () => {
  it('has the width of theory where errors are independent, and misses about one truth in twenty', () => {
    const frames = 800;
    // RMSE of n normal errors has a standard deviation of σ / √(2n).
    const theory = (2 * 1.96) / Math.sqrt(2 * frames);
    let missed = 0;
    let sum = 0;
    for (let seed = 0; seed < 60; seed++) {
      const { rmse_Nm_per_kg } = calcErrorIntervals([makeComparison(frames, 0, seed)], ['a'], 1, seed, 200);
      sum += width(rmse_Nm_per_kg) / 60;
      if (rmse_Nm_per_kg![0] > 1 || rmse_Nm_per_kg![1] < 1) missed++;
    }
    expect(sum / theory).toBeGreaterThan(0.9);
    expect(sum / theory).toBeLessThan(1.1);
    expect(missed).toBeGreaterThan(0);
    expect(missed).toBeLessThan(10);
  });

  it('is wider in blocks where errors come in runs, which single frames do not see', () => {
    const runs = [makeComparison(4000, 0.95, 1)];
    const [frames, blocks] = [1, 200].map((block) => calcErrorIntervals(runs, ['a'], block, 1).rmse_Nm_per_kg);
    expect(width(blocks) / width(frames)).toBeGreaterThan(2);
  });

  it('draws from the known frames of each trial alone, repeats itself, and says nothing from fewer than four blocks', () => {
    const whole = makeComparison(100, 0, 3);
    const gappy = { ...whole, predicted: whole.predicted.map((value, i) => (i < 60 ? value : Number.NaN)) };
    const nothing = { rmse_Nm_per_kg: null, r2: null, units: 'blocks', count: 3 };
    expect(calcErrorIntervals([gappy], ['a'], 20, 1)).toEqual(nothing);
    const cut = { ...whole, measured: whole.measured.slice(0, 60), predicted: whole.predicted.slice(0, 60) };
    const people = ['a', 'b'];
    const [some, other] = [
      [gappy, whole],
      [cut, whole],
    ].map((list) => calcErrorIntervals(list, people, 15, 1));
    expect(some.count).toBe(4 + 7);
    expect(some.rmse_Nm_per_kg![0]).toBeCloseTo(other.rmse_Nm_per_kg![0], 12);
    expect(some.r2![1]).toBeCloseTo(other.r2![1], 12);
    const exact = { ...whole, predicted: whole.measured };
    const known = { rmse_Nm_per_kg: [0, 0], r2: [1, 1], units: 'blocks', count: 10 };
    expect(calcErrorIntervals([exact], ['a'], 10, 1)).toEqual(known);
  });

  it('draws participants where there are enough of them, and is then as wide as they differ', () => {
    const made = Array.from({ length: 8 }, (_, k) => makeComparison(600, 0, k));
    // Errors of half the participants are three times as large.
    const unlike = made.map((one, k) => ({
      ...one,
      predicted: one.predicted.map((value, i) => one.measured[i] + (k % 2 ? 3 : 1) * (value - one.measured[i])),
    }));
    const people = made.map((_, k) => `p${k}`);
    const drawn = calcErrorIntervals(unlike, people, 10, 1);
    const blocks = calcErrorIntervals(
      unlike,
      people.map(() => 'one'),
      10,
      1,
    );
    expect([drawn.units, drawn.count, blocks.units, blocks.count]).toEqual(['participants', 8, 'blocks', 480]);
    expect(width(drawn.rmse_Nm_per_kg) / width(blocks.rmse_Nm_per_kg)).toBeGreaterThan(3);
    // Mean square 5 ± 4 over participants: standard error 4 / √8 of the mean square, by the delta method 4 / √8 / (2 √5) of RMSE.
    expect(width(drawn.rmse_Nm_per_kg) / ((2 * 1.96 * 4) / Math.sqrt(8) / (2 * Math.sqrt(5)))).toBeCloseTo(1, 0);
    const order = [5, 2, 7, 0, 1, 3, 4, 6];
    const again = calcErrorIntervals(
      order.map((k) => unlike[k]),
      order.map((k) => people[k]),
      10,
      1,
    );
    expect(width(again.rmse_Nm_per_kg) / width(drawn.rmse_Nm_per_kg)).toBeCloseTo(1, 0);
  });
});
