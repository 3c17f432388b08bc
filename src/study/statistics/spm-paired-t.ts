import { GenuError } from '../../data/index.js';
import { checkAlike, checkCount, checkShare, subtract } from './check.js';
import { findStretches, type Stretch } from './clusters.js';
import { calcDeviation, calcMean } from './moments.js';
import { calcClusterTail, findThreshold } from './random-field.js';
import { calcSmoothness } from './smoothness.js';

export interface SpmCluster extends Stretch {
  readonly extent_nodes: number;
  /** Chance that noise of this smoothness would have a stretch this long somewhere. */
  readonly p: number;
}

export interface SpmResult {
  readonly n: number;
  readonly nodes: number;
  readonly degrees: number;
  /** t at every node; positive where a exceeds b. */
  readonly t: Float64Array;
  /** Full width at half maximum of the residuals, in nodes. */
  readonly fwhm_nodes: number;
  /** (nodes − 1) / FWHM. */
  readonly resels: number;
  /** Height z* that noise of this smoothness exceeds anywhere with the probability `alpha`. */
  readonly threshold: number;
  readonly alpha: number;
  readonly sides: 1 | 2;
  readonly clusters: readonly SpmCluster[];
  /** Chance of at least this many stretches, each at least as long as the shortest; 1 where there is none. */
  readonly setP: number;
}

/**
 * Paired t test of whole curves (statistical parametric mapping in one dimension), one pair of curves per participant, corrected for all nodes
 * by random field theory. Friston et al. 1994; Pataky 2012, Comput. Methods Biomech. Biomed. Engin. 15:295, doi 10.1080/10255842.2010.527837.
 * Conventions are those of spm1d 0.4: clusters reach to where t crosses the threshold between nodes, two sides halve alpha and double p,
 * Bonferroni where it is milder. Assumes smooth curves with normal residuals; with few participants it is approximate.
 * @param a per participant a curve of the same number of nodes, as N·m/kg over the cycle
 * @param sides 1: only a above b. Default 2.
 * @throws GenuError for fewer than 3 participants, fewer than 2 nodes, unequal numbers of either, a value that is not finite, a node where all differences are alike
 */
export function calcSpmPairedT(
  a: readonly ArrayLike<number>[],
  b: readonly ArrayLike<number>[],
  { alpha = 0.05, sides = 2 }: { readonly alpha?: number; readonly sides?: 1 | 2 } = {},
): SpmResult {
  const where = 'SPM paired t test';
  checkShare(alpha, 'alpha', where);
  checkAlike(a.length, b.length, where);
  checkCount(a.length, 3, where);
  const nodes = a[0].length;
  if (nodes < 2) throw new GenuError(`curves of ${nodes} nodes have no course.`, { where, mend: 'Give 101 nodes.' });
  const differences = a.map((curve, i) => {
    for (const [side, values] of [
      ['a', curve],
      ['b', b[i]],
    ] as const)
      checkCurve(values, nodes, `${where}, participant ${i + 1}, ${side}`);
    return subtract(curve, b[i]);
  });
  const n = a.length;
  const means = new Float64Array(nodes);
  const t = new Float64Array(nodes);
  for (let node = 0; node < nodes; node++) {
    const values = differences.map((curve) => curve[node]);
    means[node] = calcMean(values);
    const error = calcDeviation(values) / Math.sqrt(n);
    // Differences that are alike but for rounding would make t, and the roughness, as large as one likes.
    if (!(error > 1e-12 * Math.abs(means[node])))
      throw new GenuError(`all participants differ alike (by ${means[node]}) at node ${node + 1}.`, {
        where,
        mend: 'Leave such nodes out, or do not make the curves equal there.',
      });
    t[node] = means[node] / error;
  }
  const fwhm_nodes = calcSmoothness(differences.map((curve) => subtract(curve, means)));
  const field = { degrees: n - 1, resels: (nodes - 1) / fwhm_nodes, nodes };
  const threshold = findThreshold(field, alpha / sides);
  const stretches = findStretches(t, threshold, sides === 2);
  const calcP = (count: number, extent_nodes: number, height: number) =>
    Math.min(1, sides * calcClusterTail(field, count, extent_nodes / fwhm_nodes, height));
  const clusters = stretches.map((stretch) => {
    const extent_nodes = stretch.end_node - stretch.start_node;
    return { ...stretch, extent_nodes, p: calcP(1, extent_nodes, stretch.least) };
  });
  const shortest = Math.min(...clusters.map(({ extent_nodes }) => extent_nodes));
  const setP = clusters.length === 0 ? 1 : calcP(clusters.length, shortest, threshold);
  return { n, ...field, t, fwhm_nodes, threshold, alpha, sides, clusters, setP };
}

function checkCurve(curve: ArrayLike<number>, nodes: number, where: string): void {
  if (curve.length !== nodes)
    throw new GenuError(`the curve has ${curve.length} nodes, the first has ${nodes}.`, {
      where,
      mend: 'Resample every cycle to the same number of nodes.',
    });
  const bad = Array.from(curve).findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new GenuError(`node ${bad + 1} is ${curve[bad]}, not a number.`, {
      where,
      mend: 'Fill the gap, or leave the cycle out of the mean.',
    });
}
