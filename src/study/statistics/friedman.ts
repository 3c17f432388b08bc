import { calcChiSquaredTail, calcFTail } from '../../math/index.js';
import { checkTreatments } from './check.js';
import { calcRanks } from './ranks.js';

export interface FriedmanResult {
  /** Participants. */
  readonly n: number;
  /** Treatments compared (models). */
  readonly k: number;
  /** Mean rank of each treatment over participants, 1 for the smallest value. */
  readonly meanRanks: readonly number[];
  readonly chiSquared: number;
  /** Of χ² with k − 1 degrees of freedom. */
  readonly p: number;
  /** Of Iman and Davenport's F, which keeps its level better where participants are few. */
  readonly f: number;
  readonly pF: number;
  /** Kendall's coefficient of concordance, 0 … 1: how alike participants rank the treatments. */
  readonly kendallW: number;
}

/**
 * Friedman's test: do any of the treatments differ, ranked within each participant? Ties share ranks, and χ² is corrected for them.
 * Friedman 1937, J. Am. Stat. Assoc. 32:675, doi 10.1080/01621459.1937.10503522; ties as in Hollander, Wolfe & Chicken 2014, eq. 7.8;
 * F: Iman & Davenport 1980, Commun. Stat. A 9:571, doi 10.1080/03610928008827904; W: Kendall & Babington Smith 1939, doi 10.1214/aoms/1177732186.
 * Where every participant ties all treatments nothing can differ: χ² = F = W = 0 and p = 1.
 * @param treatments one list per treatment, of one value per participant in the same order
 * @throws GenuError for fewer than 3 treatments or 2 participants, unequal lengths, a value that is not finite
 */
export function calcFriedman(treatments: readonly ArrayLike<number>[]): FriedmanResult {
  checkTreatments(treatments, { treatments: 3, participants: 2 }, 'Friedman test');
  const { meanRanks, squares } = calcMeanRanks(treatments);
  const k = treatments.length;
  const n = treatments[0].length;
  const between = n * meanRanks.reduce((sum, rank) => sum + (rank - (k + 1) / 2) ** 2, 0);
  // All of the ranks' variance within participants, which ties make smaller than n k (k + 1) (k − 1) / 12.
  const chiSquared = squares === 0 ? 0 : (n * (k - 1) * between) / squares;
  const kendallW = squares === 0 ? 0 : Math.min(1, between / squares);
  const f = kendallW === 1 ? Number.POSITIVE_INFINITY : ((n - 1) * kendallW) / (1 - kendallW);
  return {
    n,
    k,
    meanRanks,
    chiSquared,
    p: calcChiSquaredTail(chiSquared, k - 1),
    f,
    pF: calcFTail(f, k - 1, (k - 1) * (n - 1)),
    kendallW,
  };
}

/** Mean rank of each treatment within participants, and the sum of squares of all ranks about their mean. */
export function calcMeanRanks(treatments: readonly ArrayLike<number>[]): { meanRanks: number[]; squares: number } {
  const k = treatments.length;
  const n = treatments[0].length;
  const sums = new Array<number>(k).fill(0);
  let squares = 0;
  for (let participant = 0; participant < n; participant++) {
    const ranks = calcRanks(treatments.map((values) => values[participant]));
    for (let j = 0; j < k; j++) {
      sums[j] += ranks[j];
      squares += (ranks[j] - (k + 1) / 2) ** 2;
    }
  }
  return { meanRanks: sums.map((sum) => sum / n), squares };
}
