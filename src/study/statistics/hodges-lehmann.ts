import { calcNormalQuantile } from '../../math/index.js';
import type { Interval } from '../bootstrap.js';
import { checkShare, checkValues } from './check.js';
import { calcQuantile } from './moments.js';
import { calcRankSumShares } from './signed-rank-distribution.js';

export interface Location {
  /** Hodges–Lehmann estimate: median of the means of all pairs of values, each with itself too. In the unit of the values. */
  readonly estimate: number;
  /** Null where so few participants cannot give an interval of that confidence. */
  readonly interval: Interval;
  /** What was asked for; an exact interval covers at least this often. */
  readonly confidence: number;
}

/**
 * Where values lie, and the interval of all shifts that a two-sided signed-rank test would not reject.
 * Hodges & Lehmann 1963, Ann. Math. Stat. 34:598, doi 10.1214/aoms/1177704172; interval: Tukey 1949, in Hollander, Wolfe & Chicken 2014, §3.3,
 * exact up to 50 values without ties, normal above (their eq. 3.35). Ties make it wider than needed, never narrower.
 * @throws GenuError for no value, one that is not finite, or a confidence outside (0, 1)
 */
export function findLocation(values: ArrayLike<number>, confidence = 0.95): Location {
  checkValues(values, 1, 'Hodges–Lehmann estimate');
  checkShare(confidence, 'the confidence', 'Hodges–Lehmann estimate');
  const n = values.length;
  const means = new Float64Array((n * (n + 1)) / 2);
  let count = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) means[count++] = (values[i] + values[j]) / 2;
  means.sort();
  const out = findOutside(n, (1 - confidence) / 2);
  return {
    estimate: calcQuantile(means, 0.5),
    interval: out < 1 ? null : [means[out - 1], means[means.length - out]],
    confidence,
  };
}

/** How many of the ordered means lie beyond either end: the most for which P(rank sum < count) ≤ tail. */
function findOutside(n: number, tail: number): number {
  if (n > 50) {
    const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
    return Math.floor((n * (n + 1)) / 4 + calcNormalQuantile(tail) * deviation);
  }
  const shares = calcRankSumShares(Array.from({ length: n }, (_, i) => i + 1));
  let below = 0;
  let count = 0;
  while (below + shares[2 * count] <= tail) below += shares[2 * count++];
  return count;
}
