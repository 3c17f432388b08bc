import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GenuError } from '../data/index.js';
import { type ButterworthDesign, calcGain, designButterworth } from './butterworth.js';

interface Reference {
  rate_Hz: number;
  frequencies_Hz: number[];
  filters: (Omit<ButterworthDesign, 'rate_Hz'> & { sections: number; gain: number[] })[];
}
const reference: Reference = JSON.parse(readFileSync(new URL('scipy.reference.json', import.meta.url), 'utf8'));

describe('designButterworth', () => {
  it.each(reference.filters)('has the gain of SciPy: $type of order $order at $cutoff_Hz Hz', (filter) => {
    const sections = designButterworth({ ...filter, rate_Hz: reference.rate_Hz });
    expect(sections).toHaveLength(filter.sections);
    reference.frequencies_Hz.forEach((frequency_Hz, i) => {
      const gain = calcGain(sections, frequency_Hz, reference.rate_Hz);
      expect(Math.abs(gain - filter.gain[i])).toBeLessThan(1e-10);
    });
  });

  it('has half the power at its cutoffs, whatever the order and the cutoff, and is stable', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0.002, max: 0.45, noNaN: true }),
        fc.double({ min: 0.01, max: 0.04, noNaN: true }),
        (order, part, width) => {
          const rate_Hz = 1000;
          const [low, high] = [part * rate_Hz, (part + width) * rate_Hz];
          const designs = [
            { sections: designButterworth({ order, type: 'lowpass', cutoff_Hz: low, rate_Hz }), at: [low] },
            { sections: designButterworth({ order, type: 'highpass', cutoff_Hz: low, rate_Hz }), at: [low] },
            {
              sections: designButterworth({ order, type: 'bandpass', cutoff_Hz: [low, high], rate_Hz }),
              at: [low, high],
            },
          ];
          for (const { sections, at } of designs) {
            for (const frequency of at) expect(calcGain(sections, frequency, rate_Hz)).toBeCloseTo(Math.SQRT1_2, 6);
            // Poles inside the unit circle: |a2| < 1 and |a1| < 1 + a2.
            for (const { a1, a2 } of sections) {
              expect(Math.abs(a2)).toBeLessThan(1);
              expect(Math.abs(a1)).toBeLessThan(1 + a2);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each<[string, ButterworthDesign, RegExp]>([
    [
      'cutoff at half the rate',
      { order: 2, type: 'lowpass', cutoff_Hz: 50, rate_Hz: 100 },
      /cutoff of 50 Hz.*100 Hz.*half/,
    ],
    [
      'band above half the rate',
      { order: 2, type: 'bandpass', cutoff_Hz: [30, 450], rate_Hz: 800 },
      /cutoff of 450 Hz/,
    ],
    ['cutoff of zero', { order: 2, type: 'highpass', cutoff_Hz: 0, rate_Hz: 100 }, /cutoff of 0 Hz/],
    ['cutoff that is no number', { order: 2, type: 'lowpass', cutoff_Hz: Number.NaN, rate_Hz: 100 }, /cutoff of NaN/],
    ['band turned round', { order: 2, type: 'bandpass', cutoff_Hz: [40, 30], rate_Hz: 100 }, /empty/],
    ['broken order', { order: 2.5, type: 'lowpass', cutoff_Hz: 6, rate_Hz: 100 }, /order 2.5/],
    ['order zero', { order: 0, type: 'lowpass', cutoff_Hz: 6, rate_Hz: 100 }, /order 0/],
    ['uneven clock', { order: 2, type: 'lowpass', cutoff_Hz: 6, rate_Hz: Number.NaN }, /NaN Hz/],
    ['one cutoff for a band', { order: 2, type: 'bandpass', cutoff_Hz: 6, rate_Hz: 100 }, /two cutoffs/],
    ['two cutoffs for a low-pass', { order: 2, type: 'lowpass', cutoff_Hz: [6, 8], rate_Hz: 100 }, /one cutoff/],
  ])('refuses: %s', (_, design, message) => {
    expect(() => designButterworth(design)).toThrow(GenuError);
    expect(() => designButterworth(design)).toThrow(message);
  });
});
