import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calcDerivative, calcDerivativeCausal, makeDerivativeState, stepDerivative } from './derivative.js';

const reference: { rate_Hz: number; values: number[]; gradient: number[] } = JSON.parse(
  readFileSync(new URL('scipy.reference.json', import.meta.url), 'utf8'),
);

const rate_Hz = 100;
const w = 2 * Math.PI * 1.5;
const angle = Float64Array.from({ length: 300 }, (_, i) => Math.sin((w * i) / rate_Hz));
const truth = Float64Array.from({ length: 300 }, (_, i) => w * Math.cos((w * i) / rate_Hz));

function calcWorst(a: Float64Array, from = 0, to = a.length): number {
  let worst = 0;
  for (let i = from; i < to; i++) worst = Math.max(worst, Math.abs(a[i] - truth[i]));
  return worst;
}

describe('calcDerivative', () => {
  it('equals NumPy’s gradient with central differences', () => {
    const derivative = calcDerivative(Float64Array.from(reference.values), reference.rate_Hz, 'central');
    derivative.forEach((value, i) => {
      expect(Math.abs(value - reference.gradient[i])).toBeLessThan(1e-8);
    });
  });

  it('meets the analytic derivative, the spline far more closely', () => {
    expect(calcWorst(calcDerivative(angle, rate_Hz, 'central'), 1, 299)).toBeLessThan(0.02);
    expect(calcWorst(calcDerivative(angle, rate_Hz, 'spline'), 10, 290)).toBeLessThan(1e-5);
  });

  it.each(['central', 'spline'] as const)('does not reach over gaps (%s)', (method) => {
    const gappy = angle.slice();
    for (const i of [100, 101, 150, 152, 155]) gappy[i] = Number.NaN;
    const derivative = calcDerivative(gappy, rate_Hz, method);
    expect(derivative.subarray(0, 100)).toEqual(calcDerivative(angle.slice(0, 100), rate_Hz, method));
    expect(derivative[100]).toBeNaN();
    expect(derivative[151]).toBeNaN(); // alone between two gaps
    expect(derivative[153]).toBeCloseTo((angle[154] - angle[153]) * rate_Hz, 9);
    expect(derivative[154]).toBeCloseTo(derivative[153], 9);
  });
});

describe('the causal derivative', () => {
  it('is the backward difference: the truth half a sample ago', () => {
    const derivative = calcDerivativeCausal(angle, rate_Hz);
    expect(derivative[0]).toBeNaN();
    for (let i = 1; i < 300; i++) expect(derivative[i]).toBeCloseTo(w * Math.cos((w * (i - 0.5)) / rate_Hz), 2);
  });

  it('starts anew after a gap', () => {
    const state = makeDerivativeState();
    expect([1, 3, Number.NaN, 7, 8].map((value) => stepDerivative(state, value, 10))).toEqual([
      Number.NaN,
      20,
      Number.NaN,
      Number.NaN,
      10,
    ]);
  });
});
