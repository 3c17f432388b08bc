import type { Tensor } from 'onnxruntime-common';
import { makeRandom } from '../../math/index.js';
import { LearnError } from '../errors.js';
import type { NetworkWeights } from '../layers/scope.js';
import type { CnnGruAttentionConfig } from '../networks/cnn-gru-attention.js';
import { makeCnnGruAttention } from '../networks/cnn-gru-attention.js';
import { type NetworkScaling, writeEvaluationOnnx, writeForwardOnnx } from '../networks/forward.js';
import { flattenWeights, listWeights, makeWeights, nameWeights, takeWeights } from '../networks/weights.js';
import { type NetworkRuntime, ONE_THREAD, tensor } from '../runtime.js';
import { makeAugment } from './augment.js';
import { calcLoss } from './evaluate.js';
import { groupWeights } from './groups.js';
import { calcLearningRate, makeTrainingOptions, type TrainingOptions } from './options.js';
import type { Epoch, TrainingState } from './state.js';
import { type WeightGroups, writeTrainingOnnx } from './step.js';
import { STATE_PARTS, Stepper } from './stepper.js';
import {
  checkWindows,
  fitInputScaling,
  fitOutputScaling,
  gatherInto,
  scaleWindows,
  type WindowSet,
} from './windows.js';

export interface TrainingRequest {
  readonly network: Partial<CnnGruAttentionConfig> & Pick<CnnGruAttentionConfig, 'inputs'>;
  readonly data: { readonly train: WindowSet; readonly validation: WindowSet };
  readonly options?: Partial<TrainingOptions>;
  readonly runtime: NetworkRuntime;
  /** Scaling of an earlier network, for transfer; fitted to the training windows where left out. */
  readonly scaling?: NetworkScaling;
  /** Weights to start from, of a network of the same configuration; random where left out. */
  readonly initialWeights?: NetworkWeights;
  /** Text pairs to keep in the exported file. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Called after every step. */
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** Called after every epoch with all that training needs to go on from there. */
  readonly onEpoch?: (state: TrainingState) => void | Promise<void>;
  /** State of an interrupted training with the same request: goes on exactly as it would have. */
  readonly resume?: TrainingState;
  readonly signal?: AbortSignal;
}

export interface TrainingProgress {
  readonly epoch: number;
  readonly epochs: number;
  readonly batch: number;
  readonly batches: number;
  readonly train_loss: number;
}

export interface TrainedNetwork {
  readonly config: CnnGruAttentionConfig;
  readonly scaling: NetworkScaling;
  /** Weights and statistics of the best epoch, by name. */
  readonly weights: NetworkWeights;
  readonly history: readonly Epoch[];
  /** The epoch (from 1) of the least validation loss, whose weights are kept. */
  readonly bestEpoch: number;
  /** The network as an `.onnx` file from SI features to SI outputs; see `writeForwardOnnx`. */
  readonly forwardOnnx: Uint8Array;
}

/**
 * Trains a network on windows, with early stopping on the validation loss; keeps the best epoch's weights.
 * The same request and seed give the same weights bit for bit (one thread, one machine).
 * @throws LearnError for unfit data, options or weights, and where the loss is no longer a number
 * @throws the signal's reason where it aborts
 */
export async function trainNetwork(request: TrainingRequest): Promise<TrainedNetwork> {
  const config = makeCnnGruAttention(request.network);
  const options = makeTrainingOptions(request.options ?? {});
  const { window, outputs } = config;
  const channels = config.inputs.length;
  const { data, runtime, signal } = request;
  signal?.throwIfAborted();
  checkWindows(data.train, 'training windows', config);
  checkWindows(data.validation, 'validation windows', config);
  const scaling = request.scaling ?? {
    inputs: fitInputScaling(data.train, window, channels),
    outputs: fitOutputScaling(data.train, outputs),
  };
  const train = scaleWindows(data.train, scaling);
  const validation = scaleWindows(data.validation, scaling);

  const specs = listWeights(config);
  const groups = groupWeights(specs, options.frozen);
  const initial = request.initialWeights
    ? takeWeights(specs, request.initialWeights)
    : makeWeights(specs, options.seed);

  const count = train.end.length;
  const batch = Math.min(options.batch, count);
  const batches = Math.ceil(count / batch);
  const keepsAverage = options.averaging > 0;
  const step = writeTrainingOnnx(config, groups, initial, {
    batch,
    huber: options.huber,
    clip: options.clip,
    average: keepsAverage,
  });
  const augment = options.augmentation && makeAugment(options.augmentation, config.inputs, window, scaling.inputs);

  let state: TrainingState = request.resume ?? startState(groups, initial, keepsAverage);
  const frozen = flattenWeights(groups.frozen, initial);
  const trainer = await runtime.createSession(step.onnx, ONE_THREAD);
  const evaluator = await runtime.createSession(writeEvaluationOnnx(config, { ...groups }), ONE_THREAD);
  try {
    const stepper = new Stepper(trainer, step.masks, {
      weights: state.weights,
      first: state.first,
      second: state.second,
      statistics: state.statistics,
      average: state.average ?? new Float32Array(0),
    });
    const features = new Float32Array(window * batch * channels);
    const chosen = new Int32Array(batch);
    const labels = new Float32Array(batch * outputs);
    const sampleWeights = new Float32Array(batch);
    const feeds = {
      features: tensor(features, [window, batch, channels]),
      labels: tensor(labels, [batch, outputs]),
      sampleWeights: tensor(sampleWeights, [batch, 1]),
    };

    while (state.epoch < options.epochs && state.epoch - state.best.epoch < options.patience) {
      const epoch = state.epoch + 1;
      const started = performance.now();
      const order = Int32Array.from({ length: count }, (_, window) => window);
      const stream = makeRandom(options.seed).fork(`epoch ${epoch}`);
      stream.fork('order').shuffle(order);
      const random = stream.fork('disturbance');
      let sum = 0;
      let total = 0;
      for (let number = 0; number < batches; number++) {
        signal?.throwIfAborted();
        let weight = 0;
        for (let row = 0; row < batch; row++) {
          // The last batch is filled up from the first one, with weight 0: real windows for the batch statistics.
          const position = number * batch + row;
          const index = order[position % count];
          chosen[row] = index;
          sampleWeights[row] = position < count ? (train.weights?.[index] ?? 1) : 0;
          weight += sampleWeights[row];
          for (let k = 0; k < outputs; k++) labels[row * outputs + k] = train.labels[index * outputs + k];
        }
        // Nothing to learn from a batch without weight, and its mean loss would be 0/0.
        if (weight === 0) continue;
        gatherInto(features, train, chosen, window, channels);
        augment?.(features, batch, random);
        const at = (epoch - 1) * batches + number;
        const learningRate = calcLearningRate(options, at, batches);
        const rates = {
          learningRate,
          weightDecay: options.weightDecay,
          averageShare: 1 - Math.min(options.averaging, (1 + at) / (10 + at)),
        };
        const loss = await stepper.run(feeds, at, rates, random);
        refuseNonFinite(loss, epoch, learningRate, 'training');
        sum += loss * weight;
        total += weight;
        request.onProgress?.({ epoch, epochs: options.epochs, batch: number + 1, batches, train_loss: sum / total });
      }

      const weights = stepper.part(keepsAverage ? 'average' : 'weights');
      const statistics = stepper.part('statistics');
      const sizes = { window, channels, outputs };
      const evaluated = asFeeds({ weights, frozen, statistics });
      const validation_loss = await calcLoss(evaluator, evaluated, validation, sizes, options.huber);
      const learning_rate = calcLearningRate(options, epoch * batches - 1, batches);
      refuseNonFinite(validation_loss, epoch, learning_rate, 'validation');
      const isBetter = validation_loss < state.best.validation_loss;
      const parts = Object.fromEntries(STATE_PARTS.map((part) => [part, stepper.part(part).slice()]));
      state = {
        epoch,
        step: epoch * batches,
        weights: parts.weights,
        first: parts.first,
        second: parts.second,
        statistics: parts.statistics,
        average: keepsAverage ? parts.average : undefined,
        best: isBetter
          ? { epoch, validation_loss, weights: weights.slice(), statistics: statistics.slice() }
          : state.best,
        history: [
          ...state.history,
          {
            epoch,
            train_loss: sum / total,
            validation_loss,
            learning_rate,
            seconds: (performance.now() - started) / 1000,
          },
        ],
      };
      await request.onEpoch?.(state);
    }
  } finally {
    await trainer.release();
    await evaluator.release();
  }

  const weights = {
    ...initial,
    ...nameWeights(groups.weights, state.best.weights),
    ...nameWeights(groups.statistics, state.best.statistics),
  };
  return {
    config,
    scaling,
    weights,
    history: state.history,
    bestEpoch: state.best.epoch,
    forwardOnnx: writeForwardOnnx(config, weights, scaling, request.metadata),
  };
}

function startState(groups: WeightGroups, initial: NetworkWeights, keepsAverage: boolean): TrainingState {
  const weights = flattenWeights(groups.weights, initial);
  const statistics = flattenWeights(groups.statistics, initial);
  return {
    epoch: 0,
    step: 0,
    weights,
    first: new Float32Array(weights.length),
    second: new Float32Array(weights.length),
    statistics,
    average: keepsAverage ? weights.slice() : undefined,
    best: { epoch: 0, validation_loss: Number.POSITIVE_INFINITY, weights, statistics },
    history: [],
  };
}

const asFeeds = (parts: Readonly<Record<string, Float32Array>>): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(parts)
      .filter(([, values]) => values.length > 0)
      .map(([name, values]) => [name, tensor(values, [values.length])]),
  );

function refuseNonFinite(loss: number, epoch: number, learningRate: number, part: string): void {
  if (Number.isFinite(loss)) return;
  throw new LearnError(`the ${part} loss became ${loss} at a learning rate of ${learningRate.toPrecision(3)}.`, {
    where: `epoch ${epoch}`,
    mend: 'Try a tenth of the learning rate, clip the gradient (clip: 1), and look for outliers in the features.',
  });
}
