import { LearnError } from '../errors.js';
import type { NetworkWeights } from '../layers/scope.js';
import type { Augmentation } from './augment.js';
import type { Loss } from './loss.js';
import { type GivenSchedule, makeSchedule } from './schedule.js';

export interface TrainingOptions {
  /** Windows per step. */
  readonly batch: number;
  readonly epochs: number;
  /** Epochs without a better validation loss after which training stops. */
  readonly patience: number;
  readonly learningRate: number;
  /** How the learning rate goes; see `schedule.ts`. */
  readonly schedule: GivenSchedule;
  /** Decoupled weight decay (AdamW), on matrices only, and not on weights that are pulled towards an anchor. */
  readonly weightDecay: number;
  /** Greatest norm of a gradient; Infinity clips nothing. */
  readonly clip: number;
  /** Left out: mean squared error, or the quantile loss of a network that predicts quantiles. */
  readonly loss?: Loss | undefined;
  /** Decay of an exponential moving average of the weights, which then is what is validated and kept; 0 keeps none. */
  readonly averaging: number;
  readonly seed: number;
  readonly augmentation?: Augmentation | undefined;
  /** Weights not to train: names of layers (`gru`) or of single weights (`dense.bias`). */
  readonly frozen: readonly string[];
  /** Factors of the learning rate by layer, of weight decay and pull too; 1 where left out. */
  readonly layerRates?: Readonly<Record<string, number>> | undefined;
  readonly anchor?: Anchor | undefined;
}

/** Decay towards given weights instead of zero (L2-SP); see `operators/adam.ts`. */
export interface Anchor {
  /** The weights that are pulled, biases and gains included, and where to. Weights left out decay as `weightDecay` says. */
  readonly weights: NetworkWeights;
  /** Takes the place of `weightDecay`. */
  readonly strength: number;
}

/** Of the library. A study file has defaults of its own, in `study/schema.ts`. */
export const TRAINING_DEFAULTS: TrainingOptions = {
  batch: 128,
  epochs: 50,
  patience: 8,
  learningRate: 2e-3,
  schedule: 'cosine',
  weightDecay: 1e-3,
  clip: 1,
  averaging: 0,
  seed: 1,
  frozen: [],
};

/** Fills in the defaults. @throws LearnError that names an option out of its range. */
export function makeTrainingOptions(given: Partial<TrainingOptions>): TrainingOptions {
  const options = { ...TRAINING_DEFAULTS, ...given };
  const demand = (key: string, value: unknown, holds: boolean, expected: string) => {
    if (!holds) throw new LearnError(`must be ${expected}, is ${value}.`, { where: `training.${key}` });
  };
  for (const key of ['batch', 'epochs', 'patience'] as const) {
    const value = options[key];
    demand(key, value, Number.isInteger(value) && value >= 1, 'a whole number of at least 1');
  }
  const { learningRate, weightDecay, clip, averaging, seed, layerRates = {}, anchor } = options;
  demand('learningRate', learningRate, learningRate > 0 && Number.isFinite(learningRate), 'greater than 0');
  demand('weightDecay', weightDecay, weightDecay >= 0 && Number.isFinite(weightDecay), 'at least 0');
  demand('clip', clip, clip > 0, 'greater than 0');
  demand('averaging', averaging, averaging >= 0 && averaging < 1, 'at least 0 and below 1');
  demand('seed', seed, Number.isInteger(seed), 'a whole number');
  for (const [layer, rate] of Object.entries(layerRates)) {
    demand(`layerRates.${layer}`, rate, rate > 0 && Number.isFinite(rate), 'greater than 0 (to freeze it, see frozen)');
  }
  if (anchor) {
    const { strength } = anchor;
    demand('anchor.strength', strength, strength >= 0 && Number.isFinite(strength), 'at least 0');
  }
  makeSchedule(options.schedule);
  return options;
}
