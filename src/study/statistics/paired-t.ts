import { calcStudentTail, findStudentValue } from '../../math/index.js';
import type { Interval } from '../bootstrap.js';
import { type Alternative, checkPairs, checkShare, subtract } from './check.js';
import { type CohensD, calcCohensDz } from './cohens-d.js';
import { calcDeviation, calcMean } from './moments.js';

export interface PairedTResult {
  readonly n: number;
  /** Mean of a − b, in the unit of the values. */
  readonly difference: number;
  /** Two-sided interval of the mean difference; null where nothing differs from the mean, for then t is not defined. */
  readonly interval: Interval;
  readonly confidence: number;
  /** ±∞ where all differences are alike and not 0, and 0 where all are 0. */
  readonly t: number;
  readonly degrees: number;
  readonly p: number;
  readonly alternative: Alternative;
  /** Null where all differences are alike. */
  readonly effect: CohensD | null;
}

/**
 * Student's t test of paired values, one pair per participant. Assumes that differences are normally distributed.
 * Student 1908, Biometrika 6:1, doi 10.1093/biomet/6.1.1.
 * @throws GenuError for unequal lengths, fewer than 2 participants, a value that is not finite, a confidence outside (0, 1)
 */
export function calcPairedT(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  {
    alternative = 'two-sided',
    confidence = 0.95,
  }: { readonly alternative?: Alternative; readonly confidence?: number } = {},
): PairedTResult {
  checkPairs(a, b, 2, 'paired t test');
  checkShare(confidence, 'the confidence', 'paired t test');
  const differences = subtract(a, b);
  const n = differences.length;
  const degrees = n - 1;
  const difference = calcMean(differences);
  const error = calcDeviation(differences) / Math.sqrt(n);
  const t = difference === 0 ? 0 : difference / error;
  const width = findStudentValue((1 - confidence) / 2, degrees) * error;
  const tails = {
    greater: calcStudentTail(t, degrees),
    less: calcStudentTail(-t, degrees),
    'two-sided': Math.min(1, 2 * calcStudentTail(Math.abs(t), degrees)),
  };
  return {
    n,
    difference,
    interval: error > 0 ? [difference - width, difference + width] : null,
    confidence,
    t,
    degrees,
    p: tails[alternative],
    alternative,
    effect: error > 0 ? calcCohensDz(differences) : null,
  };
}
