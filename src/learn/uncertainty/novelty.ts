import { factorCholeskyInto } from '../../math/index.js';
import { fitColumnScaling, standardiseColumns } from '../baselines/rows.js';
import { LearnError } from '../errors.js';
import { fitShrunkCovariance } from './covariance.js';
import { findMargin } from './margin.js';

/** What training windows look like, and how far from them a window may lie. Plain JSON. */
export interface Novelty {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Lower Cholesky factor of the covariance of standardised summaries, row-major. */
  readonly factor: readonly number[];
  /** Of the covariance, towards the identity. */
  readonly shrinkage: number;
  /** Distance beyond which a window is flagged. */
  readonly threshold: number;
  /** Share of ordinary held-out windows that is flagged at this threshold. */
  readonly rate: number;
}

/** Numbers in the summary of a window: mean, deviation and last value of each channel. */
export function countSummary(channels: number): number {
  return 3 * channels;
}

/**
 * Sums a window up by the mean, the deviation and the last value of each channel.
 * @param out `countSummary(channels)` numbers: the three of the first channel, of the second …
 * @param frames frame-major [frames, channels]
 * @param end last frame of the window, inclusive
 */
export function summariseWindowInto(
  out: Float64Array,
  frames: ArrayLike<number>,
  end: number,
  window: number,
  channels: number,
): void {
  for (let channel = 0; channel < channels; channel++) {
    let mean = 0;
    let squares = 0;
    for (let k = 0; k < window; k++) {
      const value = frames[(end - window + 1 + k) * channels + channel];
      const off = value - mean;
      mean += off / (k + 1);
      squares += off * (value - mean);
    }
    out[3 * channel] = mean;
    out[3 * channel + 1] = Math.sqrt(squares / window);
    out[3 * channel + 2] = frames[end * channels + channel];
  }
}

/**
 * Learns the Mahalanobis distance (1936) of summaries from those of training, with a shrunk covariance, and the threshold from
 * held-out windows: a new window like those is flagged with a probability of at most `rate` (conformal, see `findMargin`).
 * @param training,held summaries, row-major [windows, features]
 * @param groups participant of each held-out window; with them the rate holds for a new participant
 * @throws LearnError where sizes do not fit, a number is not finite, or held-out windows or groups are too few for the rate
 */
export function fitNovelty(
  training: Float64Array,
  held: Float64Array,
  features: number,
  rate: number,
  groups?: ArrayLike<string | number>,
): Novelty {
  for (const [part, rows] of [
    ['training windows', training],
    ['held-out windows', held],
  ] as const) {
    if (rows.length === 0 || rows.length % features !== 0) {
      throw new LearnError(`${rows.length} numbers are no rows of ${features} features.`, { where: part });
    }
    const gap = rows.findIndex((value) => !Number.isFinite(value));
    if (gap >= 0) {
      throw new LearnError(`window ${Math.floor(gap / features)} holds ${rows[gap]}.`, {
        where: part,
        mend: 'Leave that window out.',
      });
    }
  }
  const scaling = fitColumnScaling(training, features);
  const scaled = standardiseColumns(training, scaling);
  const { covariance, shrinkage } = fitShrunkCovariance(scaled, features);
  for (let i = 0; i < features; i++) {
    if (scaled.some((value, at) => at % features === i && Math.abs(value) > 1e-9)) continue;
    // What never changed in training has no variance to measure by; a thousandth of its size stands in.
    scaling.deviation[i] = 1e-3 * (Math.abs(scaling.mean[i]) || 1);
    covariance[i * features + i] = 1;
  }
  const factor = new Float64Array(covariance.length);
  const row = factorCholeskyInto(factor, covariance, features);
  if (row >= 0) {
    throw new LearnError(`feature ${row} follows from the features before it in all training windows.`, {
      where: 'training windows',
      mend: 'Give more windows, or leave out a channel that repeats another.',
    });
  }
  const model = { ...scaling, factor: Array.from(factor), shrinkage, rate, threshold: Number.POSITIVE_INFINITY };
  const distances = Float64Array.from({ length: held.length / features }, (_, k) =>
    calcNovelty(model, held.subarray(k * features, (k + 1) * features)),
  );
  const { margin, groupsNeeded, note } = findMargin(distances, rate, groups);
  if (margin === null) {
    throw new LearnError(`no threshold for a rate of ${rate}: ${note}`, {
      where: 'held-out windows',
      mend: `Hold out ${groupsNeeded} ${groups ? 'participants' : 'windows'}, or choose a greater rate.`,
    });
  }
  return { ...model, threshold: margin };
}

/** Mahalanobis distance of one summary from training, in deviations; about √features for an ordinary window. NaN where an input is. */
export function calcNovelty(
  { mean, deviation, factor }: Pick<Novelty, 'mean' | 'deviation' | 'factor'>,
  summary: ArrayLike<number>,
): number {
  const size = mean.length;
  const z = new Float64Array(size);
  let square = 0;
  for (let i = 0; i < size; i++) {
    let sum = (summary[i] - mean[i]) / deviation[i];
    for (let j = 0; j < i; j++) sum -= factor[i * size + j] * z[j];
    z[i] = sum / factor[i * size + i];
    square += z[i] * z[i];
  }
  return Math.sqrt(square);
}

/** Whether a summary lies farther from training than ordinary windows do; one that holds NaN does. */
export function isNovel(model: Novelty, summary: ArrayLike<number>): boolean {
  return !(calcNovelty(model, summary) <= model.threshold);
}
