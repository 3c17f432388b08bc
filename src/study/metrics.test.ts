import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calcMetrics, calcSkill } from './metrics.js';

const comparison = (measured: number[], predicted: number[], mass_kg = 70) => ({
  measured: Float64Array.from(measured),
  predicted: Float64Array.from(predicted),
  mass_kg,
});

describe('calcMetrics', () => {
  it('gives hand-computed values', () => {
    const m = calcMetrics([comparison([0, 1, 2, 3], [0, 1, 2, 5], 50)]);
    expect(m.n).toBe(4);
    expect(m.rmse_Nm_per_kg).toBeCloseTo(1, 12);
    expect(m.rmse_Nm).toBeCloseTo(50, 12);
    expect(m.nrmse_percent).toBeCloseTo(100 / 3, 10);
    expect(m.r2).toBeCloseTo(1 - 4 / 5, 12);
    expect(m.mae_Nm_per_kg).toBeCloseTo(0.5, 12);
    expect(m.r).toBeCloseTo(8 / Math.sqrt(5 * 14), 12);
  });

  it('leaves out frames that are missing in either, and pools participants with their own mass', () => {
    const m = calcMetrics([comparison([0, Number.NaN, 2], [1, 1, Number.NaN], 10), comparison([5], [4], 20)]);
    expect(m.n).toBe(2);
    expect(m.rmse_Nm).toBeCloseTo(Math.sqrt((100 + 400) / 2), 12);
  });

  it('says null where a measure is not defined', () => {
    expect(calcMetrics([])).toMatchObject({ n: 0, rmse_Nm: null, r2: null });
    expect(calcMetrics([comparison([1, 1], [1, 2])])).toMatchObject({ n: 2, r2: null, r: null, nrmse_percent: null });
    expect(calcMetrics([comparison([1, 2], [3, 3])]).r).toBeNull();
  });

  it('does not depend on how frames are divided into comparisons', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true })), {
          minLength: 2,
          maxLength: 50,
        }),
        fc.nat(49),
        (frames, cut) => {
          const y = frames.map((f) => f[0]);
          const p = frames.map((f) => f[1]);
          const whole = calcMetrics([comparison(y, p)]);
          const parts = calcMetrics([
            comparison(y.slice(0, cut), p.slice(0, cut)),
            comparison(y.slice(cut), p.slice(cut)),
          ]);
          expect(parts.n).toBe(whole.n);
          expect(parts.rmse_Nm_per_kg).toBeCloseTo(whole.rmse_Nm_per_kg!, 10);
          if (whole.r2 !== null) expect(whole.r2).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('skill is 1 for a perfect model, 0 for the baseline itself', () => {
    const baseline = calcMetrics([comparison([0, 1, 2], [1, 1, 1])]);
    expect(calcSkill(calcMetrics([comparison([0, 1, 2], [0, 1, 2])]), baseline)).toBe(1);
    expect(calcSkill(baseline, baseline)).toBe(0);
  });
});
