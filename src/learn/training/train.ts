import type { NetworkWeights } from '../layers/scope.js';
import { type CnnGruAttentionConfig, makeCnnGruAttention } from '../networks/cnn-gru-attention.js';
import { type NetworkScaling, writeEvaluationOnnx, writeForwardOnnx } from '../networks/forward.js';
import { flattenWeights, listWeights, makeWeights, nameWeights, takeWeights } from '../networks/weights.js';
import { type NetworkRuntime, ONE_THREAD } from '../runtime.js';
import { makeAugment } from './augment.js';
import { countBatches, type EpochSetup, refuseNonFinite, runEpoch, type TrainingProgress } from './epoch.js';
import { calcLoss } from './evaluate.js';
import { groupWeights } from './groups.js';
import { calcLearningRate, makeTrainingOptions, type TrainingOptions } from './options.js';
import { checkState, type Epoch, makeState, type TrainingState } from './state.js';
import { writeTrainingOnnx } from './step.js';
import { Stepper } from './stepper.js';
import { checkWindows, fitInputScaling, fitOutputScaling, scaleWindows, type WindowSet } from './windows.js';

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
  const train = scaleWindows(data.train, scaling, channels, outputs);
  const validation = scaleWindows(data.validation, scaling, channels, outputs);

  const specs = listWeights(config);
  const groups = groupWeights(specs, options.frozen);
  const initial = request.initialWeights
    ? takeWeights(specs, request.initialWeights)
    : makeWeights(specs, options.seed);

  const batch = Math.min(options.batch, train.end.length);
  const batches = countBatches(train, batch);
  const average = options.averaging > 0;
  const { onnx, masks } = writeTrainingOnnx(config, groups, initial, {
    batch,
    huber: options.huber,
    clip: options.clip,
    average,
  });
  const setup: EpochSetup = {
    config,
    options,
    windows: train,
    batch,
    augment: options.augmentation && makeAugment(options.augmentation, config.inputs, window, scaling.inputs),
    signal,
    onProgress: request.onProgress,
  };
  let state = makeState(groups, initial, average);
  if (request.resume) {
    checkState(request.resume, state);
    state = request.resume;
  }

  const frozen = flattenWeights(groups.frozen, initial);
  const trainer = await runtime.createSession(onnx, ONE_THREAD);
  const evaluator = await runtime.createSession(writeEvaluationOnnx(config, { ...groups }), ONE_THREAD);
  try {
    const stepper = new Stepper(trainer, masks, state);
    while (state.epoch < options.epochs && state.epoch - state.best.epoch < options.patience) {
      const epoch = state.epoch + 1;
      const started = performance.now();
      const train_loss = await runEpoch(stepper, setup, epoch);
      const { weights, first, second, statistics, average } = stepper.copyState();
      const kept = average ?? weights;
      const validation_loss = await calcLoss(
        evaluator,
        { weights: kept, frozen, statistics },
        validation,
        { window, channels, outputs },
        options.huber,
      );
      const learning_rate = calcLearningRate(options, epoch * batches - 1, batches);
      refuseNonFinite(validation_loss, 'validation', epoch, learning_rate);
      const isBetter = validation_loss < state.best.validation_loss;
      const seconds = (performance.now() - started) / 1000;
      state = {
        epoch,
        weights,
        first,
        second,
        statistics,
        average,
        best: isBetter ? { epoch, validation_loss, weights: kept, statistics } : state.best,
        history: [...state.history, { epoch, train_loss, validation_loss, learning_rate, seconds }],
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
