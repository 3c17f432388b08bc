import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findPeak, findRange } from './range.js';

it('finds the ends of any values, as sorting does', () => {
  fc.assert(
    fc.property(fc.array(fc.double(), { maxLength: 20 }), (values) => {
      const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
      const [low, high] = findRange(Float64Array.from(values));
      expect(low + 0).toBe((sorted[0] ?? Number.POSITIVE_INFINITY) + 0);
      expect(high + 0).toBe((sorted.at(-1) ?? Number.NEGATIVE_INFINITY) + 0);
      expect(findPeak(values)).toBe(sorted.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
    }),
  );
});
