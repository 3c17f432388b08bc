import { calcStudentizedRangeTail, findStudentizedRange } from '../../math/index.js';
import { checkShare, checkTreatments } from './check.js';
import { calcMeanRanks } from './friedman.js';

export interface NemenyiResult {
  readonly n: number;
  readonly k: number;
  readonly meanRanks: readonly number[];
  /** Two treatments differ at the level `alpha` where their mean ranks are further apart than this. */
  readonly criticalDifference: number;
  readonly alpha: number;
  /** Every pair once, `first` < `second`; p is already corrected for the number of pairs. */
  readonly pairs: readonly { readonly first: number; readonly second: number; readonly p: number }[];
}

/**
 * Nemenyi's test of all pairs after Friedman's: differences of mean ranks against the range of k normal numbers.
 * Nemenyi 1963 (thesis, Princeton), as in Demšar 2006, J. Mach. Learn. Res. 7:1, §3.2.2: CD = q_α √(k (k + 1) / 6n), q_α the studentised range
 * with ∞ degrees of freedom over √2. Ties are not corrected for, which errs on the safe side.
 * @throws GenuError as `calcFriedman`
 */
export function calcNemenyi(treatments: readonly ArrayLike<number>[], alpha = 0.05): NemenyiResult {
  checkTreatments(treatments, { treatments: 3, participants: 2 }, 'Nemenyi test');
  checkShare(alpha, 'alpha', 'Nemenyi test');
  const { meanRanks } = calcMeanRanks(treatments);
  const k = treatments.length;
  const n = treatments[0].length;
  const unit = Math.sqrt((k * (k + 1)) / (12 * n));
  const pairs = meanRanks.flatMap((rank, first) =>
    meanRanks.slice(first + 1).map((other, i) => ({
      first,
      second: first + 1 + i,
      p: calcStudentizedRangeTail(Math.abs(rank - other) / unit, k),
    })),
  );
  return { n, k, meanRanks, criticalDifference: unit * findStudentizedRange(alpha, k), alpha, pairs };
}
