import {
  findBase,
  makeWindowSet,
  type NetworkKind,
  predictLaggedRidge,
  type TrainingFrames,
  takeResiduals,
} from '../../estimator/index.js';
import { findStrategy, type TrainedNetwork, type TransferStrategyName, type WindowSet } from '../../learn/index.js';
import type { AdaptJob } from '../environment.js';
import type { GroupFit } from '../fit-group.js';
import type { Study } from '../schema.js';
import { makeTrainingOptions } from '../train-network.js';
import type { TargetKnowledge } from './target.js';

/** One network to adapt by one policy, with the seconds of the new participant. Only EMG is aligned or scaled anew: an angle means the same for everybody. */
export function makeAdaptJob(
  study: Study,
  policy: TransferStrategyName,
  kind: NetworkKind,
  { config, weights, scaling }: TrainedNetwork,
  fit: GroupFit,
  { data: labelled, unlabelled }: TargetKnowledge,
  stride: number,
  seed: number,
): AdaptJob {
  const { action, starts } = findStrategy(policy);
  const { batch: largest, steps, learning_rate } = study.transfer;
  const data = action === 'train' ? labelled : unlabelled;
  const frames = starts === 'random' ? data.framesOf(kind) : listFrames(kind, fit, data);
  const cut = (which: 'training' | 'validation') =>
    makeWindowSet(frames, which, data.spec.window, stride, data.weights);
  const target = { train: cut('training'), validation: cut('validation') };
  const aligned = action === 'train-aligned';
  const trained = aligned ? fit.windows[kind]!.train : target.train;
  // Batch statistics need two windows at least; a batch is no larger than what there is.
  const batch = Math.max(2, Math.min(largest, trained.end.length));
  const epochs = Math.ceil(steps / Math.max(1, Math.floor(trained.end.length / batch)));
  return {
    strategy: policy,
    source: { config, weights, scaling, ...(aligned ? { data: fit.windows[kind]! } : {}) },
    target: {
      data: target,
      windows: joinWindows(target.train, target.validation),
      channels: config.inputs.filter((name) => name.startsWith('emg ')),
      options: {
        ...makeTrainingOptions(study, config.inputs, seed),
        epochs,
        patience: Math.ceil(epochs / 3),
        batch,
        ...(starts === 'source' ? { learningRate: learning_rate } : {}),
      },
    },
  };
}

/** What a network of others is to predict of the new participant: the torque, or what the base of the others leaves of it. */
function listFrames(kind: NetworkKind, { shared }: GroupFit, data: TargetKnowledge['data']): readonly TrainingFrames[] {
  if (findBase(kind) !== 'ridge') return data.framesOf(kind);
  const said = data.frames.map(({ table, all }) =>
    predictLaggedRidge(shared.ridge, table, table.names.length, all, data.spec),
  );
  return takeResiduals(data.withInputs(kind), said);
}

const join = (a: ArrayLike<number>, b: ArrayLike<number>) => Int32Array.from([...Array.from(a), ...Array.from(b)]);

const joinWindows = (train: WindowSet, validation: WindowSet) => ({
  sequences: train.sequences,
  sequence: join(train.sequence, validation.sequence),
  end: join(train.end, validation.end),
});
