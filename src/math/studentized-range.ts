import { calcNormalTail, findTailValue } from './distributions.js';
import { calcLogGamma } from './gamma.js';

/**
 * Probability that the range of `groups` ≥ 2 standard normal numbers, over an independent estimate of their standard deviation with
 * `degrees` degrees of freedom (∞: the true one), exceeds `range`.
 * Definition: Lund & Lund 1983, Algorithm AS 190, Appl. Statist. 32:204, doi 10.2307/2347300. Departure: the integrands are smooth and die out
 * at both ends, so the trapezoidal rule converges faster than any power of its step (Trefethen & Weideman 2014, doi 10.1137/130932132);
 * the outer integral runs over the logarithm of the estimate for that reason, and the tail is integrated itself so that small ones keep their digits.
 */
export function calcStudentizedRangeTail(range: number, groups: number, degrees = Number.POSITIVE_INFINITY): number {
  return makeTail(groups, degrees)(range);
}

/** The studentised range that is exceeded with the given probability in (0, 1). */
export function findStudentizedRange(probability: number, groups: number, degrees = Number.POSITIVE_INFINITY): number {
  return findTailValue(makeTail(groups, degrees), probability, 0);
}

function makeTail(groups: number, degrees: number): (range: number) => number {
  if (!(groups >= 2 && degrees > 0)) return () => Number.NaN;
  if (degrees === Number.POSITIVE_INFINITY) return (range) => calcRangeTail(range, groups);
  // Density of t = ln(s), s² ~ χ²/ν: exp(scale + ν (t − s²/2)), highest at t = 0.
  const scale = Math.LN2 + 0.5 * degrees * Math.log(0.5 * degrees) - calcLogGamma(0.5 * degrees);
  const step = 0.25 / Math.sqrt(2 * degrees + 4);
  // The widths range · s lie on one grid whatever the range, so a search needs each tail once.
  const tails = new Map<number, number>();
  const calcTailAt = (place: number) => {
    const known = tails.get(place);
    if (known !== undefined) return known;
    const tail = calcRangeTail(Math.exp(place * step), groups);
    tails.set(place, tail);
    return tail;
  };
  return (range) => {
    if (Number.isNaN(range)) return Number.NaN;
    if (range <= 0) return 1;
    const shift = Math.log(range);
    const top = Math.round(shift / step);
    let sum = 0;
    for (const direction of [-1, 1]) {
      for (let place = direction === 1 ? top : top - 1; ; place += direction) {
        const t = place * step - shift;
        const exponent = degrees * (t - 0.5 * Math.exp(2 * t));
        // e^-40 of the top adds nothing.
        if (exponent < -0.5 * degrees - 40) break;
        sum += Math.exp(scale + exponent) * calcTailAt(place);
      }
    }
    return Math.min(1, sum * step);
  };
}

const step = 0.125;
/** Φ(z) from z = −9 to where its density ends. */
const below = Array.from({ length: 377 }, (_, i) => calcNormalTail(9 - i * step));

/** P(range of k normal numbers > w) = k ∫ φ(z) [Φ(z)^(k−1) − (Φ(z) − Φ(z − w))^(k−1)] dz, z being the highest. */
function calcRangeTail(width: number, groups: number): number {
  if (Number.isNaN(width)) return Number.NaN;
  if (width <= 0) return 1;
  let sum = 0;
  for (let i = 0; i < below.length; i++) {
    const z = i * step - 9;
    if (z > 9 + 0.5 * width) break;
    const left = Math.min(1, calcNormalTail(width - z) / below[i]);
    const share = -Math.expm1((groups - 1) * Math.log1p(-left));
    sum += Math.exp(-0.5 * z * z) * below[i] ** (groups - 1) * share;
  }
  return Math.min(1, (groups * sum * step) / Math.sqrt(2 * Math.PI));
}
