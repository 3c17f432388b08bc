import { describe, expect, it } from 'vitest';
import {
  activeForceLength,
  calcCurve,
  calcCurveSlope,
  forceVelocity,
  makeCurve,
  passiveForceLength,
} from './curves.js';

const curves = { activeForceLength, passiveForceLength, forceVelocity };

/** A second way to a complete spline: dense Gauss elimination on the second derivatives (moments) instead of the slopes. */
function calcByMoments(x: number[], y: number[], start: number, end: number, at: number): number {
  const n = x.length;
  const rows = Array.from({ length: n }, () => new Array<number>(n + 1).fill(0));
  const h = (i: number) => x[i + 1] - x[i];
  const rise = (i: number) => (y[i + 1] - y[i]) / h(i);
  rows[0][0] = 2 * h(0);
  rows[0][1] = h(0);
  rows[0][n] = 6 * (rise(0) - start);
  rows[n - 1][n - 2] = h(n - 2);
  rows[n - 1][n - 1] = 2 * h(n - 2);
  rows[n - 1][n] = 6 * (end - rise(n - 2));
  for (let i = 1; i < n - 1; i++) {
    rows[i][i - 1] = h(i - 1);
    rows[i][i] = 2 * (h(i - 1) + h(i));
    rows[i][i + 1] = h(i);
    rows[i][n] = 6 * (rise(i) - rise(i - 1));
  }
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      if (k === i) continue;
      const ratio = rows[k][i] / rows[i][i];
      for (let j = 0; j <= n; j++) rows[k][j] -= ratio * rows[i][j];
    }
  const m = rows.map((row, i) => row[n] / row[i]);
  let i = 0;
  while (i < n - 2 && at >= x[i + 1]) i++;
  const a = (x[i + 1] - at) / h(i);
  const b = (at - x[i]) / h(i);
  return a * y[i] + b * y[i + 1] + (((a ** 3 - a) * m[i] + (b ** 3 - b) * m[i + 1]) * h(i) ** 2) / 6;
}

describe('curves', () => {
  for (const [name, curve] of Object.entries(curves)) {
    const last = curve.x.length - 1;
    const span = curve.x[last] - curve.x[0];

    it(`${name}: agrees with an independent spline, and goes through the points`, () => {
      const [x, y] = [[...curve.x], [...curve.y]];
      for (let i = 0; i <= 500; i++) {
        const at = curve.x[0] + (span * i) / 500;
        const expected = calcByMoments(x, y, curve.b[0], curve.b[last], at);
        expect(calcCurve(curve, at)).toBeCloseTo(expected, 11);
      }
      x.forEach((at, i) => {
        expect(calcCurve(curve, at)).toBe(y[i]);
      });
    });

    it(`${name}: the slope is the derivative, and is continuous across points and ends`, () => {
      const step = 1e-6 * span;
      for (let i = -20; i <= 520; i++) {
        const at = curve.x[0] + (span * (i + 0.37)) / 500;
        const difference = (calcCurve(curve, at + step) - calcCurve(curve, at - step)) / (2 * step);
        expect(Math.abs(calcCurveSlope(curve, at) - difference)).toBeLessThan(1e-4 / span);
      }
      for (const at of curve.x) {
        const jump = calcCurveSlope(curve, at + 1e-9 * span) - calcCurveSlope(curve, at - 1e-9 * span);
        expect(Math.abs(jump)).toBeLessThan(1e-5 / span);
      }
    });

    it(`${name}: NaN in, NaN out; straight beyond the ends`, () => {
      expect(calcCurve(curve, Number.NaN)).toBeNaN();
      expect(calcCurveSlope(curve, Number.NaN)).toBeNaN();
      expect(calcCurve(curve, curve.x[0] - 2)).toBeCloseTo(curve.y[0] - 2 * curve.b[0], 12);
      expect(calcCurve(curve, curve.x[last] + 2)).toBeCloseTo(curve.y[last] + 2 * curve.b[last], 12);
    });
  }

  it('keeps the shapes: active never negative, the others never falling', () => {
    const at = Array.from({ length: 40_001 }, (_, i) => -2 + i * 1e-4);
    const active = at.map((x) => calcCurve(activeForceLength, x));
    expect(Math.min(...active)).toBe(0);
    expect(Math.max(...active)).toBeLessThan(1.0005);
    expect(Math.min(...at.map((x) => calcCurveSlope(passiveForceLength, x)))).toBe(0);
    expect(Math.min(...at.map((x) => calcCurveSlope(forceVelocity, x)))).toBeGreaterThan(-1e-12);
    expect(calcCurve(activeForceLength, 1)).toBeCloseTo(1, 3);
    expect(calcCurve(forceVelocity, 0)).toBe(1);
    expect(calcCurve(makeCurve([0, 1, 2], [0, 1, 3], 0, 4), 12)).toBeCloseTo(43, 9);
  });

  it('gives back a cubic exactly', () => {
    const f = (x: number) => 1 - 2 * x + 3 * x ** 2 - 0.5 * x ** 3;
    const x = [-1, -0.2, 0.1, 1, 2.5];
    const curve = makeCurve(x, x.map(f), -2 - 6 - 1.5, -2 + 15 - 9.375);
    for (let at = -1; at < 2.5; at += 0.05) expect(calcCurve(curve, at)).toBeCloseTo(f(at), 12);
  });
});
