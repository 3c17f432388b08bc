import { type EstimatorSpec, makeWindowSet } from '../../estimator/index.js';
import {
  type Executor,
  type FeatureWindows,
  findStrategy,
  listWeights,
  makeTransferRequest,
  type TransferSource,
  type TransferStrategyName,
  type TransferTarget,
} from '../../learn/index.js';
import type { TrainJob } from '../environment.js';
import type { Study } from '../schema.js';
import { calcStride } from '../train-network.js';
import type { LearningData } from './data.js';

/** How networks are adapted. Every strategy takes the same number of steps, of batches of one size. */
export interface AdaptationOptions {
  /** Last share of the seconds that is held out for early stopping and for the penalty of ridge. */
  readonly validation: number;
  /** Steps at most, rounded up to whole passes over the windows. */
  readonly steps: number;
  readonly batch: number;
  /** Of what starts from the source's weights; a start from scratch has the study's. */
  readonly learning_rate: number;
}

export const usualAdaptation: AdaptationOptions = { validation: 0.25, steps: 1000, batch: 64, learning_rate: 1e-3 };

/** The seconds of the target, labelled for strategies that train and unlabelled for those that align. */
export interface TargetWindows {
  readonly data: TrainJob['data'];
  /** Of both shares: without labels there is nothing to hold out. */
  readonly windows: FeatureWindows;
}

export function makeTargetWindows(study: Study, spec: EstimatorSpec, { frames, weights }: LearningData): TargetWindows {
  const stride = calcStride(study);
  const train = makeWindowSet(frames, 'training', spec.window, stride, weights);
  const validation = makeWindowSet(frames, 'validation', spec.window, stride, weights);
  const join = (a: ArrayLike<number>, b: ArrayLike<number>) => Int32Array.from([...Array.from(a), ...Array.from(b)]);
  return {
    data: { train, validation },
    windows: {
      sequences: train.sequences,
      sequence: join(train.sequence, validation.sequence),
      end: join(train.end, validation.end),
    },
  };
}

/**
 * What a strategy gets of the target. Only EMG is aligned or scaled anew: an angle means the same for everybody.
 * @param job of the pre-training
 */
export function makeTarget(
  strategy: TransferStrategyName,
  { data, windows }: TargetWindows,
  job: TrainJob,
  { steps, batch, learning_rate }: AdaptationOptions,
  seed: number,
  executor: Executor,
): TransferTarget {
  const { action, starts } = findStrategy(strategy);
  const trained = action === 'train-aligned' ? job.data.train : data.train;
  const epochs = Math.ceil(steps / Math.max(1, Math.floor(trained.end.length / batch)));
  return {
    data,
    windows,
    channels: job.network.inputs.filter((name) => name.startsWith('emg ')),
    executor,
    ...(job.metadata && { metadata: job.metadata }),
    options: {
      ...job.options,
      epochs,
      patience: Math.ceil(epochs / 3),
      batch,
      ...(starts === 'source' ? { learningRate: learning_rate } : {}),
      seed,
    },
  };
}

/** Numbers that a strategy trains. */
export function countTrained(strategy: TransferStrategyName, source: TransferSource, target: TransferTarget): number {
  const found = findStrategy(strategy);
  if (found.action === 'nothing' || found.action === 'statistics') return 0;
  const frozen = makeTransferRequest(found, source, target).options?.frozen ?? [];
  return listWeights(source.config)
    .filter(({ kind, name }) => kind === 'weight' && !frozen.includes(name) && !frozen.includes(name.split('.')[0]))
    .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
}
