import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findExtent, findRoundDomain, findTicks, makeLinearScale, makeLogScale } from './scale.js';

/** A domain with a width that floating point can resolve. */
const domains = fc
  .tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }))
  .map(([low, width]) => [low, low + width] as const);

describe('findTicks', () => {
  it('gives round, even, increasing ticks inside the domain, neither too many nor too few', () => {
    fc.assert(
      fc.property(domains, fc.integer({ min: 2, max: 12 }), ([low, high], most) => {
        const ticks = findTicks(low, high, most);
        // Of the width, and of what floating point resolves at this size.
        const slack = 1e-8 * (high - low) + 4 * Number.EPSILON * Math.max(Math.abs(low), Math.abs(high));
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        expect(ticks.length).toBeGreaterThanOrEqual(Math.floor(most / 2.5));
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(low - slack);
          expect(tick).toBeLessThanOrEqual(high + slack);
        }
        const steps = ticks.slice(1).map((tick, i) => tick - ticks[i]);
        for (const step of steps) {
          expect(Math.abs(step - steps[0])).toBeLessThan(slack + 1e-6 * steps[0]);
          const mantissa = step / 10 ** Math.floor(Math.log10(step * 1.000001));
          expect([1, 2, 5].some((round) => Math.abs(mantissa / round - 1) < 1e-4)).toBe(true);
        }
      }),
    );
  });

  it('names known cases', () => {
    expect(findTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(findTicks(-0.13, 0.31, 5)).toEqual([-0.1, 0, 0.1, 0.2, 0.3]);
    expect(findTicks(3, 3, 5)).toEqual([3]);
  });
});

describe('findRoundDomain', () => {
  it('holds the domain and ends on ticks', () => {
    fc.assert(
      fc.property(domains, ([low, high]) => {
        const [from, to] = findRoundDomain(low, high);
        const slack = 1e-8 * (high - low);
        expect(from).toBeLessThanOrEqual(low + slack);
        expect(to).toBeGreaterThanOrEqual(high - slack);
        expect(to - from).toBeLessThan(2.1 * (high - low));
      }),
    );
    expect(findRoundDomain(2, 2)[0]).toBeLessThan(2);
    expect(findRoundDomain(0, 0)).toEqual([-1, 1]);
  });
});

describe('scales', () => {
  it('map the domain onto the range', () => {
    const linear = makeLinearScale([-1, 3], [100, 20]);
    expect([-1, 1, 3].map(linear.calc)).toEqual([100, 60, 20]);
    const log = makeLogScale([0.01, 100], [0, 40]);
    expect([0.01, 1, 100].map((value) => Math.round(log.calc(value)))).toEqual([0, 20, 40]);
    expect(log.ticks).toEqual([0.01, 0.1, 1, 10, 100]);
    expect(makeLogScale([0.09, 1.1], [0, 40]).ticks).toEqual([0.1, 0.2, 0.5, 1]);
  });

  it('write ticks with as many decimals as their step needs', () => {
    const scale = makeLinearScale([-0.5, 0.5], [0, 1], 4);
    expect(scale.ticks.map(scale.format)).toEqual(['−0.5', '0.0', '0.5']);
    const wide = makeLinearScale([0, 40000], [0, 1], 4);
    expect(wide.ticks.map(wide.format)).toContain('20\u202f000');
  });

  it('find the extent of what is there', () => {
    expect(findExtent([[null, 2, Number.NaN], [-1]], [0])).toEqual([-1, 2]);
    expect(findExtent([[null]])).toEqual([0, 1]);
  });
});
