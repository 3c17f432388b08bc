/**
 * The muscle curves of CEINMS (Pizzolato et al. 2015, J. Biomech. 48:3929–3936; points of Lloyd & Besier 2003, J. Biomech.
 * 36:765–776, as CEINMS ships them).
 *
 * Between the points runs a cubic spline with continuous second derivative whose slope is given at both ends; beyond them the curve goes on as a
 * straight line. CEINMS pads the same points with others a few thousandths away so that its spline starts and ends flat. Slopes of zero say that
 * directly: against CEINMS's own spline the largest difference is 3e-4 (active force–length), 1.5e-3 (passive) and 8e-3 (force–velocity),
 * where natural end conditions differ by 0.03, 0.15 and 0.004. With them the active curve stays ≥ 0 with a top of 1.0004, and the passive and
 * force–velocity curves rise throughout; a monotone (PCHIP) interpolant would flatten the top of the active curve to 0.993.
 */
export interface Curve {
  /** Abscissae of the points, increasing. */
  readonly x: Float64Array;
  /** Value = y + t(b + t(c + t·d)) with t the distance from the point; one more set than there are pieces, for the line beyond the end. */
  readonly y: Float64Array;
  readonly b: Float64Array;
  readonly c: Float64Array;
  readonly d: Float64Array;
}

/** Active force–length: normalised fibre length → share of the maximum isometric force. */
export const activeForceLength = makeCurve(
  [0.4035, 0.52725, 0.62875, 0.71875, 0.86125, 1.045, 1.2175, 1.43875, 1.61875],
  [0, 0.226667, 0.636667, 0.856667, 0.95, 0.993333, 0.77, 0.246667, 0],
  0,
  0,
);

/** Passive force–length: normalised fibre length → share of the maximum isometric force; stays at 2 beyond 1.6 as in CEINMS. */
export const passiveForceLength = makeCurve(
  [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6],
  [0, 0.035, 0.12, 0.26, 0.55, 1.17, 2],
  0,
  0,
);

/** Force–velocity: normalised fibre velocity, lengthening positive → factor on the active force. */
export const forceVelocity = makeCurve(
  [-1, -0.6, -0.3, -0.1, 0, 0.1, 0.3, 0.6, 0.8],
  [0, 0.08, 0.2, 0.55, 1, 1.4, 1.6, 1.7, 1.75],
  0,
  0,
);

/** Cubic spline through the points with the given slopes at its ends (de Boor 2001, chapter IV, complete spline interpolation). */
export function makeCurve(x: readonly number[], y: readonly number[], startSlope: number, endSlope: number): Curve {
  const last = x.length - 1;
  const slope = new Float64Array(last + 1);
  slope[0] = startSlope;
  slope[last] = endSlope;
  // Continuity of the second derivative at inner points: a tridiagonal system for the slopes, solved by elimination.
  const factor = new Float64Array(last + 1);
  for (let i = 1; i < last; i++) {
    const before = x[i] - x[i - 1];
    const after = x[i + 1] - x[i];
    const rise = (y[i] - y[i - 1]) / before;
    const nextRise = (y[i + 1] - y[i]) / after;
    const pivot = 2 * (before + after) - after * factor[i - 1];
    factor[i] = before / pivot;
    slope[i] = (3 * (after * rise + before * nextRise) - after * slope[i - 1]) / pivot;
  }
  for (let i = last - 1; i > 0; i--) slope[i] -= factor[i] * slope[i + 1];

  const c = new Float64Array(last + 1);
  const d = new Float64Array(last + 1);
  for (let i = 0; i < last; i++) {
    const width = x[i + 1] - x[i];
    const rise = (y[i + 1] - y[i]) / width;
    c[i] = (3 * rise - 2 * slope[i] - slope[i + 1]) / width;
    d[i] = (slope[i] + slope[i + 1] - 2 * rise) / (width * width);
  }
  return { x: Float64Array.from(x), y: Float64Array.from(y), b: slope, c, d };
}

/** Value of a curve at `x`; NaN gives NaN. */
export function calcCurve(curve: Curve, x: number): number {
  const t = x - curve.x[0];
  if (!(t >= 0)) return curve.y[0] + t * curve.b[0];
  const i = findPiece(curve.x, x);
  const u = x - curve.x[i];
  // Flat to the very end: infinity times a slope of zero is zero here.
  if (i === curve.x.length - 1) return curve.y[i] + (curve.b[i] === 0 ? 0 : u * curve.b[i]);
  return curve.y[i] + u * (curve.b[i] + u * (curve.c[i] + u * curve.d[i]));
}

/** First derivative of a curve at `x`; NaN gives NaN. */
export function calcCurveSlope(curve: Curve, x: number): number {
  const t = x - curve.x[0];
  if (!(t >= 0)) return curve.b[0] + 0 * t;
  const i = findPiece(curve.x, x);
  const u = x - curve.x[i];
  return curve.b[i] + u * (2 * curve.c[i] + u * 3 * curve.d[i]);
}

/** Index of the last point at or before `x`, for x ≥ points[0]. The curves have ten points at most: a walk beats a binary search. */
function findPiece(points: Float64Array, x: number): number {
  let i = points.length - 1;
  while (points[i] > x) i--;
  return i;
}
