/**
 * One plain sentence per result, for the report: what was found, in how many participants, how large it is, and what it does not show.
 * A p value above alpha is never called "no difference" (Greenland et al. 2016, Eur. J. Epidemiol. 31:337, doi 10.1007/s10654-016-0149-3).
 */
import { formatCount, formatPercent, formatSignificant, joinWords } from '../report/format.js';
import type { BlandAltmanResult } from './bland-altman.js';
import type { BootstrapResult } from './cluster-bootstrap.js';
import type { FriedmanResult } from './friedman.js';
import type { NemenyiResult } from './nemenyi.js';
import type { PairedTResult } from './paired-t.js';
import type { PairwiseResult } from './pairwise.js';
import type { SpmResult } from './spm-paired-t.js';
import type { WilcoxonResult } from './wilcoxon.js';

/** What was compared: "the RMSE of `first`" against that of `second`. */
export interface PairWords {
  readonly first: string;
  readonly second: string;
  readonly quantity: string;
  readonly unit: string;
}

export interface ModelsWords {
  readonly models: readonly string[];
  readonly quantity: string;
}

const show = (value: number) => (Math.abs(value) < 1e-12 ? '0' : formatSignificant(value, 3));
const showRange = ([low, high]: readonly [number, number]) => `${show(low)} to ${show(high)}`;
const showPeople = (n: number) => formatCount(n, 'participant');

/** `p < 0.001`, `p = 0.016`. */
export function describeP(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p >= 0.9995 ? '1' : formatSignificant(p, 2)}`;
}

/** A Wilcoxon signed-rank test; `p` where it was corrected for several tests. */
export function describeWilcoxon(
  result: WilcoxonResult,
  words: PairWords,
  { alpha = 0.05, adjustedP }: { readonly alpha?: number; readonly adjustedP?: number } = {},
): string {
  const { n, nonzero, location, smallestP, rankBiserial } = result;
  if (nonzero === 0)
    return `The ${words.quantity} of ${words.first} and of ${words.second} is the same in all ${showPeople(n)}, so there is nothing to test.`;
  const p = adjustedP ?? result.p;
  const corrected = adjustedP === undefined ? '' : ' after correction for all pairs';
  const range = location.interval
    ? `${formatPercent(location.confidence, 0)} interval ${showRange(location.interval)}`
    : `too few for a ${formatPercent(location.confidence, 0)} interval`;
  const test = `Wilcoxon signed-rank, ${sayTail(result.alternative)}, ${result.method}: ${describeP(p)}${corrected}; typical difference ${show(location.estimate)} ${words.unit}, ${range}; rank-biserial correlation ${show(rankBiserial)}`;
  const limit =
    smallestP > alpha
      ? `with ${formatCount(nonzero, 'difference')} this test cannot reach p ≤ ${alpha}, whatever the data, so it can decide nothing`
      : `the smallest p that ${formatCount(nonzero, 'difference')} can give is ${formatSignificant(smallestP, 3)}`;
  return sayPair(words, n, p <= alpha, location.estimate, test, limit);
}

/** A paired t test. */
export function describePairedT(result: PairedTResult, words: PairWords, alpha = 0.05): string {
  const { n, t, degrees, p, interval, effect, difference } = result;
  const range = interval ? `, ${formatPercent(result.confidence, 0)} interval ${showRange(interval)}` : '';
  const size = effect ? `; d_z ${show(effect.dz)}, Hedges g ${n > 2 ? show(effect.hedgesG) : 'not defined'}` : '';
  const test = `paired t, ${sayTail(result.alternative)}: t(${degrees}) = ${show(t)}, ${describeP(p)}; mean difference ${show(difference)} ${words.unit}${range}${size}`;
  const limit = `this rests on differences being normally distributed, which ${showPeople(n)} cannot show`;
  return sayPair(words, n, p <= alpha, difference, test, p <= alpha ? limit : undefined);
}

/** Friedman's test over all models; p is that of Iman and Davenport's F. */
export function describeFriedman(result: FriedmanResult, words: ModelsWords, alpha = 0.05): string {
  const test = `Friedman χ²(${result.k - 1}) = ${show(result.chiSquared)}, ${describeP(result.p)}; Iman–Davenport ${describeP(result.pF)}; Kendall's W = ${show(result.kendallW)}, where 1 means that all rank the models alike`;
  const ranks = joinWords(words.models.map((model, i) => `${model} ${show(result.meanRanks[i])}`));
  const head = `In ${showPeople(result.n)} the ${words.quantity} of the ${result.k} models`;
  return result.pF <= alpha
    ? `${head} differs (${test}; mean ranks from the smallest: ${ranks}); which of them differ this test does not say.`
    : `${head} was not shown to differ (${test}; mean ranks from the smallest: ${ranks}), which is not evidence that the models are equal.`;
}

/** All pairs after Friedman, by Nemenyi's critical difference. */
export function describeNemenyi(result: NemenyiResult, words: ModelsWords): string {
  const far = result.pairs.filter(({ p }) => p <= result.alpha);
  const pairs = joinWords(
    far.map(({ first, second, p }) => `${words.models[first]} and ${words.models[second]} (${describeP(p)})`),
  );
  const head = `Nemenyi's critical difference of mean ranks is ${show(result.criticalDifference)} for ${result.k} models and ${showPeople(result.n)}`;
  return far.length === 0
    ? `${head}, and no pair is that far apart in ${words.quantity}, which is not evidence that any two are equal.`
    : `${head}: further apart in ${words.quantity} are ${pairs}; for the other pairs nothing is shown either way.`;
}

/** A sentence for every pair, with p corrected after Holm. */
export function describePairwise(
  results: readonly PairwiseResult[],
  words: ModelsWords & { readonly unit: string },
  alpha = 0.05,
): string[] {
  return results.map(({ first, second, test, adjustedP }) =>
    describeWilcoxon(
      test,
      { ...words, first: words.models[first], second: words.models[second] },
      { alpha, adjustedP },
    ),
  );
}

/** A bootstrap interval over participants; `quantity` as "pooled RMSE of the network". */
export function describeBootstrap(
  result: BootstrapResult,
  { quantity, unit }: { readonly quantity: string; readonly unit: string },
): string {
  const after = unit === '' ? '' : ` ${unit}`;
  const method = result.method === 'bca' ? 'BCa bootstrap' : 'percentile bootstrap';
  const caution =
    result.n < 20
      ? `; from ${showPeople(result.n)} such an interval is on average too short, and it speaks only of people like them`
      : '; it speaks only of people like them';
  return `The ${quantity} is ${show(result.estimate)}${after}, ${formatPercent(result.confidence, 0)} interval ${showRange(result.interval)} (${method} that draws whole participants, n = ${result.n}, ${result.draws} draws)${caution}.`;
}

/** A paired t test of curves; nodes are shown as per cent of the cycle. */
export function describeSpm(result: SpmResult, { first, second, quantity }: Omit<PairWords, 'unit'>): string {
  const percent = (node: number) => formatSignificant((100 * node) / (result.nodes - 1), 3);
  const test = `SPM paired t, ${result.sides === 2 ? 'two-sided' : 'one-sided'}, critical t = ${show(result.threshold)} at α = ${result.alpha}, smoothness ${show(result.fwhm_nodes)} of ${result.nodes} nodes`;
  const head = `In ${showPeople(result.n)} the ${quantity} of ${first} and of ${second}`;
  if (result.clusters.length === 0)
    return `${head} was nowhere in the cycle shown to differ (${test}), which is not evidence that the curves are equal.`;
  const stretches = result.clusters.map(
    ({ start_node, end_node, sign, p }) =>
      `${percent(start_node)}–${percent(end_node)} % (${first} ${sign === 1 ? 'higher' : 'lower'}, ${describeP(p)})`,
  );
  const caution = result.n < 10 ? '; with so few participants random field theory is approximate' : '';
  return `${head} differs at ${joinWords(stretches)} of the cycle (${test})${caution}; a stretch's borders carry no certainty of their own, and elsewhere nothing is shown either way.`;
}

/** Bias and limits of agreement; `quantity` as "predicted − measured torque". */
export function describeBlandAltman(
  result: BlandAltmanResult,
  { quantity, unit }: { readonly quantity: string; readonly unit: string },
): string {
  const frames = result.frames > result.n ? `, ${formatCount(result.frames, 'frame')}` : '';
  return `The ${quantity} is on average ${show(result.bias)} ${unit} (${formatPercent(result.confidence, 0)} interval ${showRange(result.biasInterval)}; ${showPeople(result.n)}${frames}), and ${formatPercent(result.agreement, 0)} of single frames are expected between ${show(result.lower)} (${showRange(result.lowerInterval)}) and ${show(result.upper)} ${unit} (${showRange(result.upperInterval)}); whether that is close enough is a clinical question that these limits do not answer.`;
}

function sayTail(alternative: WilcoxonResult['alternative']): string {
  return alternative === 'two-sided' ? 'two-sided' : `one-sided (${alternative})`;
}

function sayPair(
  { first, second, quantity }: PairWords,
  n: number,
  found: boolean,
  difference: number,
  test: string,
  limit?: string,
): string {
  const head = `In ${showPeople(n)} the ${quantity} of ${first}`;
  const tail = limit === undefined ? '' : `; ${limit}`;
  return found
    ? `${head} is ${difference < 0 ? 'lower' : 'higher'} than that of ${second} (${test})${tail}.`
    : `${head} was not shown to differ from that of ${second} (${test})${tail}; this is not evidence that they are equal.`;
}
