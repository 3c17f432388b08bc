import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../math/index.js';
import {
  calcBandPower,
  calcCorrelation,
  calcQuantile,
  calcSpectrum,
  calcSpread,
  findEmgForm,
  findLag,
  findMainsHum,
  findMarkerJumps,
  findRail,
  fitSigned,
  type MarkerTrack,
} from './index.js';

const rate_Hz = 1000;
const noise = (seed: number, count: number, size = 1) => {
  const random = makeRandom(seed);
  return Float64Array.from({ length: count }, () => size * random.normal());
};
const sine = (count: number, frequency_Hz: number, size = 1) =>
  Float64Array.from({ length: count }, (_, i) => size * Math.sin((2 * Math.PI * frequency_Hz * i) / rate_Hz));
const add = (a: Float64Array, b: Float64Array) => a.map((value, i) => value + b[i]);

describe('spread', () => {
  it('leaves out what is missing or infinite', () => {
    expect(calcSpread([1, Number.NaN, 3, Number.POSITIVE_INFINITY])).toEqual({
      count: 2,
      mean: 2,
      deviation: 1,
      min: 1,
      max: 3,
    });
    expect(calcQuantile([5, Number.NaN, 1, 3], 0.5)).toBe(3);
    expect(calcCorrelation([1, 2, Number.NaN, 3], [2, 4, 9, 6])).toBeCloseTo(1, 12);
    expect(calcCorrelation([1, 1, 1, 1], [1, 2, 3, 4])).toBeNaN();
  });

  it('has a correlation that no shift and no positive scale changes', () => {
    const number = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, number), { minLength: 5, maxLength: 40 }),
        number,
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (pairs, shift, scale) => {
          const [a, b] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
          const r = calcCorrelation(a, b);
          if (Number.isNaN(r) || calcSpread(a).deviation < 1e-3) return;
          expect(Math.abs(r)).toBeLessThanOrEqual(1 + 1e-9);
          expect(
            calcCorrelation(
              a.map((x) => scale * x + shift),
              b,
            ),
          ).toBeCloseTo(r, 5);
        },
      ),
    );
  });
});

describe('spectrum', () => {
  it('keeps the power of a signal (Parseval)', () => {
    const values = add(noise(1, 40_000), sine(40_000, 123.4, 2));
    const spectrum = calcSpectrum(values, rate_Hz)!;
    expect(calcBandPower(spectrum, 0, rate_Hz)).toBeCloseTo(calcSpread(values).deviation ** 2, 1);
    expect(calcBandPower(spectrum, 120, 127)).toBeCloseTo(2, 1);
  });

  it('agrees with the sum that defines the transform', () => {
    const values = noise(2, 64);
    const { density, step_Hz } = calcSpectrum(values, rate_Hz, rate_Hz / 64)!;
    const window = values.map((_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / 64));
    const mean = values.reduce((a, b) => a + b, 0) / 64;
    const energy = window.reduce((a, w) => a + w * w, 0);
    for (const k of [1, 7, 20, 31]) {
      let [re, im] = [0, 0];
      for (let i = 0; i < 64; i++) {
        const value = (values[i] - mean) * window[i];
        re += value * Math.cos((2 * Math.PI * k * i) / 64);
        im -= value * Math.sin((2 * Math.PI * k * i) / 64);
      }
      expect(density[k]).toBeCloseTo((2 * (re * re + im * im)) / (rate_Hz * energy), 12);
    }
    expect(step_Hz).toBeCloseTo(rate_Hz / 64, 12);
  });

  it('skips segments with gaps, and says so when none is whole', () => {
    const values = noise(3, 4096);
    values[10] = Number.NaN;
    expect(calcSpectrum(values, rate_Hz, 4)!.density.every(Number.isFinite)).toBe(true);
    expect(calcSpectrum(values.fill(Number.NaN), rate_Hz)).toBeUndefined();
    expect(calcSpectrum(noise(1, 20), rate_Hz)).toBeUndefined();
  });
});

describe('mains hum', () => {
  it.each([50, 60] as const)('finds lines at %i Hz and their share', (mains_Hz) => {
    const hum = add(sine(20_000, mains_Hz, 1), sine(20_000, 3 * mains_Hz, 0.5));
    const found = findMainsHum(calcSpectrum(add(noise(4, 20_000, 0.5), hum), rate_Hz)!)!;
    expect(found.mains_Hz).toBe(mains_Hz);
    expect(found.lines_Hz).toEqual([mains_Hz, 3 * mains_Hz]);
    // Noise of variance 0.25 has 0.22 of it between 10 and 450 Hz; the lines have 0.5 + 0.125.
    expect(found.share).toBeCloseTo(0.625 / (0.625 + 0.22), 1);
  });

  it('finds hardly any in noise', () => {
    for (let seed = 10; seed < 40; seed++) {
      const found = findMainsHum(calcSpectrum(noise(seed, 10_000), rate_Hz)!);
      expect(found?.share ?? 0).toBeLessThan(0.02);
    }
  });
});

describe('rail and form', () => {
  it('counts the samples at the rail', () => {
    const clipped = noise(5, 10_000).map((value) => Math.max(-1, Math.min(1, value)));
    const { level, share } = findRail(clipped)!;
    expect(Math.abs(level)).toBe(1);
    // 31.7 % of a normal distribution lie beyond one standard deviation.
    expect(share).toBeCloseTo(0.32, 1);
    expect(findRail(noise(5, 10_000))!.share).toBeLessThan(0.001);
    expect(findRail(new Float64Array(10))).toBeUndefined();
  });

  it('tells raw, rectified and smoothed apart, with an offset too', () => {
    const raw = add(
      noise(6, 20_000),
      noise(7, 20_000).map((value, i) => value * Math.sin(i / 300)),
    );
    const rectified = raw.map(Math.abs);
    let level = 0;
    const envelope = rectified.map((value) => {
      level += 0.01 * (value - level);
      return level;
    });
    let smoother = 0;
    const smooth = envelope.map((value) => {
      smoother += 0.01 * (value - smoother);
      return smoother;
    });
    expect(findEmgForm(raw, rate_Hz)).toBe('raw');
    expect(
      findEmgForm(
        raw.map((value) => value + 50),
        rate_Hz,
      ),
    ).toBe('raw');
    expect(findEmgForm(rectified, rate_Hz)).toBe('rectified');
    expect(findEmgForm(smooth, rate_Hz)).toBe('envelope');
    expect(findEmgForm(new Float64Array(1000), rate_Hz)).toBeUndefined();
  });
});

describe('lag', () => {
  it('finds by how much one signal follows the other', () => {
    const leader = noise(8, 3000);
    const follower = leader.map((_, i) => (i < 37 ? 0 : leader[i - 37]));
    const found = findLag(leader, follower, 100, [-1, 1])!;
    expect(found.lag_s).toBeCloseTo(0.37, 10);
    expect(found.correlation).toBeGreaterThan(0.99);
    expect(findLag(follower, leader, 100, [-1, 1])!.lag_s).toBeCloseTo(-0.37, 10);
  });
});

describe('fit with signs', () => {
  it('finds weights that made a signal, and 0 for one with the wrong sign', () => {
    const [a, b, c] = [noise(11, 2000), noise(12, 2000), noise(13, 2000)];
    const { weights, r2 } = fitSigned(
      a.map((value, i) => 3 + 2 * value + b[i] - c[i]),
      [a, b, c],
    )!;
    expect(weights[0] / weights[1]).toBeCloseTo(2, 0);
    expect(weights[2]).toBe(0);
    // Without c, a sixth of the variance is left (4 + 1 of 6).
    expect(r2).toBeCloseTo(5 / 6, 1);
  });

  it('is optimal: no weight above 0 has a gradient, none at 0 would grow (Karush, Kuhn and Tucker)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const base = noise(seed, 300);
        const signals = [1, 2, 3, 4].map((k) => noise(seed + k, 300).map((value, i) => value + 0.5 * base[i]));
        const target = noise(seed + 9, 300).map((value, i) => value + base[i] - signals[1][i]);
        const { weights } = fitSigned(target, signals)!;
        signals.forEach((signal, s) => {
          let gradient = calcCorrelation(signal, target);
          signals.forEach((other, t) => {
            gradient -= calcCorrelation(signal, other) * weights[t];
          });
          if (weights[s] > 0) expect(gradient).toBeCloseTo(0, 6);
          else expect(gradient).toBeLessThanOrEqual(1e-6);
        });
      }),
      { numRuns: 25 },
    );
  });
});

describe('markers', () => {
  const walk = (name: string, offset: number): MarkerTrack => ({
    name,
    axes: [0, 1, 2].map((axis) =>
      Float64Array.from({ length: 200 }, (_, i) => offset * (axis + 1) + 0.3 * Math.sin(i / 15 + axis)),
    ) as unknown as MarkerTrack['axes'],
  });

  it('finds nothing in smooth courses', () => {
    expect(findMarkerJumps([walk('a', 0.2), walk('b', 0.5)])).toEqual([]);
  });

  it('finds a jump, and two markers that change places', () => {
    const [a, b] = [walk('a', 0.2), walk('b', 0.5)];
    a.axes[2][100] += 0.2;
    expect(findMarkerJumps([a, b])[0]).toMatchObject({ name: 'a', frame: 100 });
    const [c, d] = [walk('c', 0.2), walk('d', 0.5)];
    for (const axis of [0, 1, 2]) {
      const kept = c.axes[axis].slice(120);
      c.axes[axis].set(d.axes[axis].subarray(120), 120);
      d.axes[axis].set(kept, 120);
    }
    const swaps = findMarkerJumps([c, d]).filter(({ frame }) => frame === 120);
    expect(swaps).toMatchObject([
      { name: 'c', exchanged_with: 'd' },
      { name: 'd', exchanged_with: 'c' },
    ]);
  });
});
