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
      const { rmse_Nm_per_kg } = calcErrorIntervals([makeComparison(frames, 0, seed)], 1, seed, 200);
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
    const [frames, blocks] = [1, 200].map((block) => calcErrorIntervals(runs, block, 1).rmse_Nm_per_kg);
    expect(width(blocks) / width(frames)).toBeGreaterThan(2);
  });

  it('draws from the known frames of each trial alone, repeats itself, and says nothing from fewer than four blocks', () => {
    const whole = makeComparison(100, 0, 3);
    const gappy = { ...whole, predicted: whole.predicted.map((value, i) => (i < 60 ? value : Number.NaN)) };
    expect(calcErrorIntervals([gappy], 20, 1)).toEqual({ rmse_Nm_per_kg: null, r2: null, blocks: 3 });
    const cut = { ...whole, measured: whole.measured.slice(0, 60), predicted: whole.predicted.slice(0, 60) };
    expect(calcErrorIntervals([gappy, whole], 15, 1)).toEqual(calcErrorIntervals([cut, whole], 15, 1));
    const exact = { ...whole, predicted: whole.measured };
    expect(calcErrorIntervals([exact], 10, 1)).toEqual({ rmse_Nm_per_kg: [0, 0], r2: [1, 1], blocks: 10 });
  });
});
