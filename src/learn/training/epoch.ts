import { makeRandom } from '../../math/index.js';
import { LearnError } from '../errors.js';
import type { CnnGruAttentionConfig } from '../networks/cnn-gru-attention.js';
import { tensor } from '../runtime.js';
import type { Augment } from './augment.js';
import { calcLearningRate, type TrainingOptions } from './options.js';
import type { Stepper } from './stepper.js';
import { gatherInto, type WindowSet } from './windows.js';

export interface TrainingProgress {
  /** From 1, as `batch`. */
  readonly epoch: number;
  readonly epochs: number;
  readonly batch: number;
  readonly batches: number;
  /** Mean over the epoch so far. */
  readonly train_loss: number;
}

export interface EpochSetup {
  readonly config: CnnGruAttentionConfig;
  readonly options: TrainingOptions;
  /** Scaled. */
  readonly windows: WindowSet;
  /** Windows of a batch; at most those of the set. */
  readonly batch: number;
  readonly augment: Augment | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: TrainingProgress) => void) | undefined;
}

export const countBatches = (windows: WindowSet, batch: number): number => Math.ceil(windows.end.length / batch);

/**
 * Steps once through all windows in an order that follows from the seed and the epoch.
 * A partial last batch is filled up from the first one with weight 0: real windows, so that the statistics of batch
 * normalisation stay those of windows.
 * @returns the weighted mean loss of the epoch's steps
 */
export async function runEpoch(stepper: Stepper, setup: EpochSetup, epoch: number): Promise<number> {
  const { options, windows, batch, augment, signal, onProgress } = setup;
  const { window, outputs } = setup.config;
  const channels = setup.config.inputs.length;
  const count = windows.end.length;
  const batches = countBatches(windows, batch);
  const features = new Float32Array(window * batch * channels);
  const labels = new Float32Array(batch * outputs);
  const sampleWeights = new Float32Array(batch);
  const feeds = {
    features: tensor(features, [window, batch, channels]),
    labels: tensor(labels, [batch, outputs]),
    sampleWeights: tensor(sampleWeights, [batch, 1]),
  };

  const stream = makeRandom(options.seed).fork(`epoch ${epoch}`);
  const order = stream.fork('order').shuffle(Int32Array.from({ length: count }, (_, index) => index));
  const random = stream.fork('disturbance');
  const chosen = new Int32Array(batch);
  let sum = 0;
  let total = 0;
  for (let number = 0; number < batches; number++) {
    signal?.throwIfAborted();
    let weight = 0;
    for (let row = 0; row < batch; row++) {
      const position = number * batch + row;
      const index = order[position % count];
      chosen[row] = index;
      sampleWeights[row] = position < count ? (windows.weights?.[index] ?? 1) : 0;
      weight += sampleWeights[row];
      for (let k = 0; k < outputs; k++) labels[row * outputs + k] = windows.labels[index * outputs + k];
    }
    // Nothing to learn from a batch without weight, and its mean loss would be 0/0.
    if (weight === 0) continue;
    gatherInto(features, windows, chosen, window, channels);
    augment?.(features, batch, random);
    const step = (epoch - 1) * batches + number;
    const learningRate = calcLearningRate(options, step, batches);
    const rates = {
      learningRate,
      weightDecay: options.weightDecay,
      // The average follows fast at first, so that it soon forgets the random start.
      averageShare: 1 - Math.min(options.averaging, (1 + step) / (10 + step)),
    };
    const loss = await stepper.run(feeds, step, rates, random);
    refuseNonFinite(loss, 'training', epoch, learningRate);
    sum += loss * weight;
    total += weight;
    onProgress?.({ epoch, epochs: options.epochs, batch: number + 1, batches, train_loss: sum / total });
  }
  return sum / total;
}

/** @throws LearnError that says when the loss was lost, and what to try */
export function refuseNonFinite(loss: number, part: string, epoch: number, learningRate: number): void {
  if (Number.isFinite(loss)) return;
  throw new LearnError(`the ${part} loss became ${loss} at a learning rate of ${learningRate.toPrecision(3)}.`, {
    where: `epoch ${epoch}`,
    mend: 'Try a tenth of the learning rate, clip the gradient (clip: 1), and look for outliers in the features.',
  });
}
