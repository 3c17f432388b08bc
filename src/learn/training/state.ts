import { LearnError } from '../errors.js';
import type { NetworkWeights } from '../layers/scope.js';
import { flattenWeights } from '../networks/weights.js';
import type { WeightGroups } from './groups.js';

/** One line of a training history. Losses are in the units of the loss function, of standardised labels. */
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
 * Everything that training goes on from: numbers and typed arrays only, so that it can be cloned, posted or stored.
 * The order of the windows and every random draw follow from the seed, the epoch and the batch.
 */
export interface TrainingState {
  /** Whole epochs done. */
  readonly epoch: number;
  /** Batches done of the epoch after that; 0 between epochs. */
  readonly batch: number;
  /** Over those batches: the sum of their losses times their weights, and that of their weights. */
  readonly lossSum: number;
  readonly weightSum: number;
  /** Time spent on the epoch under way. */
  readonly seconds: number;
  readonly weights: Float32Array;
  /** Adam's first and second moments. */
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** Running averages of batch normalisation. */
  readonly statistics: Float32Array;
  /** Moving average of the weights, where one is kept. */
  readonly average: Float32Array | undefined;
  readonly best: {
    /** 0 before the first epoch's end; the loss is infinite then. */
    readonly epoch: number;
    readonly validation_loss: number;
    readonly weights: Float32Array;
    readonly statistics: Float32Array;
  };
  readonly history: readonly Epoch[];
}

/** The parts of the state that tell of an epoch under way, where none is. */
export const BETWEEN_EPOCHS = { batch: 0, lossSum: 0, weightSum: 0, seconds: 0 };

/** The state before the first epoch. */
export function makeState(groups: WeightGroups, initial: NetworkWeights, keepsAverage: boolean): TrainingState {
  const weights = flattenWeights(groups.weights, initial);
  const statistics = flattenWeights(groups.statistics, initial);
  return {
    ...BETWEEN_EPOCHS,
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

/**
 * @param batches of an epoch
 * @throws LearnError where a saved state is not of the training that `fresh` would start
 */
export function checkState(saved: TrainingState, fresh: TrainingState, batches: number): void {
  const mend = 'Resume with the network, the data and the options of the training that was interrupted.';
  for (const part of ['weights', 'first', 'second', 'statistics', 'average'] as const) {
    const [got, wanted] = [saved[part]?.length ?? 0, fresh[part]?.length ?? 0];
    if (got === wanted) continue;
    throw new LearnError(`has ${got} numbers, this training has ${wanted}.`, { where: `saved state, ${part}`, mend });
  }
  if (!(saved.batch >= 0 && saved.batch < batches)) {
    const where = 'saved state, batch';
    throw new LearnError(`is ${saved.batch}; an epoch of this training has ${batches}.`, { where, mend });
  }
  if (saved.history.length !== saved.epoch) {
    const where = 'saved state, history';
    throw new LearnError(`tells of ${saved.history.length} epochs, not of ${saved.epoch}.`, { where, mend });
  }
}
