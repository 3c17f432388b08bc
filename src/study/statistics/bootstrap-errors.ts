import { GenuError } from '../../data/index.js';
import type { Comparison } from '../metrics.js';
import { checkAlike, checkPairs, checkValues, subtract } from './check.js';
import { type BootstrapOptions, type BootstrapResult, calcClusterBootstrap } from './cluster-bootstrap.js';
import { calcMean } from './moments.js';

/** Interval of the mean over participants of one value each, as each one's RMSE. Throws as `calcClusterBootstrap`, and for values that are not finite. */
export function calcBootstrapMean(values: ArrayLike<number>, options: BootstrapOptions): BootstrapResult {
  checkValues(values, 3, 'bootstrap of a mean');
  return calcClusterBootstrap(Array.from(values), calcMean, options);
}

/** Interval of the mean difference a − b of one pair per participant, in the same order. Throws as `calcBootstrapMean`, and for unequal lengths. */
export function calcBootstrapDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: BootstrapOptions,
): BootstrapResult {
  checkPairs(a, b, 3, 'bootstrap of a difference');
  return calcClusterBootstrap(Array.from(subtract(a, b)), calcMean, options);
}

/**
 * Intervals of RMSE (N·m/kg) and R² of all frames together (as `calcMetrics` pools them); a drawn participant brings all frames.
 * @param participants per participant its comparisons; frames with NaN in either torque are left out, as there
 * @throws GenuError as `calcClusterBootstrap`; for a participant without a known frame; where the measured torque never changes
 */
export function calcBootstrapErrors(
  participants: readonly (readonly Comparison[])[],
  options: BootstrapOptions,
): { readonly rmse_Nm_per_kg: BootstrapResult; readonly r2: BootstrapResult } {
  const sums = sumParticipants(participants);
  return {
    rmse_Nm_per_kg: calcClusterBootstrap(sums, calcPooledRmse, options),
    r2: calcClusterBootstrap(sums, calcPooledR2, options),
  };
}

/** Interval of how much larger the pooled RMSE (N·m/kg) of `a` is than that of `b`, both of the same participants in the same order. Throws as `calcBootstrapErrors`. */
export function calcBootstrapRmseDifference(
  a: readonly (readonly Comparison[])[],
  b: readonly (readonly Comparison[])[],
  options: BootstrapOptions,
): BootstrapResult {
  checkAlike(a.length, b.length, 'bootstrap of a difference of RMSE');
  const [first, second] = [sumParticipants(a), sumParticipants(b)];
  const both = first.map((sums, i) => [sums, second[i]] as const);
  return calcClusterBootstrap(
    both,
    (drawn) => calcPooledRmse(drawn.map(([sums]) => sums)) - calcPooledRmse(drawn.map(([, sums]) => sums)),
    options,
  );
}

/** What pooling needs of one participant, so that a draw costs as many steps as there are participants and not frames. */
interface Sums {
  readonly frames: number;
  /** Squared errors. */
  readonly errors: number;
  /** Of the measured torque about the mean of all participants, for sums about 0 would lose digits. */
  readonly level: number;
  readonly squares: number;
}

function sumParticipants(participants: readonly (readonly Comparison[])[]): Sums[] {
  const known = participants.map((comparisons, participant) => {
    const frames = comparisons.flatMap(({ measured, predicted }) =>
      Array.from(measured, (y, i) => [y, predicted[i]] as const).filter(([y, p]) => !Number.isNaN(y + p)),
    );
    if (frames.length === 0)
      throw new GenuError(`participant ${participant + 1} has no frame with a measured and a predicted torque.`, {
        where: 'bootstrap of errors',
        mend: 'Leave this participant out, and say so.',
      });
    return frames;
  });
  const count = known.reduce((sum, frames) => sum + frames.length, 0);
  const mean = known.reduce((sum, frames) => frames.reduce((part, [y]) => part + y, sum), 0) / count;
  return known.map((frames) => ({
    frames: frames.length,
    errors: frames.reduce((sum, [y, p]) => sum + (p - y) ** 2, 0),
    level: frames.reduce((sum, [y]) => sum + (y - mean), 0),
    squares: frames.reduce((sum, [y]) => sum + (y - mean) ** 2, 0),
  }));
}

const add = (drawn: readonly Sums[], key: keyof Sums) => drawn.reduce((sum, sums) => sum + sums[key], 0);

function calcPooledRmse(drawn: readonly Sums[]): number {
  return Math.sqrt(add(drawn, 'errors') / add(drawn, 'frames'));
}

function calcPooledR2(drawn: readonly Sums[]): number {
  return 1 - add(drawn, 'errors') / (add(drawn, 'squares') - add(drawn, 'level') ** 2 / add(drawn, 'frames'));
}
