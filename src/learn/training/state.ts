import { LearnError } from '../errors.js';
import type { NetworkWeights } from '../layers/scope.js';
import { flattenWeights } from '../networks/weights.js';
import type { WeightGroups } from './step.js';

/** One line of a training history. Losses are in squared standard deviations of the label. */
export interface Epoch {
  /** From 1. */
  readonly epoch: number;
  readonly train_loss: number;
  readonly validation_loss: number;
  /** At the epoch's end. */
  readonly learning_rate: number;
  readonly seconds: number;
}

/**
 * Everything that training goes on from, after a whole epoch: numbers and typed arrays only, so that it can be cloned,
 * posted or stored. The order of the windows and every random draw follow from the seed and the epoch.
 */
export interface TrainingState {
  readonly epoch: number;
  readonly weights: Float32Array;
  /** Adam's first and second moments. */
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** Running averages of batch normalisation. */
  readonly statistics: Float32Array;
  /** Moving average of the weights, where one is kept. */
  readonly average: Float32Array | undefined;
  readonly best: {
    readonly epoch: number;
    readonly validation_loss: number;
    readonly weights: Float32Array;
    readonly statistics: Float32Array;
  };
  readonly history: readonly Epoch[];
}

/** The state before the first epoch. */
export function makeState(groups: WeightGroups, initial: NetworkWeights, keepsAverage: boolean): TrainingState {
  const weights = flattenWeights(groups.weights, initial);
  const statistics = flattenWeights(groups.statistics, initial);
  return {
    epoch: 0,
    weights,
    first: new Float32Array(weights.length),
    second: new Float32Array(weights.length),
    statistics,
    average: keepsAverage ? weights.slice() : undefined,
    best: { epoch: 0, validation_loss: Number.POSITIVE_INFINITY, weights, statistics },
    history: [],
  };
}

/** @throws LearnError where a saved state is not of the training that `fresh` would start */
export function checkState(saved: TrainingState, fresh: TrainingState): void {
  for (const part of ['weights', 'first', 'second', 'statistics', 'average'] as const) {
    const [got, wanted] = [saved[part]?.length ?? 0, fresh[part]?.length ?? 0];
    if (got === wanted) continue;
    throw new LearnError(`has ${got} numbers, this training has ${wanted}.`, {
      where: `saved state, ${part}`,
      mend: 'Resume with the network and the options of the training that was interrupted.',
    });
  }
}
