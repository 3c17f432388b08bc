import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Channel, makeClock, makeUniformClock } from '../data/index.js';
import { calcSplineSlopes } from './cubic.js';
import { interpolate, makeCommonClock, resample } from './resample.js';

const { spline }: { spline: Record<'times_s' | 'values' | 'at_s' | 'interpolated' | 'slopes', number[]> } = JSON.parse(
  readFileSync(new URL('scipy.reference.json', import.meta.url), 'utf8'),
);

function makeChannel(name: string, times_s: Float64Array, measure: (time_s: number) => number): Channel {
  return { name, kind: 'other', unit: '?', clock: makeClock(times_s), values: times_s.map(measure) };
}

const even = (start_s: number, rate_Hz: number, count: number) => makeUniformClock(start_s, rate_Hz, count).times_s;

describe('interpolate', () => {
  it('equals SciPy’s CubicSpline on an uneven clock, values and slopes', () => {
    const times_s = Float64Array.from(spline.times_s);
    const values = Float64Array.from(spline.values);
    const result = interpolate(times_s, values, Float64Array.from(spline.at_s));
    expect([...result]).toEqual(spline.interpolated.map((value) => expect.closeTo(value, 10)));
    expect([...calcSplineSlopes(times_s, values)]).toEqual(spline.slopes.map((value) => expect.closeTo(value, 10)));
  });

  it('gives parabolas and straight lines back with three and two samples', () => {
    const at = Float64Array.of(0, 0.5, 1, 1.7, 3);
    const parabola = interpolate(Float64Array.of(0, 1, 3), Float64Array.of(0, 1, 9), at);
    expect([...parabola]).toEqual([0, 0.25, 1, 2.89, 9].map((value) => expect.closeTo(value, 12)));
    const line = interpolate(Float64Array.of(0, 3), Float64Array.of(0, 6), at);
    expect([...line]).toEqual([0, 1, 2, 3.4, 6].map((value) => expect.closeTo(value, 12)));
  });

  it('extrapolates nothing and gives samples back at their own times', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.double({ min: -9, max: 9, noNaN: true }), { nil: Number.NaN }), {
          minLength: 1,
          maxLength: 30,
        }),
        fc.constantFrom('cubic' as const, 'linear' as const),
        (list, method) => {
          const values = Float64Array.from(list);
          const times_s = even(1, 10, list.length);
          expect(interpolate(times_s, values, times_s, method)).toEqual(values);
          const between = times_s.map((time_s) => time_s + 0.03);
          interpolate(times_s, values, between, method).forEach((value, i) => {
            // NaN exactly where a neighbour is missing: gaps neither grow nor shrink.
            expect(Number.isNaN(value)).toBe(Number.isNaN(values[i] + (values[i + 1] ?? Number.NaN)));
          });
        },
      ),
    );
  });
});

describe('resample', () => {
  it.each([
    ['up', 100, 1000],
    ['down', 2000, 100],
    ['to an odd rate', 1000, 60],
  ])('a slow sine survives going %s', (_, from_Hz, to_Hz) => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 6, noNaN: true }),
        (frequency_Hz, phase) => {
          const measure = (time_s: number) => Math.sin(2 * Math.PI * frequency_Hz * time_s + phase);
          const channel = makeChannel('q', even(0, from_Hz, 3 * from_Hz + 1), measure);
          const clock = makeUniformClock(0.5, to_Hz, 2 * to_Hz);
          resample(channel, clock).forEach((value, i) => {
            expect(Math.abs(value - measure(clock.times_s[i]))).toBeLessThan(1e-3);
          });
        },
      ),
      { numRuns: 10 },
    );
  });

  it('takes out what the new clock cannot hold', () => {
    const channel = makeChannel('emg', even(0, 2000, 8001), (time_s) => Math.sin(2 * Math.PI * 130 * time_s));
    const clock = makeUniformClock(1, 100, 200);
    expect(Math.max(...resample(channel, clock).map(Math.abs))).toBeLessThan(1e-3);
    // Without the low-pass it would fold to 30 Hz at full height.
    const folded = interpolate(channel.clock.times_s, channel.values, clock.times_s);
    expect(Math.max(...folded.map(Math.abs))).toBeGreaterThan(0.9);
  });

  it('keeps constants and leaves gaps where they are', () => {
    const channel = makeChannel('q', even(0, 500, 1000), (time_s) => (time_s > 0.8 && time_s < 1 ? Number.NaN : 3));
    for (const rate_Hz of [50, 333, 2000]) {
      const clock = makeUniformClock(0, rate_Hz, Math.floor(1.99 * rate_Hz));
      resample(channel, clock).forEach((value, i) => {
        if (clock.times_s[i] > 0.801 && clock.times_s[i] < 0.999) expect(value).toBeNaN();
        else if (clock.times_s[i] < 0.79 || clock.times_s[i] > 1.01) expect(value).toBeCloseTo(3, 9);
      });
    }
  });

  it('brings an uneven clock to an even one, up and down', () => {
    const times_s = Float64Array.from({ length: 1000 }, (_, i) => (i + 0.3 * Math.sin(7.7 * i)) / 250);
    const channel = makeChannel('q', times_s, (time_s) => Math.cos(2 * Math.PI * 2 * time_s));
    expect(channel.clock.rate_Hz).toBeUndefined();
    for (const rate_Hz of [100, 1000]) {
      const clock = makeUniformClock(0.5, rate_Hz, 3 * rate_Hz);
      resample(channel, clock).forEach((value, i) => {
        expect(Math.abs(value - Math.cos(4 * Math.PI * clock.times_s[i]))).toBeLessThan(1e-3);
      });
    }
    expect(() => resample(channel, channel.clock)).toThrow(/uneven/);
  });

  it('names the channel that is too short to filter', () => {
    const channel = makeChannel('knee_angle_r', even(0, 1000, 10), () => 1);
    expect(() => resample(channel, makeUniformClock(0, 100, 1))).toThrow(/knee_angle_r.*10 samples in a row/);
  });
});

describe('makeCommonClock', () => {
  it('covers just the time that all channels share', () => {
    const emg = makeChannel('emg', even(0.25, 2000, 6000), (time_s) => time_s);
    const angle = makeChannel('angle', even(0, 100, 301), (time_s) => -time_s);
    const clock = makeCommonClock([emg, angle], 200);
    expect(clock.rate_Hz).toBe(200);
    expect(clock.times_s[0]).toBe(0.25);
    expect(clock.times_s.at(-1)).toBeCloseTo(3, 9);
    const opposite = resample(angle, clock);
    resample(emg, clock).forEach((value, i) => {
      expect(value).toBeCloseTo(-opposite[i], 2);
    });
  });

  it('loses no last sample to rounding', () => {
    for (const rate_Hz of [60, 100, 128, 1000 / 3]) {
      const channel = makeChannel('q', even(0.1, rate_Hz, 997), () => 0);
      expect(resample(channel, makeCommonClock([channel], rate_Hz))).toEqual(new Float64Array(997));
    }
  });

  it('refuses channels without common time, no channels, and no rate', () => {
    const early = makeChannel('a', even(0, 10, 11), () => 0);
    const late = makeChannel('b', even(5, 10, 11), () => 0);
    expect(() => makeCommonClock([early, late], 10)).toThrow(/"a" ends at 1 s, "b" begins at 5 s/);
    expect(() => makeCommonClock([], 10)).toThrow(/no channels/);
    expect(() => makeCommonClock([early], 0)).toThrow(/0 Hz/);
  });
});
