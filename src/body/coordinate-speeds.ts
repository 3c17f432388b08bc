import { findGaps, GenuError } from '../data/index.js';
import { calcQuinticSplineSlopes } from '../math/index.js';

/**
 * Rates of change of one coordinate: the derivative of the natural quintic spline through its samples, which is OpenSim's
 * order-5 GCV spline without smoothing. Gaps (NaN) stay gaps, and the stretches between them are differentiated one by one.
 * @param times_s strictly increasing
 * @param values rad or m, one per time stamp
 * @returns rad/s or m/s; a single sample between gaps has rate 0
 * @throws GenuError when the arrays differ in length
 */
export function calcCoordinateSpeeds(times_s: Float64Array, values: Float64Array): Float64Array {
  if (times_s.length !== values.length) {
    throw new GenuError(`there are ${times_s.length} time stamps and ${values.length} values.`, {
      where: 'coordinate',
    });
  }
  const speeds = new Float64Array(values.length).fill(Number.NaN);
  let start = 0;
  for (const gap of [...findGaps(values), { start: values.length, end: values.length }]) {
    const slopes = calcQuinticSplineSlopes(times_s.subarray(start, gap.start), values.subarray(start, gap.start));
    speeds.set(slopes, start);
    start = gap.end;
  }
  return speeds;
}
