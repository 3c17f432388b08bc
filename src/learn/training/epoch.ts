import { makeRandom } from '../../math/index.js';
import { countLabelled, type NetworkConfig } from '../networks/network.js';
import type { Augment } from './augment.js';
import type { TrainingOptions } from './options.js';
import { calcRateFactor, type Schedule } from './schedule.js';
import type { TrainingState } from './state.js';
import type { Stepper } from './stepper.js';
import { gatherInto, type WindowSet } from './windows.js';

/** How a training is getting on. Losses are in the units of the loss function, of standardised labels. */
export interface TrainingProgress {
  /** From 1, as `batch`. */
  readonly epoch: number;
  readonly epochs: number;
  readonly batch: number;
  readonly batches: number;
  /** Mean over the epoch so far. */
  readonly train_loss: number;
  /** Of the last step. */
  readonly loss: number;
  readonly learning_rate: number;
  /** Undefined before the end of the first epoch. */
  readonly best_validation_loss: number | undefined;
  /** Since the training began, without the time for which it was interrupted. */
  readonly elapsed_s: number;
  /** At the pace so far, if all epochs are needed; early stopping makes it less. */
  readonly remaining_s: number;
}

export interface EpochSetup {
  readonly config: NetworkConfig;
  readonly options: TrainingOptions;
  readonly schedule: Schedule;
  /** Scaled. */
  readonly windows: WindowSet;
  /** Windows of a batch; at most those of the set. */
  readonly batch: number;
  /** Of an epoch. */
  readonly batches: number;
  readonly augment: Augment | undefined;
  readonly signal: AbortSignal | undefined;
  readonly afterStep: (done: StepDone) => void | Promise<void>;
}

/** How far an epoch has come. */
export type EpochSums = Pick<TrainingState, 'batch' | 'lossSum' | 'weightSum'>;

export interface StepDone extends EpochSums {
  /** Of this step, from before it. */
  readonly loss: number;
  readonly learningRate: number;
  /** What the step saw, [window, batch, channels], scaled and disturbed. */
  readonly features: Float32Array;
}

export const countBatches = (windows: WindowSet, batch: number): number => Math.ceil(windows.end.length / batch);

/** Learning rate of a step, from 0, of the epoch after those that the state tells of. */
export function calcLearningRate(
  { options, schedule, batches }: Pick<EpochSetup, 'options' | 'schedule' | 'batches'>,
  step: number,
  { history }: Pick<TrainingState, 'history'>,
): number {
  const validationLosses = history.map((epoch) => epoch.validation_loss);
  const standing = { step, stepsPerEpoch: batches, epochs: options.epochs, validationLosses };
  return options.learningRate * calcRateFactor(schedule, standing);
}

/**
 * Steps once through all windows in an order that follows from the seed and the epoch, or through those that an
 * interrupted epoch has left. What is drawn for a batch follows from the seed, the epoch and the batch.
 * A partial last batch is filled up from the first one with weight 0: real windows, so that the statistics of batch
 * normalisation stay those of windows.
 * @returns the sums over the whole epoch
 */
export async function runEpoch(stepper: Stepper, setup: EpochSetup, state: TrainingState): Promise<EpochSums> {
  const { options, windows, batch, batches, augment, signal } = setup;
  const { window, outputs } = setup.config;
  const channels = setup.config.inputs.length;
  const count = windows.end.length;
  const features = new Float32Array(window * batch * channels);
  const labelled = countLabelled(setup.config);
  const labels = new Float32Array(labelled * batch * outputs);
  const sampleWeights = new Float32Array(labelled * batch);

  const stream = makeRandom(options.seed).fork(`epoch ${state.epoch + 1}`);
  const order = stream.fork('order').shuffle(Int32Array.from({ length: count }, (_, index) => index));
  const chosen = new Int32Array(batch);
  let { lossSum, weightSum } = state;
  for (let number = state.batch; number < batches; number++) {
    signal?.throwIfAborted();
    let weight = 0;
    for (let row = 0; row < batch; row++) {
      const position = number * batch + row;
      const index = order[position % count];
      chosen[row] = index;
      for (let frame = 0; frame < labelled; frame++) {
        const [from, to] = [index * labelled + frame, frame * batch + row];
        sampleWeights[to] = position < count ? (windows.weights?.[from] ?? 1) : 0;
        weight += sampleWeights[to];
        for (let k = 0; k < outputs; k++) labels[to * outputs + k] = windows.labels[from * outputs + k];
      }
    }
    // Nothing to learn from a batch without weight, and its mean loss would be 0/0.
    if (weight === 0) continue;
    gatherInto(features, windows, chosen, window, channels);
    const random = stream.fork(`batch ${number}`);
    augment?.(features, batch, random);
    const step = state.epoch * batches + number;
    const learningRate = calcLearningRate(setup, step, state);
    const rates = {
      learningRate,
      weightDecay: options.weightDecay,
      // The average follows fast at first, so that it soon forgets the random start.
      averageShare: 1 - Math.min(options.averaging, (1 + step) / (10 + step)),
    };
    const loss = await stepper.run({ features, labels, sampleWeights }, step, rates, random);
    lossSum += loss * weight;
    weightSum += weight;
    await setup.afterStep({ batch: number + 1, lossSum, weightSum, loss, learningRate, features });
  }
  return { batch: batches, lossSum, weightSum };
}
