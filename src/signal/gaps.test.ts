import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findGaps } from '../data/index.js';
import { fillGaps } from './gaps.js';

const rate_Hz = 100;

/** A sine of 1 Hz with NaN from `start` to `end`. */
function makeGappy(...gaps: [number, number][]): Float64Array {
  const values = Float64Array.from({ length: 200 }, (_, i) => Math.sin((2 * Math.PI * i) / rate_Hz));
  for (const [start, end] of gaps) values.fill(Number.NaN, start, end);
  return values;
}

describe('fillGaps', () => {
  it('fills short gaps only, and reports both kinds', () => {
    const { filled, remaining, values } = fillGaps(makeGappy([0, 2], [50, 55], [90, 130], [199, 200]), rate_Hz, 0.05);
    expect(filled).toEqual([{ start: 50, end: 55 }]);
    expect(remaining).toEqual([
      { start: 0, end: 2 },
      { start: 90, end: 130 },
      { start: 199, end: 200 },
    ]);
    expect(findGaps(values)).toEqual(remaining);
  });

  it('comes near the curve: cubic within 0.001, and nearer than a straight line', () => {
    const truth = makeGappy();
    const error = (method: 'cubic' | 'linear') =>
      Math.max(...fillGaps(makeGappy([20, 28]), rate_Hz, 0.1, method).values.map((v, i) => Math.abs(v - truth[i])));
    expect(error('cubic')).toBeLessThan(0.001);
    expect(error('linear')).toBeGreaterThan(10 * error('cubic'));
  });

  it('draws the straight line when asked', () => {
    const { values } = fillGaps(Float64Array.of(5, 1, Number.NaN, Number.NaN, 4, 9), 1, 2, 'linear');
    expect([...values]).toEqual([5, 1, 2, 3, 4, 9].map((x) => expect.closeTo(x, 12)));
  });

  it('never touches samples that are there, and keeps a straight line straight', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 30, noNaN: true }),
        (there, longest_s) => {
          const line = Float64Array.from(there, (present, i) => (present ? 2 - 0.5 * i : Number.NaN));
          const { values, filled, remaining } = fillGaps(line, 1, longest_s);
          expect([...filled, ...remaining].sort((a, b) => a.start - b.start)).toEqual(findGaps(line));
          expect(findGaps(values)).toEqual(remaining);
          values.forEach((value, i) => {
            if (there[i]) expect(value).toBe(line[i]);
            else if (!Number.isNaN(value)) expect(value).toBeCloseTo(2 - 0.5 * i, 10);
          });
        },
      ),
    );
  });

  it('wants a rate', () => {
    expect(() => fillGaps(makeGappy(), 0, 1)).toThrow(/0 Hz/);
  });
});
