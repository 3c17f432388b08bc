import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calcFTail, makeRandom } from '../../math/index.js';
import { calcFriedman } from './friedman.js';
import { calcHolm } from './holm.js';
import { calcNemenyi } from './nemenyi.js';
import { calcPairwiseWilcoxon } from './pairwise.js';
import type { ScipyReference } from './reference.test.support.js';

const { friedman } = JSON.parse(
  readFileSync(new URL('./scipy-reference.json', import.meta.url), 'utf8'),
) as ScipyReference;

describe('calcFriedman', () => {
  it('agrees with SciPy, with and without ties', () => {
    expect(friedman.length).toBeGreaterThan(3);
    for (const expected of friedman) {
      const found = calcFriedman(expected.treatments);
      expect(found.chiSquared).toBeCloseTo(expected.chi_squared, 10);
      expect(found.p).toBeCloseTo(expected.p, 12);
      expect(found.kendallW).toBeCloseTo(expected.w, 12);
      expect(found.pF).toBeCloseTo(expected.p_f, 12);
      found.meanRanks.forEach((rank, i) => {
        expect(rank).toBeCloseTo(expected.ranks[i], 12);
      });
    }
  });

  it('sees neither the order of participants nor what keeps the ranks; carries the order of models through', () => {
    const { treatments } = friedman[2];
    const found = calcFriedman(treatments);
    const order = makeRandom(1).shuffle(treatments[0].map((_, i) => i));
    const same = treatments.map((values) => order.map((i) => Math.exp(values[i]) + 100 * i));
    expect(calcFriedman(same).chiSquared).toBeCloseTo(found.chiSquared, 10);
    const turned = calcFriedman([...treatments].reverse());
    expect(turned.chiSquared).toBeCloseTo(found.chiSquared, 10);
    turned.meanRanks.forEach((rank, i) => {
      expect(rank).toBeCloseTo(found.meanRanks[found.k - 1 - i], 12);
    });
  });

  it('has W = 1 where all agree, and finds nothing where all tie', () => {
    expect(
      calcFriedman([
        [1, 5, 2],
        [2, 6, 3],
        [9, 7, 4],
      ]),
    ).toMatchObject({ kendallW: 1, chiSquared: 6, pF: 0 });
    expect(
      calcFriedman([
        [1, 5],
        [1, 5],
        [1, 5],
      ]),
    ).toMatchObject({ kendallW: 0, chiSquared: 0, f: 0, p: 1, pF: 1 });
  });

  it('has p near that of all permutations within participants, F nearer than χ²', () => {
    const random = makeRandom(2);
    const n = 8;
    const treatments = Array.from({ length: 3 }, (_, j) => Array.from({ length: n }, () => random.normal() + 0.6 * j));
    const found = calcFriedman(treatments);
    let more = 0;
    const runs = 4000;
    for (let run = 0; run < runs; run++) {
      const drawn = treatments.map((values) => [...values]);
      for (let i = 0; i < n; i++)
        random.shuffle(treatments.map((values) => values[i])).forEach((value, j) => {
          drawn[j][i] = value;
        });
      if (calcFriedman(drawn).chiSquared >= found.chiSquared - 1e-9) more++;
    }
    expect(Math.abs(found.pF - more / runs)).toBeLessThan(0.03);
    expect(found.pF).toBeCloseTo(calcFTail(found.f, 2, 14), 14);
  });

  it('refuses two models, and lists of unequal length', () => {
    expect(() =>
      calcFriedman([
        [1, 2],
        [3, 4],
      ]),
    ).toThrow(/2 models, and at least 3.*Wilcoxon/);
    expect(() => calcFriedman([[1, 2], [3, 4], [5]])).toThrow(/cannot be paired/);
    expect(() =>
      calcFriedman([
        [1, 2],
        [3, Number.POSITIVE_INFINITY],
        [5, 6],
      ]),
    ).toThrow(/participant 2 is Infinity/);
  });
});

describe('pairs after Friedman', () => {
  it('Nemenyi agrees with the studentised range of SciPy', () => {
    for (const { treatments, nemenyi, critical } of friedman) {
      const found = calcNemenyi(treatments);
      expect(found.criticalDifference).toBeCloseTo(critical, 6);
      found.pairs.forEach(({ first, second, p }, i) => {
        expect(p).toBeCloseTo(nemenyi[i], 7);
        const apart = Math.abs(found.meanRanks[first] - found.meanRanks[second]);
        expect(p <= 0.05).toBe(apart >= found.criticalDifference);
      });
      expect(found.pairs).toHaveLength(nemenyi.length);
    }
  });

  it('Wilcoxon names every pair once and corrects over all of them', () => {
    const found = calcPairwiseWilcoxon(friedman[2].treatments);
    expect(found.map(({ first, second }) => `${first}${second}`)).toEqual(['01', '02', '03', '12', '13', '23']);
    expect(found.map(({ adjustedP }) => adjustedP)).toEqual(calcHolm(found.map(({ test }) => test.p)));
    expect(() => calcPairwiseWilcoxon([[1, 2]])).toThrow(/at least 2/);
  });
});
