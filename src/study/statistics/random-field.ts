import { calcStudentTail, findTailValue } from '../../math/index.js';

/**
 * Probabilities of a one-dimensional Student t field from smooth Gaussian noise, by its expected Euler characteristic.
 * Worsley et al. 1996, Hum. Brain Mapp. 4:58, doi 10.1002/(SICI)1097-0193(1996)4:1<58::AID-HBM4>3.0.CO;2-O; clusters: Friston et al. 1994,
 * Hum. Brain Mapp. 1:210, doi 10.1002/hbm.460010306; in one dimension: Pataky 2016, J. Stat. Softw. 71(7), doi 10.18637/jss.v071.i07.
 */
export interface TField {
  readonly degrees: number;
  /** Length of the field over its smoothness (FWHM): how many independent stretches it has. */
  readonly resels: number;
  /** Samples of the field. */
  readonly nodes: number;
}

/** Expected number of stretches above u ≥ 0, and their mean extent in resels (∞ in a field without length). */
function calcExpected({ degrees, resels }: TField, u: number): { clusters: number; extent_resels: number } {
  // Densities of the Euler characteristic in 0 and 1 dimension (Worsley et al. 1996, table II).
  const atPoint = calcStudentTail(u, degrees);
  const perResel = (Math.sqrt(4 * Math.LN2) / (2 * Math.PI)) * (1 + (u * u) / degrees) ** ((1 - degrees) / 2);
  return { clusters: atPoint + resels * perResel, extent_resels: atPoint / perResel };
}

/**
 * Probability that the highest value of the field exceeds u ≥ 0. Where the field is so rough that Bonferroni's bound over the nodes is lower,
 * that bound; never less than at a single node.
 */
export function calcPeakTail(field: TField, u: number): number {
  const atNode = calcStudentTail(u, field.degrees);
  const smooth = calcPoissonTail(1, calcExpected(field, u).clusters);
  return Math.max(atNode, Math.min(1, smooth, field.nodes * atNode));
}

/** The height that the highest value of the field exceeds with probability alpha < 0.5. */
export function findThreshold(field: TField, alpha: number): number {
  return findTailValue((u) => calcPeakTail(field, u), alpha, 0);
}

/**
 * Probability of at least `count` stretches above u ≥ 0 that are each at least `extent_resels` long: of a cluster where count is 1,
 * of the whole set where it is the number of clusters and the extent that of the shortest (Friston et al. 1994, eqs. 11–14).
 */
export function calcClusterTail(field: TField, count: number, extent_resels: number, u: number): number {
  if (count === 1 && extent_resels === 0) return calcPeakTail(field, u);
  const expected = calcExpected(field, u);
  // Γ(3/2) = √π / 2; extents in one dimension: squares are exponentially distributed.
  const ratio = (0.5 * Math.sqrt(Math.PI) * extent_resels) / expected.extent_resels;
  return calcPoissonTail(count, expected.clusters * Math.exp(-ratio * ratio));
}

/** Probability of at least `count` ≥ 1 events where `mean` are expected; small ones keep their digits. */
function calcPoissonTail(count: number, mean: number): number {
  let term = Math.exp(-mean);
  for (let i = 1; i <= count; i++) term *= mean / i;
  let sum = 0;
  for (let i = count + 1; term > 1e-17 * sum; i++) {
    sum += term;
    term *= mean / i;
  }
  return Math.min(1, sum);
}
