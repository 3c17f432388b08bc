import { calcSymmetricPower } from '../../math/index.js';
import { LearnError } from '../errors.js';
import type { Scaling } from '../networks/forward.js';
import type { FrameMoments } from './moments.js';

/** x ↦ matrix · x + offset of each frame. Plain JSON. */
export interface FrameMap {
  readonly channels: number;
  /** Row-major [channels, channels]. */
  readonly matrix: readonly number[];
  readonly offset: readonly number[];
}

export interface CoralOptions {
  /** full: whole covariances are matched; diagonal: only each channel's mean and deviation, which folds into input scaling. */
  readonly form: 'full' | 'diagonal';
  /** Variance added to each channel, as a share of its variance in `to`. Keeps a flat channel from being blown up. */
  readonly regularisation: number;
  /** Channels that are aligned, such as EMG; the others pass unchanged. All where left out. */
  readonly channels?: readonly number[];
}

/** Of the library: enough to hold a dead channel back, too little to be seen in a live one. */
const CORAL_DEFAULTS: CoralOptions = { form: 'full', regularisation: 1e-3 };

/**
 * Correlation alignment (CORAL; Sun, Feng & Saenko 2016, AAAI 30, arXiv 1511.05547, algorithm 1): whitens frames with the
 * covariance of `from` and re-colours them with that of `to`, A = C_to^½ · C_from^−½. No labels are needed.
 *
 * To train on previous participants made alike to a new one (as in the paper): from source, to target. To leave a trained network
 * as it is: from target, to source. Only fit where both hold the same activities in like shares: a difference of activity would be
 * taken away as if it were one of electrodes.
 *
 * Departures: means are matched too, where the paper takes features of mean 0; both covariances are divided by the deviations
 * in `to` and the identity is added with a weight, where the paper adds it with weight 1 to standardised features.
 * @throws LearnError where channels differ, there are no frames, or an option is out of its range
 */
export function fitCoral(from: FrameMoments, to: FrameMoments, options: Partial<CoralOptions> = {}): FrameMap {
  const { form, regularisation, channels: chosen } = { ...CORAL_DEFAULTS, ...options };
  const p = from.channels;
  if (to.channels !== p) throw new LearnError(`from ${p} channels to ${to.channels}.`, { where: 'CORAL' });
  if (!(regularisation >= 0 && Number.isFinite(regularisation))) {
    throw new LearnError(`must be at least 0, is ${regularisation}.`, { where: 'CORAL regularisation' });
  }
  const aligned = chosen ?? Array.from({ length: p }, (_, c) => c);
  if (new Set(aligned).size !== aligned.length || !aligned.every((c) => Number.isInteger(c) && c >= 0 && c < p)) {
    throw new LearnError(`${aligned.join(', ')} are not different channels from 0 to ${p - 1}.`, {
      where: 'CORAL channels',
    });
  }
  const block = aligned.length > 0 ? alignBlock(from, to, aligned, form, regularisation) : new Float64Array(0);
  const matrix = Array.from({ length: p * p }, (_, at): number => (at % (p + 1) === 0 ? 1 : 0));
  const offset = new Array<number>(p).fill(0);
  aligned.forEach((row, i) => {
    offset[row] = to.mean[row];
    aligned.forEach((column, j) => {
      const value = block[i * aligned.length + j];
      matrix[row * p + column] = value;
      offset[row] -= value * from.mean[column];
    });
  });
  return { channels: p, matrix, offset };
}

/** D · C_to^½ · C_from^−½ · D⁻¹ over the chosen channels, D the deviations in `to`. */
function alignBlock(
  from: FrameMoments,
  to: FrameMoments,
  chosen: readonly number[],
  form: CoralOptions['form'],
  regularisation: number,
): Float64Array {
  const size = chosen.length;
  // A channel that is flat in `to` has no scale of its own.
  const deviation = to.calcDeviation().map((value) => value || 1);
  const take = (moments: FrameMoments): Float64Array => {
    const covariance = moments.calcCovariance();
    return Float64Array.from({ length: size * size }, (_, at) => {
      const [i, j] = [chosen[Math.floor(at / size)], chosen[at % size]];
      if (i === j) return covariance[i * moments.channels + i] / deviation[i] ** 2 + regularisation;
      return form === 'full' ? covariance[i * moments.channels + j] / (deviation[i] * deviation[j]) : 0;
    });
  };
  const root = (moments: FrameMoments, power: number, name: string): Float64Array => {
    try {
      return calcSymmetricPower(take(moments), power);
    } catch (error) {
      throw new LearnError(`the covariance of the frames ${name} is singular: ${(error as Error).message}`, {
        where: 'CORAL',
        mend: 'Raise the regularisation, give more frames, or leave out a channel that is flat or repeats another.',
      });
    }
  };
  const whiten = root(from, -0.5, 'aligned from');
  const colour = root(to, 0.5, 'aligned to');
  return whiten.map((_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    let sum = 0;
    for (let k = 0; k < size; k++) sum += colour[i * size + k] * whiten[k * size + j];
    return (sum * deviation[chosen[i]]) / deviation[chosen[j]];
  });
}

/** Maps frames [frames, channels]. @throws LearnError where the numbers are no multiple of the map's channels */
export function mapFrames({ channels, matrix, offset }: FrameMap, frames: Float32Array): Float32Array {
  if (frames.length % channels !== 0) {
    throw new LearnError(`${frames.length} numbers are no multiple of ${channels} channels.`, { where: 'frames' });
  }
  const out = new Float32Array(frames.length);
  for (let at = 0; at < frames.length; at += channels) {
    for (let i = 0; i < channels; i++) {
      let sum = offset[i];
      for (let j = 0; j < channels; j++) sum += matrix[i * channels + j] * frames[at + j];
      out[at + i] = sum;
    }
  }
  return out;
}

/**
 * The input scaling of a network that takes frames as they are, equal to mapping first and scaling then: costs nothing at run time.
 * @throws LearnError where the map mixes channels or turns one over; apply it with `mapFrames` then
 */
export function foldIntoScaling({ channels, matrix, offset }: FrameMap, scaling: Scaling): Scaling {
  const gain = Array.from({ length: channels }, (_, c) => matrix[c * channels + c]);
  const mixed = matrix.findIndex((value, at) => at % (channels + 1) !== 0 && value !== 0);
  if (mixed >= 0 || !gain.every((value) => value > 0) || scaling.mean.length !== channels) {
    throw new LearnError('mixes channels, or is not for the channels of this scaling.', {
      where: 'alignment',
      mend: "Fit it with form 'diagonal', or map the frames themselves.",
    });
  }
  return {
    mean: gain.map((value, c) => (scaling.mean[c] - offset[c]) / value),
    deviation: gain.map((value, c) => scaling.deviation[c] / value),
  };
}
