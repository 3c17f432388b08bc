import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { findLocation } from './hodges-lehmann.js';
import type { ScipyReference } from './reference.test.support.js';
import { calcWilcoxon } from './wilcoxon.js';

const { paired } = JSON.parse(
  readFileSync(new URL('./scipy-reference.json', import.meta.url), 'utf8'),
) as ScipyReference;

// Halves, so that ties and zeros are common and sums are exact.
const values = fc
  .array(fc.integer({ min: -8, max: 8 }), { minLength: 2, maxLength: 9 })
  .map((list) => list.map((v) => v / 2));
const zeroOf = (list: readonly number[]) => list.map(() => 0);

/** p by going through all signs. */
function countSigns(differences: readonly number[]): number {
  const test = (d: readonly number[]) => calcWilcoxon(d, zeroOf(d)).positiveRanks;
  const found = test(differences);
  let [least, most] = [0, 0];
  for (let pattern = 0; pattern < 2 ** differences.length; pattern++) {
    const sum = test(differences.map((d, i) => ((pattern >> i) & 1 ? d : -d)));
    if (sum >= found) least++;
    if (sum <= found) most++;
  }
  return Math.min(1, (2 * Math.min(least, most)) / 2 ** differences.length);
}

describe('calcWilcoxon', () => {
  it('agrees with SciPy: exact and normal, both ways with zeros, all alternatives, with ties', () => {
    let compared = 0;
    for (const { a, b, wilcoxon } of paired)
      for (const row of wilcoxon) {
        const found = calcWilcoxon(a, b, {
          zeros: row.zeros === 'wilcox' ? 'wilcoxon' : 'pratt',
          method: row.method === 'exact' ? 'exact' : 'normal',
          alternative: row.alternative ?? 'two-sided',
        });
        if (row.positive !== undefined) expect(found.positiveRanks).toBeCloseTo(row.positive, 9);
        else expect(Math.abs(found.p - row.p), `n = ${a.length}, ${JSON.stringify(row)}`).toBeLessThan(1e-12);
        compared++;
      }
    expect(compared).toBeGreaterThan(150);
  });

  it('is exact where signs are counted out, with ties and zeros', () => {
    fc.assert(
      fc.property(values, (differences) => {
        expect(calcWilcoxon(differences, zeroOf(differences)).p).toBeCloseTo(countSigns(differences), 12);
      }),
      { numRuns: 40 },
    );
  });

  it('does not see the order of participants; turns about with the sides; sees no scale', () => {
    fc.assert(
      fc.property(values, fc.integer(), (differences, seed) => {
        const zero = zeroOf(differences);
        const found = calcWilcoxon(differences, zero, { alternative: 'greater' });
        expect(calcWilcoxon(makeRandom(seed).shuffle([...differences]), zero, { alternative: 'greater' })).toEqual(
          found,
        );
        const turned = calcWilcoxon(zero, differences, { alternative: 'less' });
        expect(turned.p).toBe(found.p);
        expect(turned.rankBiserial).toBeCloseTo(-found.rankBiserial, 14);
        expect(turned.location.estimate).toBeCloseTo(-found.location.estimate, 14);
        expect(
          calcWilcoxon(
            differences.map((d) => 4 * d),
            zero,
            { alternative: 'greater' },
          ).p,
        ).toBe(found.p);
        expect(found.p).toBeGreaterThanOrEqual(found.smallestP);
      }),
    );
  });

  it('names the smallest p of so few: 2 / 2ⁿ, reached where all differ to one side', () => {
    const seven = calcWilcoxon([1, 2, 3, 4, 5, 6, 7], new Float64Array(7));
    expect([seven.p, seven.smallestP, seven.rankBiserial]).toEqual([0.015625, 0.015625, 1]);
    expect(calcWilcoxon([1, 2, 3], [0, 0, 0], { alternative: 'greater' }).p).toBe(0.125);
  });

  it('says 1 where nothing differs', () => {
    expect(calcWilcoxon([1, 2], [1, 2])).toMatchObject({ n: 2, nonzero: 0, p: 1, rankBiserial: 0 });
    expect(calcWilcoxon([1, 2], [1, 2], { method: 'normal' }).p).toBe(1);
  });

  it('rejects a true null about as often as it says', () => {
    const random = makeRandom(4);
    const p = Array.from({ length: 2000 }, () => {
      const differences = Array.from({ length: 12 }, () => random.normal());
      return calcWilcoxon(differences, zeroOf(differences)).p;
    });
    for (const level of [0.05, 0.2, 0.5]) {
      const share = p.filter((value) => value <= level).length / p.length;
      // Discrete: a little below the level; four standard errors above.
      expect(share).toBeLessThan(level + 4 * Math.sqrt((level * (1 - level)) / p.length));
      expect(share).toBeGreaterThan(0.75 * level);
    }
  });

  it('refuses what it cannot pair', () => {
    expect(() => calcWilcoxon([1, 2], [1])).toThrow(/2 participants cannot be paired with 1. Give every participant/);
    expect(() => calcWilcoxon([1], [2])).toThrow(/1 participant was given, and at least 2 are needed/);
    expect(() => calcWilcoxon([1, Number.NaN], [2, 3])).toThrow(/participant 2 is NaN.*Leave this participant out/);
  });
});

describe('findLocation', () => {
  it('is the median of all means of two, with the interval that counting all signs gives', () => {
    let intervals = 0;
    for (const { a, b, location, interval } of paired) {
      const differences = a.map((value, i) => value - b[i]);
      expect(findLocation(differences).estimate).toBeCloseTo(location, 12);
      for (const [confidence, expected] of Object.entries(interval ?? {})) {
        const found = findLocation(differences, Number(confidence)).interval;
        if (expected === null) expect(found).toBeNull();
        else for (const i of [0, 1] as const) expect(found![i]).toBeCloseTo(expected[i], 12);
        intervals++;
      }
    }
    expect(intervals).toBeGreaterThan(10);
  });

  it('keeps just the shifts that the test keeps', () => {
    const random = makeRandom(8);
    for (const n of [6, 10, 15]) {
      const list = Array.from({ length: n }, () => random.normal());
      const [low, high] = findLocation(list).interval!;
      const p = (shift: number) =>
        calcWilcoxon(
          list,
          list.map(() => shift),
        ).p;
      for (const [limit, outward] of [
        [low, -1],
        [high, 1],
      ] as const) {
        expect(p(limit + 1e-9 * outward)).toBeLessThanOrEqual(0.05);
        expect(p(limit - 1e-9 * outward)).toBeGreaterThan(0.05);
      }
    }
  });

  it('has no 95 % interval from five, and passes from exact to normal without a jump', () => {
    expect(findLocation([1, 2, 3, 4, 5]).interval).toBeNull();
    const random = makeRandom(1);
    const list = Array.from({ length: 51 }, () => random.normal());
    const [exact, normal] = [list.slice(0, 50), list].map((part) => findLocation(part).interval!);
    expect((normal[1] - normal[0]) / (exact[1] - exact[0])).toBeCloseTo(1, 1);
  });
});
