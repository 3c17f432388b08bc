import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { type Comparison, calcMetrics } from '../metrics.js';
import { findBcaInterval, findPercentileInterval } from './bca.js';
import {
  calcBootstrapDifference,
  calcBootstrapErrors,
  calcBootstrapMean,
  calcBootstrapRmseDifference,
} from './bootstrap-errors.js';
import { calcClusterBootstrap } from './cluster-bootstrap.js';
import type { ScipyReference } from './reference.test.support.js';

const { bootstrap } = JSON.parse(
  readFileSync(new URL('./scipy-reference.json', import.meta.url), 'utf8'),
) as ScipyReference;

/** Two trials of one participant with an offset of its own; some frames unknown. */
function makeParticipant(seed: number, offset = makeRandom(seed).fork('offset').normal() * 0.05): Comparison[] {
  const random = makeRandom(seed);
  return [40, 25].map((frames) => {
    const measured = Float64Array.from({ length: frames }, (_, i) => 5 + Math.sin(i / 5) + 0.1 * random.normal());
    const predicted = measured.map((value) => value + offset + 0.08 * random.normal());
    predicted[3] = Number.NaN;
    return { measured, predicted, mass_kg: 70 };
  });
}
const cohort = Array.from({ length: 9 }, (_, i) => makeParticipant(i));

describe('bootstrap intervals', () => {
  it('are those of SciPy for the same draws', () => {
    for (const { values, statistic, draws, intervals } of bootstrap) {
      const calc = {
        mean: (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length,
        rms: (list: readonly number[]) => Math.sqrt(list.reduce((sum, value) => sum + value ** 2, 0) / list.length),
      }[statistic];
      const sorted = Float64Array.from(draws).sort();
      const leftOut = values.map((_, left) => calc(values.filter((_, i) => i !== left)));
      const found = {
        percentile: findPercentileInterval(sorted, 0.95),
        BCa: findBcaInterval(sorted, calc(values), leftOut, 0.95),
      };
      for (const method of ['percentile', 'BCa'] as const)
        for (const i of [0, 1]) expect(found[method][i]).toBeCloseTo(intervals[method][i], 10);
    }
    expect(bootstrap.length).toBeGreaterThan(1);
  });

  it('of RMSE and R² are those of pooling all frames of the drawn participants', () => {
    const options = { seed: 3, draws: 200 };
    const found = calcBootstrapErrors(cohort, options);
    for (const [key, result] of Object.entries(found)) {
      const slow = calcClusterBootstrap(
        cohort,
        (drawn) => calcMetrics(drawn.flat())[key as 'r2' | 'rmse_Nm_per_kg']!,
        options,
      );
      expect(result.estimate).toBeCloseTo(slow.estimate, 12);
      for (const i of [0, 1]) expect(result.interval[i]).toBeCloseTo(slow.interval[i], 12);
    }
  });

  it('repeat themselves by seed; a difference turns about with its sides', () => {
    const options = { seed: 'a', draws: 400, method: 'percentile' } as const;
    const [a, b] = [cohort, cohort.map((_, i) => makeParticipant(i, 0))];
    const there = calcBootstrapRmseDifference(a, b, options);
    expect(calcBootstrapRmseDifference(a, b, options)).toEqual(there);
    const back = calcBootstrapRmseDifference(b, a, options);
    expect(back.estimate).toBeCloseTo(-there.estimate, 14);
    expect(back.interval[0]).toBeCloseTo(-there.interval[1], 12);
    expect(calcBootstrapDifference([3, 4, 6], [1, 1, 1], options).estimate).toBeCloseTo(10 / 3, 14);
    expect(calcBootstrapDifference([3, 4, 6], [1, 1, 1], options).interval).toEqual(
      calcBootstrapMean([2, 3, 5], options).interval,
    );
  });

  it('cover about as often as they say, and the standard error is that of theory', () => {
    const random = makeRandom(21);
    const runs = 300;
    const missed = { bca: 0, percentile: 0 };
    let ratio = 0;
    for (let run = 0; run < runs; run++) {
      const values = Array.from({ length: 25 }, () => random.normal());
      for (const method of ['bca', 'percentile'] as const) {
        const { interval, standardError } = calcBootstrapMean(values, { seed: run, draws: 300, method });
        if (interval[0] > 0 || interval[1] < 0) missed[method]++;
        ratio += (standardError * 5) / (2 * runs);
      }
    }
    for (const count of Object.values(missed)) {
      expect(count / runs).toBeGreaterThan(0.02);
      expect(count / runs).toBeLessThan(0.12);
    }
    expect(ratio).toBeCloseTo(1, 1);
  });

  it('see that frames of one participant are not independent', () => {
    // Every frame of a participant has the same error: ten times the frames say nothing more.
    const make = (frames: number) =>
      Array.from({ length: 8 }, (_, i) => [
        {
          measured: Float64Array.from({ length: frames }, (_, f) => Math.sin(f)),
          predicted: Float64Array.from({ length: frames }, (_, f) => Math.sin(f) + 0.1 * (i + 1)),
          mass_kg: 70,
        },
      ]);
    const [few, many] = [20, 200].map(
      (frames) => calcBootstrapErrors(make(frames), { seed: 1 }).rmse_Nm_per_kg.interval,
    );
    for (const i of [0, 1]) expect(many[i]).toBeCloseTo(few[i], 10);
  });

  it('gives a point where nothing varies, and refuses what has no interval', () => {
    expect(calcBootstrapMean([2, 2, 2], { seed: 1 }).interval).toEqual([2, 2]);
    expect(() => calcBootstrapMean([1, 2], { seed: 1 })).toThrow(/at least 3 are needed/);
    expect(() => calcBootstrapMean([1, 2, 3], { seed: 1, draws: 20 })).toThrow(/20 draws.*Draw 2000/);
    expect(() => calcBootstrapErrors([...cohort, []], { seed: 1 })).toThrow(/participant 10 has no frame/);
    expect(() => calcBootstrapRmseDifference(cohort, cohort.slice(1), { seed: 1 })).toThrow(/cannot be paired/);
    const flat = cohort.map((trials) => trials.map((trial) => ({ ...trial, measured: trial.measured.map(() => 1) })));
    expect(() => calcBootstrapErrors(flat, { seed: 1 })).toThrow(/the statistic of a draw is/);
  });
});
