import { LearnError } from '../errors.js';
import type { Scaling } from '../networks/forward.js';
import type { FrameMoments } from './moments.js';

export interface RescalingOptions {
  /** Weight of the target's statistics: 0 keeps the source's, 1 takes the target's alone. */
  readonly share: number;
  /** Channels whose statistics are re-estimated, such as EMG; the others keep the source's. All where left out. */
  readonly channels?: readonly number[];
}

/**
 * Input scaling of a trained network, re-estimated from unlabelled frames of a new participant: means and variances are
 * averages of source and target (Schneider et al. 2020, NeurIPS 33, eq. 2, who do so for the statistics of batch normalisation;
 * Li et al. 2018, Pattern Recognition 80:109, take the target's alone). A channel that is flat in the target, as a dead one is,
 * keeps the source's statistics.
 * @throws LearnError where channels differ, there are no frames, or the share is outside 0 to 1
 */
export function blendScaling(
  source: Scaling,
  target: FrameMoments,
  { share, channels: chosen }: RescalingOptions,
): Scaling {
  const p = target.channels;
  if (source.mean.length !== p || source.deviation.length !== p) {
    throw new LearnError(`the scaling has ${source.mean.length} channels, the frames ${p}.`, { where: 'rescaling' });
  }
  if (!(share >= 0 && share <= 1)) {
    throw new LearnError(`must lie from 0 to 1, is ${share}.`, { where: 'rescaling share' });
  }
  const bad = chosen?.find((c) => !(Number.isInteger(c) && c >= 0 && c < p));
  if (bad !== undefined) throw new LearnError(`there is no channel ${bad}.`, { where: 'rescaling channels' });
  const deviation = target.calcDeviation();
  const weights = Array.from({ length: p }, (_, c) => {
    const isFlat = !(deviation[c] > 1e-9 * source.deviation[c]);
    return isFlat || (chosen && !chosen.includes(c)) ? 0 : share;
  });
  return {
    mean: weights.map((w, c) => (1 - w) * source.mean[c] + w * target.mean[c]),
    deviation: weights.map((w, c) => Math.sqrt((1 - w) * source.deviation[c] ** 2 + w * deviation[c] ** 2)),
  };
}

/** The share that weighs the target by its frames against a source worth `worth` frames: n / (n + worth) (Schneider et al. 2020). */
export function calcTargetShare(target: FrameMoments, worth: number): number {
  if (!(worth > 0)) throw new LearnError(`must be above 0, is ${worth}.`, { where: 'worth of the source' });
  return target.frames / (target.frames + worth);
}
