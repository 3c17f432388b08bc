import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { calcBlandAltman } from './bland-altman.js';
import type { ScipyReference } from './reference.test.support.js';

const { bland_altman } = JSON.parse(
  readFileSync(new URL('./scipy-reference.json', import.meta.url), 'utf8'),
) as ScipyReference;

describe('calcBlandAltman', () => {
  it('agrees with its definition written again, and with the analysis of variance where frames are as many', () => {
    let anova = 0;
    for (const expected of bland_altman) {
      const found = calcBlandAltman(expected.differences);
      expect(found.bias).toBeCloseTo(expected.bias, 13);
      expect(found.varianceWithin).toBeCloseTo(expected.within, 13);
      expect(found.deviation).toBeCloseTo(expected.sd, 13);
      if (expected.sd_anova !== undefined) {
        expect(found.deviation).toBeCloseTo(expected.sd_anova, 13);
        anova++;
      }
      for (const i of [0, 1]) {
        expect(found.biasInterval[i]).toBeCloseTo(expected.bias_interval[i], 12);
        expect(found.upperInterval[i]).toBeCloseTo(expected.upper_interval[i], 11);
      }
    }
    expect(anova).toBeGreaterThan(0);
  });

  it('turns about with the sign, moves with a shift, and does not see the order of participants', () => {
    const { differences } = bland_altman[2];
    const found = calcBlandAltman(differences);
    const turned = calcBlandAltman(differences.map((list) => list.map((d) => 1 - d)));
    expect(turned.bias).toBeCloseTo(1 - found.bias, 12);
    expect(turned.upper).toBeCloseTo(1 - found.lower, 12);
    for (const i of [0, 1]) expect(turned.upperInterval[i]).toBeCloseTo(1 - found.lowerInterval[1 - i], 12);
    expect(calcBlandAltman([...differences].reverse()).upper).toBeCloseTo(found.upper, 12);
  });

  it('finds the variances that frames were drawn with, and its intervals cover, though neighbours resemble each other', () => {
    const random = makeRandom(6);
    const [between, within, memory] = [0.05, 0.04, 0.9];
    const runs = 400;
    const truth = 1.959964 * Math.hypot(between, within);
    let [sum, missedBias, missedLimit] = [0, 0, 0];
    for (let run = 0; run < runs; run++) {
      const found = calcBlandAltman(
        Array.from({ length: 8 }, () => {
          const own = between * random.normal();
          let error = within * random.normal();
          return Array.from({ length: 60 }, () => {
            error = memory * error + Math.sqrt(1 - memory ** 2) * within * random.normal();
            return own + error;
          });
        }),
      );
      sum += found.deviation ** 2 / runs;
      if (found.biasInterval[0] > 0 || found.biasInterval[1] < 0) missedBias++;
      if (found.upperInterval[0] > truth || found.upperInterval[1] < truth) missedLimit++;
    }
    expect(sum / (between ** 2 + within ** 2)).toBeCloseTo(1, 1);
    expect(Math.abs(missedBias / runs - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / runs));
    expect(missedLimit / runs).toBeLessThan(0.07);
  });

  it('counts no variance between participants below 0, and refuses gaps', () => {
    expect(
      calcBlandAltman([
        [1, -1],
        [1, -1],
        [1, -1],
      ]),
    ).toMatchObject({ varianceBetween: 0, varianceWithin: 2, bias: 0 });
    expect(() => calcBlandAltman([[1], [2]])).toThrow(/at least 3 are needed/);
    expect(() => calcBlandAltman([[1], [2], []])).toThrow(/participant 3: there is no frame/);
    expect(() => calcBlandAltman([[1], [2, Number.NaN], [1]])).toThrow(/participant 2: frame 2 is NaN.*Leave out/);
  });
});
