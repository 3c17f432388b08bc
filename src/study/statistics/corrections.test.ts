import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { calcBenjaminiHochberg } from './benjamini-hochberg.js';
import { calcHolm } from './holm.js';
import type { ScipyReference } from './reference.test.support.js';

const { corrections } = JSON.parse(
  readFileSync(new URL('./scipy-reference.json', import.meta.url), 'utf8'),
) as ScipyReference;

describe('corrections for many tests', () => {
  it('agree with SciPy (Benjamini–Hochberg) and with the closed test of Bonferroni (Holm)', () => {
    expect(corrections.length).toBeGreaterThan(2);
    for (const { p, holm, benjamini_hochberg } of corrections) {
      calcHolm(p).forEach((value, i) => {
        expect(value).toBeCloseTo(holm[i], 12);
      });
      calcBenjaminiHochberg(p).forEach((value, i) => {
        expect(value).toBeCloseTo(benjamini_hochberg[i], 12);
      });
    }
  });

  it('keep the order, lie between p and Bonferroni, and do not see how tests are listed', () => {
    const list = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(list, fc.integer(), (p, seed) => {
        const places = makeRandom(seed).shuffle(p.map((_, i) => i));
        for (const calc of [calcHolm, calcBenjaminiHochberg]) {
          const found = calc(p);
          expect(calc(places.map((i) => p[i]))).toEqual(places.map((i) => found[i]));
          p.forEach((value, i) => {
            expect(found[i]).toBeGreaterThanOrEqual(value);
            expect(found[i]).toBeLessThanOrEqual(Math.min(1, value * p.length));
            p.forEach((other, j) => {
              if (value < other) expect(found[i]).toBeLessThanOrEqual(found[j]);
            });
          });
        }
      }),
    );
  });

  it('keep the chance of any false finding at the level', () => {
    const random = makeRandom(9);
    const runs = 4000;
    let any = 0;
    for (let run = 0; run < runs; run++)
      if (calcHolm(Array.from({ length: 6 }, () => random.uniform())).some((p) => p <= 0.05)) any++;
    expect(Math.abs(any / runs - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / runs));
  });

  it('refuse what is no probability', () => {
    expect(() => calcHolm([0.1, 1.2])).toThrow(/Holm correction: p value 2 is 1.2/);
    expect(() => calcBenjaminiHochberg([Number.NaN])).toThrow(/p value 1 is NaN/);
  });
});
