import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GenuError } from '../data/index.js';
import { type ButterworthDesign, designButterworth } from './butterworth.js';
import { filterCausal, filterLowpassZeroPhase, filterZeroPhase, makeFilterState, stepFilter } from './filter.js';

interface Reference {
  rate_Hz: number;
  values: number[];
  filters: (Omit<ButterworthDesign, 'rate_Hz'> & { causal: number[]; zero_phase: number[] })[];
}
const reference: Reference = JSON.parse(readFileSync(new URL('scipy.reference.json', import.meta.url), 'utf8'));
const { rate_Hz } = reference;
const values = Float64Array.from(reference.values);

function calcGreatestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let greatest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    expect(difference).not.toBeNaN();
    greatest = Math.max(greatest, difference);
  }
  return greatest;
}

describe('filters against SciPy', () => {
  it.each(reference.filters)('$type of order $order at $cutoff_Hz Hz', (filter) => {
    const sections = designButterworth({ ...filter, rate_Hz });
    // At 1/2000 of the rate 1 + a1 + a2 nearly cancels: rounding alone puts 1e-10 between this and extended precision, and SciPy 2e-11.
    const tolerance = filter.cutoff_Hz === 0.5 ? 1e-9 : 1e-10;
    expect(calcGreatestDifference(filterCausal(sections, values).values, filter.causal)).toBeLessThan(tolerance);
    expect(calcGreatestDifference(filterZeroPhase(sections, values), filter.zero_phase)).toBeLessThan(tolerance);
  });

  it('calls two passes of order 2 a 4th-order zero-lag filter', () => {
    const twice = reference.filters.find(({ type, order }) => type === 'lowpass' && order === 2)!;
    const filtered = filterLowpassZeroPhase(values, { order: 4, cutoff_Hz: 6, rate_Hz });
    expect(calcGreatestDifference(filtered, twice.zero_phase)).toBeLessThan(1e-10);
    expect(() => filterLowpassZeroPhase(values, { order: 3, cutoff_Hz: 6, rate_Hz })).toThrow(/order 3/);
  });
});

describe('filterCausal', () => {
  const sections = designButterworth({ order: 4, type: 'lowpass', cutoff_Hz: 40, rate_Hz });

  it('has no start transient', () => {
    const flat = new Float64Array(50).fill(7.25);
    expect(calcGreatestDifference(filterCausal(sections, flat).values, flat)).toBeLessThan(1e-12);
  });

  it('gives the same for a stream cut anywhere, and leaves the given state alone', () => {
    const whole = filterCausal(sections, values).values;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: values.length }), (cut) => {
        const first = filterCausal(sections, values.subarray(0, cut));
        const kept = first.state.memory.slice();
        const second = filterCausal(sections, values.subarray(cut), first.state);
        expect([...first.values, ...second.values]).toEqual([...whole]);
        expect(first.state.memory).toEqual(kept);
      }),
      { numRuns: 20 },
    );
  });

  it('keeps a gap a gap and starts anew after it', () => {
    const state = makeFilterState(sections);
    stepFilter(sections, state, 3);
    expect(stepFilter(sections, state, Number.NaN)).toBeNaN();
    expect(stepFilter(sections, state, -5)).toBeCloseTo(-5, 12);
  });
});

describe('filterZeroPhase', () => {
  const sections = designButterworth({ order: 2, type: 'lowpass', cutoff_Hz: 6, rate_Hz });

  it('does not shift: filtering the reversed signal gives the reversed result away from the ends', () => {
    const long = Float64Array.from({ length: 3000 }, (_, i) => Math.sin(i / 90) + Math.cos(i / 17));
    const forwards = filterZeroPhase(sections, long);
    const backwards = filterZeroPhase(sections, long.slice().reverse()).reverse();
    expect(calcGreatestDifference(forwards.subarray(800, 2200), backwards.subarray(800, 2200))).toBeLessThan(1e-9);
  });

  it('is linear and keeps constants', () => {
    const flat = new Float64Array(400).fill(-1.25);
    expect(calcGreatestDifference(filterZeroPhase(sections, flat), flat)).toBeLessThan(1e-10);
    const double = filterZeroPhase(
      sections,
      values.map((value) => 2 * value),
    );
    const single = filterZeroPhase(sections, values).map((value) => 2 * value);
    expect(calcGreatestDifference(double, single)).toBeLessThan(1e-12);
  });

  it('filters each stretch between gaps as if it stood alone', () => {
    const gappy = Float64Array.of(
      Number.NaN,
      ...values,
      Number.NaN,
      Number.NaN,
      ...values.subarray(20, 90),
      Number.NaN,
      4,
    );
    const filtered = filterZeroPhase(sections, gappy);
    const n = values.length;
    expect(filtered[0]).toBeNaN();
    expect(filtered.subarray(1, n + 1)).toEqual(filterZeroPhase(sections, values));
    expect(filtered.subarray(n + 1, n + 3)).toEqual(Float64Array.of(Number.NaN, Number.NaN));
    expect(filtered.subarray(n + 3, n + 73)).toEqual(filterZeroPhase(sections, values.slice(20, 90)));
    expect(filtered[n + 74]).toBeCloseTo(4, 10);
  });

  it('handles stretches shorter than the extension without inventing or losing samples', () => {
    const flat = new Float64Array(100).fill(2);
    for (const i of [40, 43, 45]) flat[i] = Number.NaN;
    const filtered = filterZeroPhase(sections, flat);
    filtered.forEach((value, i) => {
      if (Number.isNaN(flat[i])) expect(value).toBeNaN();
      else expect(value).toBeCloseTo(2, 10);
    });
  });

  it('refuses a signal without one stretch longer than the extension', () => {
    expect(() => filterZeroPhase(sections, values.slice(0, 9))).toThrow(GenuError);
    expect(() => filterZeroPhase(sections, values.slice(0, 9))).toThrow(/9 samples in a row.*more than 9/);
    expect(filterZeroPhase(sections, values.slice(0, 10))).toHaveLength(10);
    expect(() => filterZeroPhase(sections, new Float64Array(0))).toThrow(/0 samples/);
    expect(() => filterZeroPhase(sections, new Float64Array(99).fill(Number.NaN))).toThrow(/0 samples/);
  });
});
