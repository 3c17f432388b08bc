import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { calcCohensDz } from './cohens-d.js';
import { calcPairedT } from './paired-t.js';
import type { ScipyReference } from './reference.test.support.js';

const { paired } = JSON.parse(
  readFileSync(new URL('./scipy-reference.json', import.meta.url), 'utf8'),
) as ScipyReference;

describe('calcPairedT', () => {
  it('agrees with SciPy: t, p of all alternatives, interval, d_z and the exact factor of Hedges', () => {
    for (const { a, b, t: expected } of paired) {
      const found = calcPairedT(a, b);
      expect(found.t).toBeCloseTo(expected.t, 9);
      found.interval!.forEach((limit, i) => {
        expect(limit).toBeCloseTo(expected.interval[i], 10);
      });
      for (const alternative of ['two-sided', 'greater', 'less'] as const)
        expect(calcPairedT(a, b, { alternative }).p).toBeCloseTo(expected.p[alternative], 11);
      expect(found.effect!.dz).toBeCloseTo(expected.dz, 10);
      if (expected.hedges !== null) expect(found.effect!.hedgesG).toBeCloseTo(expected.hedges, 10);
      // d_z is t over the root of n.
      expect(found.effect!.dz).toBeCloseTo(found.t / Math.sqrt(found.n), 10);
    }
  });

  it('turns about with the sides', () => {
    const { a, b } = paired[2];
    const [there, back] = [calcPairedT(a, b), calcPairedT(b, a)];
    expect(back.t).toBeCloseTo(-there.t, 12);
    expect(back.p).toBeCloseTo(there.p, 12);
    expect(back.interval![0]).toBeCloseTo(-there.interval![1], 12);
  });

  it('has uniform p and an interval that covers as it says where the null is true', () => {
    const random = makeRandom(12);
    const runs = 2000;
    const found = Array.from({ length: runs }, () =>
      calcPairedT(
        Array.from({ length: 6 }, () => random.normal()),
        new Float64Array(6),
      ),
    );
    for (const level of [0.05, 0.3, 0.7]) {
      const share = found.filter(({ p }) => p <= level).length / runs;
      expect(Math.abs(share - level)).toBeLessThan(4 * Math.sqrt((level * (1 - level)) / runs));
    }
    for (const { interval, p } of found) expect(interval![0] <= 0 && interval![1] >= 0).toBe(p > 0.05);
  });

  it('takes the bias out of d_z', () => {
    const random = makeRandom(13);
    const found = Array.from({ length: 4000 }, () =>
      calcCohensDz(Array.from({ length: 6 }, () => random.normal() + 0.8)),
    );
    const mean = (pick: (d: (typeof found)[number]) => number) => found.reduce((sum, d) => sum + pick(d), 0) / 4000;
    expect(mean(({ hedgesG }) => hedgesG)).toBeCloseTo(0.8, 1);
    expect(mean(({ dz }) => dz)).toBeGreaterThan(0.9);
  });

  it('says what can be said where all differences are alike', () => {
    expect(calcPairedT([1, 2, 3], [0, 1, 2])).toMatchObject({
      t: Number.POSITIVE_INFINITY,
      p: 0,
      interval: null,
      effect: null,
    });
    expect(calcPairedT([1, 2], [1, 2])).toMatchObject({ t: 0, p: 1, interval: null });
    expect(() => calcPairedT([1, 2], [1, 2], { confidence: 95 })).toThrow(/the confidence is 95.*between 0 and 1/);
    expect(() => calcPairedT([1], [2])).toThrow(/at least 2/);
  });
});
