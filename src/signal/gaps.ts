import { findGaps, type Gap, GenuError } from '../data/index.js';

export interface FilledGaps {
  readonly values: Float64Array;
  readonly filled: readonly Gap[];
  /** Gaps that are too long, or at an end of the signal: there is nothing to interpolate between. */
  readonly remaining: readonly Gap[];
}

/**
 * Fills short gaps. `cubic` draws the polynomial through the two samples on either side of the gap (a parabola where one of them is missing
 * too), `linear` the straight line. Long gaps are left: an invented quarter of a stride would look like data.
 * @param longest_s gaps up to this long are filled; a gap of n samples is n / rate long
 * @throws GenuError for a rate that is not positive
 */
export function fillGaps(
  values: Float64Array,
  rate_Hz: number,
  longest_s: number,
  method: 'linear' | 'cubic' = 'cubic',
): FilledGaps {
  if (!(rate_Hz > 0)) throw new GenuError(`gaps at ${rate_Hz} Hz have no length.`, { mend: 'Give the sampling rate.' });
  const out = values.slice();
  const filled: Gap[] = [];
  const remaining: Gap[] = [];
  for (const gap of findGaps(values)) {
    const { start, end } = gap;
    if (start === 0 || end === values.length || (end - start) / rate_Hz > longest_s * (1 + 1e-9)) {
      remaining.push(gap);
      continue;
    }
    const beside = method === 'linear' ? [start - 1, end] : [start - 2, start - 1, end, end + 1];
    const knots = beside.filter((i) => i >= 0 && i < values.length && !Number.isNaN(values[i]));
    for (let i = start; i < end; i++) out[i] = calcLagrange(knots, values, i);
    filled.push(gap);
  }
  return { values: out, filled, remaining };
}

/** Value at `x` of the polynomial through (knot, values[knot]). */
function calcLagrange(knots: readonly number[], values: Float64Array, x: number): number {
  return knots.reduce((sum, knot) => {
    const weight = knots.reduce(
      (product, other) => (other === knot ? product : (product * (x - other)) / (knot - other)),
      1,
    );
    return sum + weight * values[knot];
  }, 0);
}
