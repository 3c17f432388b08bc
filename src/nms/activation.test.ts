import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  calcActivation,
  calcNeuralActivationInto,
  makeActivationFilter,
  startActivation,
  stepNeuralActivation,
} from './activation.js';
import { convertActivation } from './muscles.js';

const solve = (e: ArrayLike<number>, C1: number, C2: number, delay_s: number, rate_Hz: number) => {
  const u = new Float64Array(e.length);
  calcNeuralActivationInto(u, makeActivationFilter({ C1, C2, A: -1, delay_s }, rate_Hz), Float64Array.from(e));
  return u;
};

describe('neural activation', () => {
  it('is the recursion written out, with interpolated delay and a held past', () => {
    const e = Array.from({ length: 60 }, (_, i) => 0.5 + 0.4 * Math.sin(0.37 * i) ** 3);
    const at = (t: number) => {
      const i = Math.floor(t);
      const value = (k: number) => e[Math.max(0, k)];
      return value(i) + (t - i) * (value(i + 1) - value(i));
    };
    const [C1, C2] = [-0.7, 0.2];
    const expected: number[] = [];
    for (let i = 0; i < e.length; i++) {
      const past = (k: number) => (i - k < 0 ? e[0] : expected[i - k]);
      expected.push((1 + C1) * (1 + C2) * at(i - 3.4) - (C1 + C2) * past(1) - C1 * C2 * past(2));
    }
    solve(e, C1, C2, 0.034, 100).forEach((u, i) => {
      expect(u).toBeCloseTo(expected[i], 12);
    });
  });

  it('has unit gain: a constant gives itself from the first sample', () => {
    for (const u of solve(new Float64Array(50).fill(0.3), -0.9, -0.5, 0.05, 100)) expect(u).toBeCloseTo(0.3, 13);
  });

  it('shifts by whole samples exactly, also where seconds times rate rounds', () => {
    const e = Float64Array.from({ length: 30 }, (_, i) => (i * 7919) % 13);
    const now = solve(e, -0.5, -0.4, 0, 30);
    const later = solve(e, -0.5, -0.4, 0.1, 30);
    for (let i = 3; i < 30; i++) expect(later[i]).toBeCloseTo(now[i - 3], 12);
    expect(makeActivationFilter({ C1: 0, C2: 0, A: -1, delay_s: 0.1 }, 30)).toMatchObject({ delay: 3, fraction: 0 });
  });

  it('is NaN where the delayed excitation is missing, and begins anew after it', () => {
    const e = Float64Array.from({ length: 40 }, (_, i) => 0.2 + 0.01 * i);
    const whole = solve(e, -0.5, -0.3, 0.025, 100);
    const gap = e.with(20, Number.NaN);
    const u = new Float64Array(40);
    const filter = makeActivationFilter({ C1: -0.5, C2: -0.3, A: -1, delay_s: 0.025 }, 100);
    expect(calcNeuralActivationInto(u, filter, gap)).toBe(1);
    u.forEach((value, i) => {
      if (i === 22 || i === 23) expect(value).toBeNaN();
      else if (i < 22) expect(value).toBe(whole[i]);
      else expect(Math.abs(value - whole[i])).toBeLessThan(0.02);
    });
    expect(u[24]).toBeCloseTo((e[21] + e[22]) / 2, 12);
  });

  it('streams: state copied in the middle goes on with identical numbers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(Number.NaN)), {
          minLength: 2,
          maxLength: 60,
        }),
        fc.double({ min: -0.95, max: -0.05, noNaN: true }),
        fc.double({ min: 0, max: 0.12, noNaN: true }),
        fc.nat(),
        (e, C1, delay_s, cut) => {
          const filter = makeActivationFilter({ C1, C2: -0.4, A: -1, delay_s }, 100);
          let state = startActivation();
          const streamed = e.map((value, i) => {
            if (i === cut % e.length) state = structuredClone(state);
            return stepNeuralActivation(state, filter, value);
          });
          expect(streamed).toEqual([...solve(e, C1, -0.4, delay_s, 100)]);
        },
      ),
    );
  });

  it('keeps 0…1 within 0…1 for the calibrated coefficients', () => {
    const pole = fc.double({ min: -0.95, max: -0.05, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), pole, pole, (e, C1, C2) => {
        for (const u of solve(e, C1, C2, 0.015, 100)) {
          expect(u).toBeGreaterThan(-1e-9);
          expect(u).toBeLessThan(1 + 1e-9);
        }
      }),
    );
  });

  it('acts per sample; carried to another rate it answers a step as fast', () => {
    const at100 = { C1: -0.8, C2: -0.6, A: -1, delay_s: 0 };
    const at1000 = convertActivation(at100, 100, 1000);
    const step = (count: number) => Float64Array.from({ length: count }, (_, i) => (i === 0 ? 0 : 1));
    const slow = solve(step(40), at100.C1, at100.C2, 0, 100);
    const same = solve(step(400), at100.C1, at100.C2, 0, 1000);
    const fast = solve(step(400), at1000.C1, at1000.C2, 0, 1000);
    // Time to 90 %, s.
    const rise = (u: Float64Array, rate: number) => u.findIndex((value) => value > 0.9) / rate;
    expect(Math.abs(rise(fast, 1000) - rise(slow, 100))).toBeLessThan(0.02);
    expect(rise(same, 1000)).toBeLessThan(0.3 * rise(slow, 100));
    expect(convertActivation(at1000, 1000, 100).C1).toBeCloseTo(-0.8, 12);
    expect(() => convertActivation({ ...at100, C2: 0.2 }, 100, 200)).toThrow(/no counterpart/);
  });
});

describe('calcActivation', () => {
  it('is the published shape, straight at A = 0, within 0…1, rising', () => {
    for (const A of [-3, -1.2, -0.01]) {
      for (let u = 0; u <= 1; u += 0.05)
        expect(calcActivation(u, A)).toBeCloseTo((Math.exp(A * u) - 1) / (Math.exp(A) - 1), 12);
    }
    expect(calcActivation(0.37, 0)).toBe(0.37);
    expect(calcActivation(0.37, -1e-9)).toBeCloseTo(0.37, 9);
    expect([calcActivation(-0.2, -1), calcActivation(0, -1), calcActivation(1, -1), calcActivation(1.7, -1)]).toEqual([
      0, 0, 1, 1,
    ]);
    expect(calcActivation(Number.NaN, -1)).toBeNaN();
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: -3, max: 0, noNaN: true }),
        (u, v, A) => calcActivation(Math.max(u, v), A) >= calcActivation(Math.min(u, v), A),
      ),
    );
  });
});
