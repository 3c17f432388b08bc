import { calcNormalQuantile } from '../../math/index.js';
import { LearnError } from '../errors.js';

export interface EnsemblePrediction {
  /** Mean of the members [values]. */
  readonly mean: Float64Array;
  /** Deviation between the members: what they do not agree on. */
  readonly spread: Float64Array;
}

/**
 * Mean and deviation of the predictions of networks that differ in their seed (deep ensemble: Lakshminarayanan, Pritzel &
 * Blundell 2017, NeurIPS 30). The deviation is of the members themselves (divisor M), as in a mixture of equal shares.
 * @param members predictions of each member, of equal length
 * @throws LearnError where there are none or their lengths differ
 */
export function combineMembers(members: readonly ArrayLike<number>[]): EnsemblePrediction {
  const size = checkMembers(members);
  const mean = new Float64Array(size);
  const spread = new Float64Array(size);
  for (const member of members) for (let k = 0; k < size; k++) mean[k] += member[k] / members.length;
  for (const member of members) for (let k = 0; k < size; k++) spread[k] += (member[k] - mean[k]) ** 2 / members.length;
  return { mean, spread: spread.map(Math.sqrt) };
}

export interface QuantileMember {
  /** Middle prediction [values]. */
  readonly prediction: ArrayLike<number>;
  /** Quantiles at `level` and 1 − `level`. */
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

export interface QuantileEnsemblePrediction extends EnsemblePrediction {
  /** Mean deviation that the members themselves give, root of the mean variance: scatter that more members do not lessen. */
  readonly noise: Float64Array;
  /** Deviation of a new label: total² = spread² + noise² (law of total variance). */
  readonly total: Float64Array;
  /** Mean of the members' quantiles. Ordered even where a member's cross. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * Joins members with quantile heads. A member's deviation is taken from the distance of its quantiles as in a normal
 * distribution, (upper − lower) / 2z; quantiles are averaged at each level (Vincent 1912), which keeps a band as wide as the
 * members' own: how far they disagree is in `spread`.
 * @param level of the lower quantile, such as 0.05; the upper is at 1 − level
 * @throws LearnError where there are no members, lengths differ, or the level is outside (0, 0.5)
 */
export function combineQuantileMembers(members: readonly QuantileMember[], level: number): QuantileEnsemblePrediction {
  if (!(level >= 1e-9 && level < 0.5)) {
    throw new LearnError(`must lie between 0 and 0.5, is ${level}.`, { where: 'quantile level' });
  }
  const { mean, spread } = combineMembers(members.map(({ prediction }) => prediction));
  const size = checkMembers(members.flatMap(({ prediction, lower, upper }) => [prediction, lower, upper]));
  const width = -2 * calcNormalQuantile(level);
  const noise = new Float64Array(size);
  const lower = new Float64Array(size);
  const upper = new Float64Array(size);
  for (const member of members) {
    for (let k = 0; k < size; k++) {
      const low = Math.min(member.lower[k], member.upper[k]);
      const high = Math.max(member.lower[k], member.upper[k]);
      lower[k] += low / members.length;
      upper[k] += high / members.length;
      noise[k] += ((high - low) / width) ** 2 / members.length;
    }
  }
  const total = noise.map((variance, k) => Math.sqrt(variance + spread[k] ** 2));
  return { mean, spread, noise: noise.map(Math.sqrt), total, lower, upper };
}

function checkMembers(members: readonly ArrayLike<number>[]): number {
  if (members.length === 0) throw new LearnError('has no members.', { where: 'ensemble' });
  const size = members[0].length;
  const other = members.find((member) => member.length !== size);
  if (other) {
    throw new LearnError(`has members of ${size} and of ${other.length} predictions.`, { where: 'ensemble' });
  }
  return size;
}
