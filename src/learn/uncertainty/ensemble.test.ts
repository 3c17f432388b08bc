import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { combineMembers, combineQuantileMembers } from './ensemble.js';

describe('ensemble', () => {
  it('gives mean and deviation as worked out by hand', () => {
    const { mean, spread } = combineMembers([
      [1, 10],
      [3, 10],
      [5, 10],
    ]);
    expect([...mean]).toEqual([3, 10]);
    expect(spread[0]).toBeCloseTo(Math.sqrt(8 / 3), 12);
    expect(spread[1]).toBe(0);
    expect([...combineMembers([[2, 4]]).spread]).toEqual([0, 0]);
  });

  it('has the variance of the mixture of its members (law of total variance)', () => {
    // Independent check: draw labels from the mixture itself.
    const random = makeRandom('mixture');
    const members = [
      { centre: 1, deviation: 0.5 },
      { centre: 3, deviation: 2 },
      { centre: 2.5, deviation: 1 },
    ];
    const z = 1.6448536269514722;
    const joined = combineQuantileMembers(
      members.map(({ centre, deviation }) => ({
        prediction: [centre],
        lower: [centre - z * deviation],
        upper: [centre + z * deviation],
      })),
      0.05,
    );
    let [sum, squares] = [0, 0];
    const draws = 60_000;
    for (let k = 0; k < draws; k++) {
      const { centre, deviation } = members[random.integer(3)];
      const label = centre + deviation * random.normal();
      sum += label;
      squares += label * label;
    }
    const variance = squares / draws - (sum / draws) ** 2;
    expect(joined.mean[0]).toBeCloseTo(sum / draws, 1);
    expect(Math.abs(joined.total[0] ** 2 / variance - 1)).toBeLessThan(0.03);
    expect(joined.noise[0]).toBeCloseTo(Math.sqrt((0.25 + 4 + 1) / 3), 9);
  });

  it('does not care for the order of members, and never gives crossed quantiles', () => {
    const value = fc.double({ min: -5, max: 5, noNaN: true });
    const member = fc.record({
      prediction: fc.array(value, { minLength: 3, maxLength: 3 }),
      lower: fc.array(value, { minLength: 3, maxLength: 3 }),
      upper: fc.array(value, { minLength: 3, maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(member, { minLength: 1, maxLength: 5 }), (members) => {
        const a = combineQuantileMembers(members, 0.1);
        const b = combineQuantileMembers([...members].reverse(), 0.1);
        for (let k = 0; k < 3; k++) {
          expect(a.lower[k]).toBeLessThanOrEqual(a.upper[k]);
          expect(a.total[k]).toBeCloseTo(b.total[k], 9);
          expect(a.total[k] ** 2).toBeCloseTo(a.spread[k] ** 2 + a.noise[k] ** 2, 9);
        }
      }),
    );
  });

  it('refuses no members, uneven members and a level that is none', () => {
    expect(() => combineMembers([])).toThrow(/no members/);
    expect(() => combineMembers([[1], [1, 2]])).toThrow(/of 1 and of 2 predictions/);
    const member = { prediction: [1], lower: [0], upper: [2] };
    expect(() => combineQuantileMembers([member], 0.5)).toThrow(/level: must lie/);
    expect(() => combineQuantileMembers([{ ...member, upper: [] }], 0.1)).toThrow(/of 1 and of 0/);
  });
});
