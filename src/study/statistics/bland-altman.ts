import { GenuError } from '../../data/index.js';
import { calcNormalQuantile, findChiSquaredValue, findStudentValue } from '../../math/index.js';
import { checkCount, checkShare } from './check.js';
import { calcMean, calcSquares } from './moments.js';

type Range = readonly [low: number, high: number];

export interface BlandAltmanResult {
  /** Participants, and frames (or other repeated measurements) of all of them. */
  readonly n: number;
  readonly frames: number;
  /** Mean difference, each participant counted once. In the unit of the differences, as all below. */
  readonly bias: number;
  readonly biasInterval: Range;
  /** Of a single frame's difference: between participants and within them together. */
  readonly deviation: number;
  /** Parts of its square: of participants' true biases, not below 0, and of frames about their participant's. */
  readonly varianceBetween: number;
  readonly varianceWithin: number;
  /** Where 95 % (`agreement`) of single frames' differences are expected, with an interval of either limit. */
  readonly lower: number;
  readonly upper: number;
  readonly lowerInterval: Range;
  readonly upperInterval: Range;
  readonly agreement: number;
  readonly confidence: number;
}

/**
 * Limits of agreement of two measures with repeated frames per participant, which are not independent.
 * Bland & Altman 2007, J. Biopharm. Stat. 17:571, doi 10.1080/10543400701329422 (§3, the true value varies): variance between and within participants
 * add up. For unequal numbers of frames, and for the limits' intervals, Zou 2013, Stat. Methods Med. Res. 22:630, doi 10.1177/0962280211402548:
 * every participant counts once. Departure: the variance within is given n − 1 degrees of freedom and not (frames − n), for neighbouring frames
 * resemble each other; in simulation the intervals of limits then covered 95 to 99 % (7 and 20 participants, correlation 0 to 0.99).
 * With one frame each this is the simple method of Bland & Altman 1986, doi 10.1016/S0140-6736(86)90837-8.
 * @param differences per participant the differences of all frames, predicted − measured
 * @throws GenuError for fewer than 3 participants, one without frames, a value that is not finite, a share outside (0, 1)
 */
export function calcBlandAltman(
  differences: readonly ArrayLike<number>[],
  { agreement = 0.95, confidence = 0.95 }: { readonly agreement?: number; readonly confidence?: number } = {},
): BlandAltmanResult {
  const where = 'Bland–Altman limits';
  checkShare(agreement, 'the agreement', where);
  checkShare(confidence, 'the confidence', where);
  const n = differences.length;
  checkCount(n, 3, where);
  differences.forEach((list, i) => {
    const bad = Array.from(list).findIndex((value) => !Number.isFinite(value));
    if (list.length === 0 || bad >= 0)
      throw new GenuError(
        list.length === 0 ? 'there is no frame.' : `frame ${bad + 1} is ${list[bad]}, not a number.`,
        {
          where: `${where}, participant ${i + 1}`,
          mend: 'Leave out frames without a value, and participants without frames.',
        },
      );
  });
  const means = differences.map((list) => calcMean(list));
  const bias = calcMean(means);
  const frames = differences.reduce((sum, list) => sum + list.length, 0);
  const ofMeans = calcSquares(means) / (n - 1);
  const within = frames > n ? differences.reduce((sum, list) => sum + calcSquares(list), 0) / (frames - n) : 0;
  // A participant's mean already carries this share of the variance within: 1 / the harmonic mean of the numbers of frames.
  const carried = differences.reduce((sum, list) => sum + 1 / list.length, 0) / n;
  const added = (1 - carried) * within;
  const variance = ofMeans + added;
  const deviation = Math.sqrt(variance);
  const reach = calcNormalQuantile((1 + agreement) / 2);
  const tail = (1 - confidence) / 2;
  const half = findStudentValue(tail, n - 1) * Math.sqrt(ofMeans / n);

  // Method of variance estimates recovery (Zou 2013): each part's own interval, put together as distances.
  const calcBound = (share: number) => Math.hypot(ofMeans, added) * ((n - 1) / findChiSquaredValue(share, n - 1) - 1);
  const lowest = Math.sqrt(Math.max(0, variance + calcBound(tail)));
  const highest = Math.sqrt(variance + calcBound(1 - tail));
  const ofBias = (calcNormalQuantile(1 - tail) ** 2 * ofMeans) / n;
  const inner = Math.sqrt(ofBias + (reach * (deviation - lowest)) ** 2);
  const outer = Math.sqrt(ofBias + (reach * (highest - deviation)) ** 2);
  const [lower, upper] = [bias - reach * deviation, bias + reach * deviation];
  return {
    n,
    frames,
    bias,
    biasInterval: [bias - half, bias + half],
    deviation,
    varianceBetween: Math.max(0, ofMeans - carried * within),
    varianceWithin: within,
    lower,
    upper,
    lowerInterval: [lower - outer, lower + inner],
    upperInterval: [upper - inner, upper + outer],
    agreement,
    confidence,
  };
}
