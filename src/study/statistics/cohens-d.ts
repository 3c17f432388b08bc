import { calcLogGamma } from '../../math/index.js';
import { checkValues } from './check.js';
import { calcDeviation, calcMean } from './moments.js';

export interface CohensD {
  /** Mean of the differences over their standard deviation (Cohen 1988, §2.3.5). */
  readonly dz: number;
  /** d_z without its bias in small samples (Hedges 1981). */
  readonly hedgesG: number;
}

/**
 * Standardised mean of paired differences. Hedges 1981, J. Educ. Stat. 6:107, doi 10.3102/10769986006002107, eq. 6e:
 * J = Γ(ν/2) / (√(ν/2) Γ((ν − 1)/2)) with ν = n − 1; the exact factor, not 1 − 3/(4ν − 1). From two participants, for which J = 0, g is NaN.
 * Standardised by the spread of the differences, it cannot be compared with d of independent groups.
 * @param differences one per participant
 * @throws GenuError for fewer than 2, or one that is not finite
 */
export function calcCohensDz(differences: ArrayLike<number>): CohensD {
  checkValues(differences, 2, "Cohen's d_z");
  const dz = calcMean(differences) / calcDeviation(differences);
  const half = (differences.length - 1) / 2;
  const factor = Math.exp(calcLogGamma(half) - calcLogGamma(half - 0.5)) / Math.sqrt(half);
  return { dz, hedgesG: dz * factor };
}
