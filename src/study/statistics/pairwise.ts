import { checkTreatments } from './check.js';
import { calcHolm } from './holm.js';
import { calcWilcoxon, type WilcoxonOptions, type WilcoxonResult } from './wilcoxon.js';

export interface PairwiseResult {
  readonly first: number;
  readonly second: number;
  /** Of `first` − `second`, p as if it were the only comparison. */
  readonly test: WilcoxonResult;
  /** p corrected for all pairs (Holm). */
  readonly adjustedP: number;
}

/**
 * Every pair of treatments by the Wilcoxon signed-rank test, p corrected after Holm; preferred to mean-rank tests after Friedman, for a pair's
 * verdict then does not hang on which other models were in the study (Benavoli, Corani & Mangili 2016, J. Mach. Learn. Res. 17(5):1).
 * @param treatments one list per treatment, of one value per participant in the same order
 * @throws GenuError for fewer than 2 treatments or as `calcWilcoxon`
 */
export function calcPairwiseWilcoxon(
  treatments: readonly ArrayLike<number>[],
  options: WilcoxonOptions = {},
): PairwiseResult[] {
  checkTreatments(treatments, { treatments: 2, participants: 2 }, 'pairwise Wilcoxon tests');
  const pairs = treatments.flatMap((a, first) =>
    treatments.slice(first + 1).map((b, i) => ({ first, second: first + 1 + i, test: calcWilcoxon(a, b, options) })),
  );
  const adjusted = calcHolm(pairs.map(({ test }) => test.p));
  return pairs.map((pair, i) => ({ ...pair, adjustedP: adjusted[i] }));
}
