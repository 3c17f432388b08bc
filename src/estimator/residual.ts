import { GenuError } from '../data/index.js';
import { type Ridge, solveRidge } from '../learn/index.js';
import { makeLaggedRows, predictLaggedRidge } from './lagged.js';
import { addParts, enough_participants, getSums, sumFrames } from './ridge-sums.js';
import type { EstimatorSpec } from './spec.js';
import type { TrainingFrames } from './training.js';

/** Contiguous blocks that the training frames of a part are divided into. */
const folds = 5;

/**
 * What a ridge says of frames that it was not fitted to, per part; NaN elsewhere. The residual of a ridge on its own training frames is
 * smaller and less structured than what it leaves on a new recording, so a network that learns from it learns the wrong thing; hence
 * predictions out of the fold, as in stacking (Wolpert 1992, Neural Networks 5:241, doi 10.1016/S0893-6080(05)80023-1).
 *
 * Of several participants each is predicted by the ridge of the others, training and validation frames alike, for that is what a ridge leaves
 * of somebody new. Of one or two, training frames: by the ridge of all training frames but those of their block (of every part, the block of the same number) and those
 * whose windows meet a window of it. Validation frames: by the ridge of all training frames. The penalty alone is that of the ridge that
 * will be used in the end, chosen on the validation frames as for the baseline.
 * @param parts with the inputs of the ridge
 * @throws GenuError where a block leaves nothing to fit to
 */
export function predictOutOfFold(
  parts: readonly TrainingFrames[],
  alpha: number,
  spec: EstimatorSpec,
  weights: ReadonlyMap<string, number>,
): Float64Array[] {
  const channels = parts[0].table.names.length;
  const participants = [...new Set(parts.map(({ part }) => part.participant))];
  if (participants.length >= enough_participants) return predictLeftOut(parts, participants, alpha, spec, weights);
  const torque = parts.map(({ table }) => new Float64Array(table.frames).fill(Number.NaN));
  const rows = makeLaggedRows(parts[0], spec);
  const weightOf = ({ part }: TrainingFrames) => weights.get(part.activity) ?? 1;
  const fit = (chosen: readonly (readonly number[])[]) => {
    const { sums } = addParts(
      parts.map((part, k) => [sumFrames(part, chosen[k], rows), weightOf(part)] as const),
      rows.features,
    );
    if (sums.weight > 0) return solveRidge(sums, alpha);
    throw new GenuError('the training parts are too short to predict one block of them from the others.', {
      where: 'residual_ridge',
      mend: 'Give longer recordings or a shorter window, or take residual_ridge out of models.',
    });
  };
  const predict = (ridge: ReturnType<typeof fit>, chosen: readonly (readonly number[])[]) =>
    parts.forEach(({ table }, k) => {
      const said = predictLaggedRidge(ridge, table, channels, chosen[k], spec);
      for (const frame of chosen[k]) torque[k][frame] = said[frame];
    });
  for (let fold = 0; fold < folds; fold++) {
    const held = parts.map(({ training }) => cutBlock(training, fold));
    if (held.every((frames) => frames.length === 0)) continue;
    const kept = parts.map(({ training }, k) => leaveOut(training, held[k], spec.window.past + spec.window.future));
    predict(fit(kept), held);
  }
  const training = parts.map((part) => part.training);
  predict(
    fit(training),
    parts.map((part) => part.validation),
  );
  return torque;
}

function predictLeftOut(
  parts: readonly TrainingFrames[],
  participants: readonly string[],
  alpha: number,
  spec: EstimatorSpec,
  weights: ReadonlyMap<string, number>,
): Float64Array[] {
  const rows = makeLaggedRows(parts[0], spec);
  const ridges = new Map(
    participants.map((left): [string, Ridge] => {
      const others = parts.filter(({ part }) => part.participant !== left);
      const { sums } = addParts(
        others.map((part) => [getSums(part, 'all', rows), weights.get(part.part.activity) ?? 1] as const),
        rows.features,
      );
      if (sums.weight > 0) return [left, solveRidge(sums, alpha)];
      throw new GenuError(`without "${left}" no training frame is left.`, {
        where: 'residual_ridge',
        mend: 'Give recordings of more participants, or take residual_ridge out of models.',
      });
    }),
  );
  return parts.map(({ part, table, all }) =>
    predictLaggedRidge(ridges.get(part.participant)!, table, table.names.length, all, spec),
  );
}

const cutBlock = (frames: readonly number[], fold: number): readonly number[] =>
  frames.slice(Math.floor((fold * frames.length) / folds), Math.floor(((fold + 1) * frames.length) / folds));

/** Frames whose windows, `span` frames longer than one, share no frame with those of `held`, which are contiguous but for gaps. */
function leaveOut(frames: readonly number[], held: readonly number[], span: number): readonly number[] {
  if (held.length === 0) return frames;
  const [first, last] = [held[0], held[held.length - 1]];
  return frames.filter((frame) => frame < first - span || frame > last + span);
}

/** The same frames with what a base model leaves of their labels. @param base N·m/kg, per part */
export function takeResiduals(parts: readonly TrainingFrames[], base: readonly Float64Array[]): TrainingFrames[] {
  return parts.map((frames, k) => ({
    ...frames,
    part: { ...frames.part, label: frames.part.label.map((value, i) => value - base[k][i]) },
  }));
}
