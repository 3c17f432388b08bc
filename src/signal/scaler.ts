import { GenuError } from '../data/index.js';

/** Mean and standard deviation of each feature over the training samples. Plain data. */
export interface Scaler {
  readonly means: readonly number[];
  /** Population standard deviation (divided by n); 1 for a constant feature, which then scales to 0. */
  readonly deviations: readonly number[];
  /** Indices of constant features: they carry nothing, and the user should hear of it. */
  readonly constant: readonly number[];
}

/** A standard deviation this small beside the mean is rounding. */
const ROUNDING = 1e-12;

/**
 * Fits a standard scaler.
 * @param trials one list of features per training trial, the same features in the same order; NaN is left out
 * @throws GenuError when trials differ in their number of features, or a feature has no value at all
 */
export function fitScaler(trials: readonly (readonly Float64Array[])[]): Scaler {
  const count = trials[0]?.length ?? 0;
  if (trials.some((features) => features.length !== count)) {
    throw new GenuError('the trials do not have the same number of features.', { where: 'scaler' });
  }
  const means: number[] = [];
  const deviations: number[] = [];
  const constant: number[] = [];
  for (let j = 0; j < count; j++) {
    const { n, mean, squares } = sumUp(trials.map((features) => features[j]));
    if (n === 0) throw new GenuError(`feature ${j + 1} has no value in any training trial.`, { where: 'scaler' });
    const deviation = Math.sqrt(squares / n);
    const flat = !(deviation > ROUNDING * Math.abs(mean));
    if (flat) constant.push(j);
    means.push(mean);
    deviations.push(flat ? 1 : deviation);
  }
  return { means, deviations, constant };
}

/** Running mean and sum of squared deviations (Welford, B. P., 1962, Technometrics 4, 419–420). */
function sumUp(pieces: readonly Float64Array[]): { n: number; mean: number; squares: number } {
  let [n, mean, squares] = [0, 0, 0];
  for (const piece of pieces) {
    for (const value of piece) {
      if (Number.isNaN(value)) continue;
      n++;
      const step = value - mean;
      mean += step / n;
      squares += step * (value - mean);
    }
  }
  return { n, mean, squares };
}

/** (x − mean) / deviation of feature `index`. */
export function scale(scaler: Scaler, index: number, values: Float64Array): Float64Array {
  return values.map((value) => (value - scaler.means[index]) / scaler.deviations[index]);
}

/** Undoes `scale`. */
export function unscale(scaler: Scaler, index: number, values: Float64Array): Float64Array {
  return values.map((value) => value * scaler.deviations[index] + scaler.means[index]);
}
