import { calcNormalTail } from '../../math/index.js';
import { type Alternative, checkPairs, subtract } from './check.js';
import { findLocation, type Location } from './hodges-lehmann.js';
import { calcRanks } from './ranks.js';
import { calcRankSumShares } from './signed-rank-distribution.js';

export interface WilcoxonOptions {
  /** What is shown where p is small: 'greater' that a exceeds b. Default 'two-sided'. */
  readonly alternative?: Alternative;
  /** Pairs without difference: left out before ranking (Wilcoxon 1945), or ranked and then left out (Pratt 1959). Default 'wilcoxon'. */
  readonly zeros?: 'wilcoxon' | 'pratt';
  /** Default 'auto': exact up to 50 pairs with a difference, normal above. */
  readonly method?: 'auto' | 'exact' | 'normal';
  /** Of the interval of the Hodges–Lehmann estimate. Default 0.95. */
  readonly confidence?: number;
}

export interface WilcoxonResult {
  /** Participants. */
  readonly n: number;
  /** Of them with a difference: what the test rests on. */
  readonly nonzero: number;
  /** Sums of the ranks of the positive and of the negative differences a − b. */
  readonly positiveRanks: number;
  readonly negativeRanks: number;
  readonly p: number;
  /** The smallest p that this many differences can have, whatever they are. */
  readonly smallestP: number;
  readonly method: 'exact' | 'normal';
  readonly alternative: Alternative;
  /** Matched-pairs rank-biserial correlation, −1 … 1, positive where a exceeds b; 0 where nothing differs (Kerby 2014, doi 10.2466/11.IT.3.1). */
  readonly rankBiserial: number;
  /** Hodges–Lehmann estimate of the difference a − b. */
  readonly location: Location;
}

const mostExact = 50;

/**
 * Wilcoxon signed-rank test of paired values, one pair per participant.
 * Wilcoxon 1945, Biometrics Bull. 1:80, doi 10.2307/3001968; zeros also after Pratt 1959, J. Am. Stat. Assoc. 54:655, doi 10.2307/2282543.
 * Exact: the distribution over all signs of the ranks that were found, so ties and zeros are exact too. Normal: variance Σ r²/4 of
 * the midranks, which is the tie correction of Hollander, Wolfe & Chicken 2014, eq. 3.10; no continuity correction. Where there are ties
 * or zeros SciPy 1.17 takes the normal approximation from 14 pairs on; here it starts at 51, as without ties.
 * @throws GenuError for unequal lengths, fewer than 2 participants, a value that is not finite
 */
export function calcWilcoxon(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { alternative = 'two-sided', zeros = 'wilcoxon', method = 'auto', confidence = 0.95 }: WilcoxonOptions = {},
): WilcoxonResult {
  checkPairs(a, b, 2, 'Wilcoxon signed-rank test');
  const all = subtract(a, b);
  const ranked = zeros === 'pratt' ? all : all.filter((difference) => difference !== 0);
  const ranks = calcRanks(ranked.map(Math.abs)).filter((_, i) => ranked[i] !== 0);
  const differences = all.filter((difference) => difference !== 0);
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const positive = ranks.reduce((sum, rank, i) => (differences[i] > 0 ? sum + rank : sum), 0);
  const exact = method === 'exact' || (method === 'auto' && ranks.length <= mostExact);
  const tails = exact ? calcExactTails(ranks) : calcNormalTails(ranks);
  const sides = alternative === 'two-sided' ? 2 : 1;
  return {
    n: all.length,
    nonzero: ranks.length,
    positiveRanks: positive,
    negativeRanks: total - positive,
    p: calcP(tails(positive), alternative),
    smallestP: Math.min(1, sides * tails(total)[0]),
    method: exact ? 'exact' : 'normal',
    alternative,
    rankBiserial: total === 0 ? 0 : (2 * positive - total) / total,
    location: findLocation(all, confidence),
  };
}

/** Probabilities that the sum of the positive ranks is at least, and at most, what it is. */
type Tails = (positive: number) => readonly [atLeast: number, atMost: number];

function calcP([atLeast, atMost]: readonly [number, number], alternative: Alternative): number {
  if (alternative === 'greater') return atLeast;
  if (alternative === 'less') return atMost;
  return Math.min(1, 2 * Math.min(atLeast, atMost));
}

function calcExactTails(ranks: Float64Array): Tails {
  const shares = calcRankSumShares(ranks);
  return (positive) => {
    const place = Math.round(2 * positive);
    let [atLeast, atMost] = [0, 0];
    for (let sum = shares.length - 1; sum >= place; sum--) atLeast += shares[sum];
    for (let sum = 0; sum <= place; sum++) atMost += shares[sum];
    return [Math.min(1, atLeast), Math.min(1, atMost)];
  };
}

function calcNormalTails(ranks: Float64Array): Tails {
  const mean = ranks.reduce((sum, rank) => sum + rank, 0) / 2;
  const deviation = Math.sqrt(ranks.reduce((sum, rank) => sum + rank * rank, 0)) / 2;
  return (positive) => {
    const z = deviation === 0 ? 0 : (positive - mean) / deviation;
    return [calcNormalTail(z), calcNormalTail(-z)];
  };
}
