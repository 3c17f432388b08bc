import type { Random } from '../math/index.js';

/**
 * A smooth random signal: unit-variance normal noise at knots `knot_s` apart, joined by cubic B-splines (twice continuously differentiable).
 * Its mean is 0, its standard deviation `deviation`, and its half-power frequency about 0.23 / `knot_s`.
 * The standard deviation dips between knots by less than 3 %.
 * @returns `count` samples at `rate_Hz`
 */
export function makeWobble(
  rng: Random,
  count: number,
  rate_Hz: number,
  knot_s: number,
  deviation: number,
): Float64Array {
  const knots = Float64Array.from({ length: Math.floor((count - 1) / (rate_Hz * knot_s)) + 4 }, () => rng.normal());
  const out = new Float64Array(count);
  // The squares of a cubic B-spline's shifts sum to 151/315 on average.
  const scale = deviation / Math.sqrt(151 / 315);
  for (let i = 0; i < count; i++) {
    const x = i / (rate_Hz * knot_s);
    const k = Math.floor(x);
    const t = x - k;
    const s = 1 - t;
    const left = s * s * s;
    const right = t * t * t;
    const second = 4 - 6 * t * t + 3 * right;
    const third = 4 - 6 * s * s + 3 * left;
    out[i] = (scale / 6) * (left * knots[k] + second * knots[k + 1] + third * knots[k + 2] + right * knots[k + 3]);
  }
  return out;
}

/** Knot spacing for a half-power frequency: the cubic B-spline's response sinc⁴(f·knot_s) is √½ at f·knot_s = 0.2283. */
export const knotForCutoff_s = (cutoff_Hz: number): number => 0.2283 / cutoff_Hz;
