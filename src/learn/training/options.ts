import { LearnError } from '../errors.js';
import type { Augmentation } from './augment.js';

export interface TrainingOptions {
  /** Windows per step. */
  readonly batch: number;
  readonly epochs: number;
  /** Epochs without a better validation loss after which training stops. */
  readonly patience: number;
  readonly learningRate: number;
  /** 'cosine' rises linearly over the first twentieth of the steps and falls as half a cosine to zero. */
  readonly schedule: 'constant' | 'cosine';
  /** Decoupled weight decay (AdamW), on matrices only. */
  readonly weightDecay: number;
  /** Greatest norm of a gradient; Infinity clips nothing. */
  readonly clip: number;
  /** Residual, in standard deviations of the label, beyond which the loss is linear; Infinity is mean squared error. */
  readonly huber: number;
  /** Decay of an exponential moving average of the weights, which then is what is validated and kept; 0 keeps none. */
  readonly averaging: number;
  readonly seed: number;
  readonly augmentation?: Augmentation | undefined;
  /** Weights not to train: names of layers (`gru`) or of single weights (`dense.bias`). */
  readonly frozen: readonly string[];
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
  huber: Number.POSITIVE_INFINITY,
  averaging: 0,
  seed: 1,
  frozen: [],
};

/** Fills in the defaults. @throws LearnError that names an option out of its range. */
export function makeTrainingOptions(given: Partial<TrainingOptions>): TrainingOptions {
  const options = { ...TRAINING_DEFAULTS, ...given };
  const demand = (key: keyof TrainingOptions, holds: boolean, expected: string) => {
    if (!holds) throw new LearnError(`must be ${expected}, is ${options[key]}.`, { where: `training.${key}` });
  };
  for (const key of ['batch', 'epochs', 'patience'] as const) {
    demand(key, Number.isInteger(options[key]) && options[key] >= 1, 'a whole number of at least 1');
  }
  demand('learningRate', options.learningRate > 0 && Number.isFinite(options.learningRate), 'greater than 0');
  demand('weightDecay', options.weightDecay >= 0 && Number.isFinite(options.weightDecay), 'at least 0');
  demand('clip', options.clip > 0, 'greater than 0');
  demand('huber', options.huber > 0, 'greater than 0');
  demand('averaging', options.averaging >= 0 && options.averaging < 1, 'at least 0 and below 1');
  demand('seed', Number.isInteger(options.seed), 'a whole number');
  return options;
}

/** Learning rate of a step; steps count from 0. */
export function calcLearningRate(options: TrainingOptions, step: number, stepsPerEpoch: number): number {
  if (options.schedule === 'constant') return options.learningRate;
  const total = options.epochs * stepsPerEpoch;
  const warm = Math.ceil(total / 20);
  if (step < warm) return (options.learningRate * (step + 1)) / warm;
  return (options.learningRate * (1 + Math.cos((Math.PI * (step - warm)) / Math.max(1, total - warm)))) / 2;
}
