/**
 * Slopes at the knots of the cubic spline through a stretch of samples, twice continuously differentiable, with not-a-knot ends (de Boor,
 * A Practical Guide to Splines, 1978, ch. IV). Two samples give the straight line, three the parabola through them.
 * @param times_s strictly increasing
 * @param values no NaN, as many as `times_s`
 */
export function calcSplineSlopes(times_s: Float64Array, values: Float64Array): Float64Array {
  const n = times_s.length;
  if (n === 1) return new Float64Array(1);
  const step = (i: number) => times_s[i + 1] - times_s[i];
  const secant = (i: number) => (values[i + 1] - values[i]) / step(i);
  if (n === 2) return Float64Array.of(secant(0), secant(0));
  if (n === 3) {
    const curvature = (secant(1) - secant(0)) / (step(0) + step(1));
    return Float64Array.of(
      secant(0) - curvature * step(0),
      secant(0) + curvature * step(0),
      secant(1) + curvature * step(1),
    );
  }
  // Tridiagonal system lower·d[i−1] + diagonal·d[i] + upper·d[i+1] = right, solved by elimination without pivoting.
  const diagonal = new Float64Array(n);
  const upper = new Float64Array(n);
  const right = new Float64Array(n);
  const [h0, h1] = [step(0), step(1)];
  diagonal[0] = h1;
  upper[0] = h0 + h1;
  right[0] = ((h0 + 2 * (h0 + h1)) * h1 * secant(0) + h0 * h0 * secant(1)) / (h0 + h1);
  for (let i = 1; i < n - 1; i++) {
    const factor = step(i) / diagonal[i - 1];
    diagonal[i] = 2 * (step(i - 1) + step(i)) - factor * upper[i - 1];
    upper[i] = step(i - 1);
    right[i] = 3 * (step(i) * secant(i - 1) + step(i - 1) * secant(i)) - factor * right[i - 1];
  }
  const [g0, g1] = [step(n - 2), step(n - 3)];
  const factor = (g0 + g1) / diagonal[n - 2];
  const last = (g0 * g0 * secant(n - 3) + (2 * (g0 + g1) + g0) * g1 * secant(n - 2)) / (g0 + g1);
  const slopes = new Float64Array(n);
  slopes[n - 1] = (last - factor * right[n - 2]) / (g1 - factor * upper[n - 2]);
  for (let i = n - 2; i >= 0; i--) slopes[i] = (right[i] - upper[i] * slopes[i + 1]) / diagonal[i];
  return slopes;
}

/** Cubic through (t0, y0) and (t1, y1) with slopes d0 and d1, at `time_s`. */
export function calcHermite(
  time_s: number,
  t0: number,
  t1: number,
  y0: number,
  y1: number,
  d0: number,
  d1: number,
): number {
  const h = t1 - t0;
  const u = (time_s - t0) / h;
  const v = 1 - u;
  return v * v * ((1 + 2 * u) * y0 + u * h * d0) + u * u * ((1 + 2 * v) * y1 - v * h * d1);
}
