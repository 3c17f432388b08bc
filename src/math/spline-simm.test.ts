import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calcCubicSpline, calcCubicSplineSlope, fitSimmSpline } from './spline-simm.js';

const knots = fc
  .array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 4, maxLength: 15 })
  .map((steps) => steps.map((_, i) => steps.slice(0, i).reduce((sum, step) => sum + step, -2)));
const coefficient = fc.double({ min: -3, max: 3, noNaN: true });

describe('fitSimmSpline', () => {
  it('reproduces any cubic, since its end conditions are those of the cubic through four points', () => {
    fc.assert(
      fc.property(
        knots,
        coefficient,
        coefficient,
        coefficient,
        coefficient,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (x, a, b, c, d, u) => {
          const cubic = (t: number): number => a + t * (b + t * (c + t * d));
          const slope = (t: number): number => b + t * (2 * c + 3 * t * d);
          const spline = fitSimmSpline(x, x.map(cubic));
          const at = x[0] + u * (x[x.length - 1] - x[0]);
          const size = 1 + Math.abs(at) ** 3 * 12;
          expect(Math.abs(calcCubicSpline(spline, at) - cubic(at))).toBeLessThan(1e-9 * size);
          expect(Math.abs(calcCubicSplineSlope(spline, at) - slope(at))).toBeLessThan(1e-7 * size);
        },
      ),
    );
  });

  it('passes through its points, and value, slope and curvature join at them', () => {
    const x = [-1, -0.6, 0.1, 0.15, 0.9, 2];
    const spline = fitSimmSpline(x, [0.3, -1, 2, 2.1, 0, 4]);
    const step = 1e-6;
    for (let i = 0; i < x.length; i++) {
      expect(calcCubicSpline(spline, x[i])).toBeCloseTo(spline.y[i], 12);
      if (i === 0 || i === x.length - 1) continue;
      const [before, after] = [calcCubicSplineSlope(spline, x[i] - step), calcCubicSplineSlope(spline, x[i] + step)];
      const here = calcCubicSplineSlope(spline, x[i]);
      expect((here - before) / step).toBeCloseTo((after - here) / step, 1);
    }
  });

  it('has the slope of its own value', () => {
    const spline = fitSimmSpline([0, 0.2, 0.5, 1.1, 1.3], [1, -0.4, 0.8, 0.9, 0]);
    for (const at of [-0.5, 0.07, 0.3, 0.77, 1.2, 1.9]) {
      const difference = (calcCubicSpline(spline, at + 1e-6) - calcCubicSpline(spline, at - 1e-6)) / 2e-6;
      expect(calcCubicSplineSlope(spline, at)).toBeCloseTo(difference, 6);
    }
  });

  it('goes on straight beyond its ends, and keeps NaN', () => {
    const spline = fitSimmSpline([0, 1, 2, 3], [0, 1, 8, 27]);
    expect(calcCubicSpline(spline, 5)).toBeCloseTo(27 + 2 * 27, 10);
    expect(calcCubicSplineSlope(spline, 5)).toBeCloseTo(27, 10);
    expect(calcCubicSpline(spline, -4)).toBeCloseTo(0, 10);
    expect(calcCubicSpline(spline, Number.NaN)).toBeNaN();
    expect(calcCubicSplineSlope(spline, Number.NaN)).toBeNaN();
  });

  it('is a line through two points and a parabola through three', () => {
    const line = fitSimmSpline([1, 3], [2, 8]);
    expect(calcCubicSpline(line, 2.5)).toBeCloseTo(6.5, 12);
    expect(calcCubicSpline(line, 0)).toBeCloseTo(-1, 12);
    const parabola = fitSimmSpline([0, 1, 3], [0, 1, 9]);
    expect(calcCubicSpline(parabola, 2)).toBeCloseTo(4, 12);
    expect(calcCubicSplineSlope(parabola, 0.5)).toBeCloseTo(1, 12);
  });
});
