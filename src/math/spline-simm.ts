/** A piecewise cubic: on [x[i], x[i+1]] y[i] + b[i]·t + c[i]·t² + d[i]·t³ with t = x − x[i]; straight beyond its ends. */
export interface CubicSpline {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly b: Float64Array;
  readonly c: Float64Array;
  readonly d: Float64Array;
}

/**
 * Cubic spline with the end conditions that SIMM and OpenSim's SimmSpline use: at either end the third derivative is that
 * of the cubic through the four outermost points. With three points it is 0, with two the spline is a straight line.
 * Source: Forsythe, Malcolm & Moler (1977), Computer Methods for Mathematical Computations, section 4.4.
 * @param x at least two, strictly increasing
 * @param y one per x
 */
export function fitSimmSpline(x: ArrayLike<number>, y: ArrayLike<number>): CubicSpline {
  const n = x.length;
  const spline = {
    x: Float64Array.from(x),
    y: Float64Array.from(y),
    b: new Float64Array(n),
    c: new Float64Array(n),
    d: new Float64Array(n),
  };
  const { b, c, d } = spline;
  if (n === 2) {
    b.fill((y[1] - y[0]) / (x[1] - x[0]));
    return spline;
  }

  // Unknown s[i] = f''(x[i]) / 6. Rows: h[i-1] s[i-1] + 2 (h[i-1] + h[i]) s[i] + h[i] s[i+1] = jump of the slope at i.
  const h = Float64Array.from({ length: n - 1 }, (_, i) => x[i + 1] - x[i]);
  const slope = h.map((step, i) => (y[i + 1] - y[i]) / step);
  const diagonal = new Float64Array(n);
  const s = new Float64Array(n);
  for (let i = 1; i < n - 1; i++) {
    diagonal[i] = 2 * (h[i - 1] + h[i]);
    s[i] = slope[i] - slope[i - 1];
  }
  // End rows: h (s[1] − s[0]) = h² · third divided difference of the four points at that end.
  diagonal[0] = -h[0];
  diagonal[n - 1] = -h[n - 2];
  if (n > 3) {
    const third = (i: number): number =>
      (s[i + 2] / (x[i + 3] - x[i + 1]) - s[i + 1] / (x[i + 2] - x[i])) / (x[i + 3] - x[i]);
    const first = third(0) * h[0] * h[0];
    s[n - 1] = -third(n - 4) * h[n - 2] * h[n - 2];
    s[0] = first;
  }

  for (let i = 1; i < n; i++) {
    const factor = h[i - 1] / diagonal[i - 1];
    diagonal[i] -= factor * h[i - 1];
    s[i] -= factor * s[i - 1];
  }
  s[n - 1] /= diagonal[n - 1];
  for (let i = n - 2; i >= 0; i--) s[i] = (s[i] - h[i] * s[i + 1]) / diagonal[i];

  for (let i = 0; i < n - 1; i++) {
    b[i] = slope[i] - h[i] * (s[i + 1] + 2 * s[i]);
    c[i] = 3 * s[i];
    d[i] = (s[i + 1] - s[i]) / h[i];
  }
  b[n - 1] = slope[n - 2] + h[n - 2] * (s[n - 2] + 2 * s[n - 1]);
  return spline;
}

/** Value of a cubic spline at `x`; NaN for NaN. */
export function calcCubicSpline(spline: CubicSpline, x: number): number {
  const i = findInterval(spline.x, x);
  if (i < 0) return spline.y[0] + spline.b[0] * (x - spline.x[0]);
  const t = x - spline.x[i];
  if (i === spline.x.length - 1) return spline.y[i] + spline.b[i] * t;
  return spline.y[i] + t * (spline.b[i] + t * (spline.c[i] + t * spline.d[i]));
}

/** First derivative of a cubic spline at `x`; NaN for NaN. */
export function calcCubicSplineSlope(spline: CubicSpline, x: number): number {
  const i = findInterval(spline.x, x);
  const t = x - spline.x[Math.max(i, 0)];
  if (i < 0 || i === spline.x.length - 1) return spline.b[Math.max(i, 0)] + 0 * t;
  return spline.b[i] + t * (2 * spline.c[i] + 3 * t * spline.d[i]);
}

/** The last i with knots[i] ≤ x; −1 below the first knot. */
export function findInterval(knots: ArrayLike<number>, x: number): number {
  let low = -1;
  let high = knots.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (knots[middle] <= x) low = middle;
    else high = middle;
  }
  return low;
}
