/** Comparing models over participants, who are the unit of every test here: frames of one person are not independent. */
export { calcBenjaminiHochberg } from './benjamini-hochberg.js';
export { type BlandAltmanResult, calcBlandAltman } from './bland-altman.js';
export {
  calcBootstrapDifference,
  calcBootstrapErrors,
  calcBootstrapMean,
  calcBootstrapRmseDifference,
} from './bootstrap-errors.js';
export type { Alternative } from './check.js';
export { type BootstrapOptions, type BootstrapResult, calcClusterBootstrap } from './cluster-bootstrap.js';
export { type CohensD, calcCohensDz } from './cohens-d.js';
export * from './describe.js';
export { calcFriedman, type FriedmanResult } from './friedman.js';
export { findLocation, type Location } from './hodges-lehmann.js';
export { calcHolm } from './holm.js';
export { calcNemenyi, type NemenyiResult } from './nemenyi.js';
export { calcPairedT, type PairedTResult } from './paired-t.js';
export { calcPairwiseWilcoxon, type PairwiseResult } from './pairwise.js';
export { calcSpmPairedT, type SpmCluster, type SpmResult } from './spm-paired-t.js';
export { calcWilcoxon, type WilcoxonOptions, type WilcoxonResult } from './wilcoxon.js';
