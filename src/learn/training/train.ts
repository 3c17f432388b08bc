import type { Executor, Program } from '../executor.js';
import type { NetworkWeights } from '../layers/scope.js';
import { buildEvaluationGraph, type NetworkScaling, writeForwardOnnx } from '../networks/forward.js';
import type { NetworkConfig } from '../networks/network.js';
import { type GivenNetwork, makeNetwork } from '../networks/registry.js';
import { flattenWeights, listWeights, makeWeights, nameWeights, takeWeights } from '../networks/weights.js';
import { makeAugment } from './augment.js';
import {
  calcLearningRate,
  countBatches,
  type EpochSetup,
  runEpoch,
  type StepDone,
  type TrainingProgress,
} from './epoch.js';
import { calcLoss } from './evaluate.js';
import { groupWeights } from './groups.js';
import { makeLoss } from './loss.js';
import { explainNonFinite, findNonFinite } from './non-finite.js';
import { makeNotes } from './notes.js';
import { makeTrainingOptions, type TrainingOptions } from './options.js';
import { makeProgressMeter } from './progress.js';
import { makeSchedule } from './schedule.js';
import { BETWEEN_EPOCHS, checkState, type Epoch, makeState, type TrainingState } from './state.js';
import { buildTrainingGraph, type StepRecipe } from './step.js';
import { Stepper } from './stepper.js';
import { checkWindows, fitInputScaling, fitOutputScaling, scaleWindows, type WindowSet } from './windows.js';

export interface TrainingRequest {
  readonly network: GivenNetwork;
  readonly data: { readonly train: WindowSet; readonly validation: WindowSet };
  readonly options?: Partial<TrainingOptions>;
  readonly executor: Executor;
  /** Makes the program of a training step where it is not to be the executor's: that of a team of workers, for instance. */
  readonly compileStep?: (recipe: StepRecipe) => Promise<Program>;
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
  /** Called after a step or an epoch, in mid-epoch too, whenever `checkpointEvery` has passed since the last time. */
  readonly onCheckpoint?: (state: TrainingState) => void | Promise<void>;
  /** Half a minute where left out. */
  readonly checkpointEvery?: { readonly steps: number } | { readonly seconds: number };
  /** State of an interrupted training with the same request: goes on exactly as it would have. */
  readonly resume?: TrainingState;
  readonly signal?: AbortSignal;
}

export interface TrainedNetwork {
  readonly config: NetworkConfig;
  readonly scaling: NetworkScaling;
  /** Weights and statistics of the best epoch, by name. */
  readonly weights: NetworkWeights;
  readonly history: readonly Epoch[];
  /** What was odd about the training, for people. */
  readonly notes: readonly string[];
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
  request.signal?.throwIfAborted();
  const plan = makePlan(request);
  const { config, options, scaling, groups, initial, batches } = plan;
  const stepOptions = { ...options, ...plan.shape };
  const step = buildTrainingGraph(config, groups, initial, stepOptions);
  let state = makeState(groups, initial, plan.shape.average);
  if (request.resume) {
    checkState(request.resume, state, batches);
    state = request.resume;
  }
  const meter = makeProgressMeter(options.epochs, batches, state);
  const clock = makeCheckpointClock(request.checkpointEvery);
  let epochStarted = performance.now() - 1000 * state.seconds;
  const calcSeconds = () => (performance.now() - epochStarted) / 1000;

  const trainer = request.compileStep
    ? await request.compileStep({ config, groups, frozenWeights: initial, options: stepOptions })
    : await request.executor.compile(step.graph, step.outputs, step);
  const stepper = new Stepper(trainer, step.carry, step.masks, state, step.held);
  let last: StepDone | undefined;
  const setup: EpochSetup = {
    ...plan,
    afterStep: async (done) => {
      last = done;
      if (!Number.isFinite(done.loss)) throw explain(`the training loss became ${done.loss}`);
      request.onProgress?.(meter(state, done));
      // What is due with the last step waits until the epoch is whole.
      if (!clock.isDue(1) || done.batch === batches) return;
      clock.restart();
      const { batch, lossSum, weightSum } = done;
      const sums = { batch, lossSum, weightSum, seconds: calcSeconds() };
      await request.onCheckpoint?.({ ...state, ...sums, ...stepper.copyState() });
    },
  };
  const explain = (what: string) => {
    const number = state.epoch * batches + (last?.batch ?? state.batch);
    const learningRate = calcLearningRate(plan, number - 1, state);
    const at = { epoch: state.epoch + 1, step: number, learningRate, inputs: config.inputs };
    return explainNonFinite(what, last ? { ...at, features: last.features } : at, groups, stepper.copyState());
  };

  const evaluation = buildEvaluationGraph(config, { ...groups });
  // A group without weights has no input.
  const held = [...evaluation.graph.inputs.keys()].filter((name) => name !== 'features');
  const evaluator = await request.executor.compile(evaluation.graph, evaluation.outputs, { held });
  const frozen = flattenWeights(groups.frozen, initial);
  try {
    while (state.epoch < options.epochs && state.epoch - state.best.epoch < options.patience) {
      const epoch = state.epoch + 1;
      const sums = await runEpoch(stepper, setup, state);
      const reached = stepper.copyState();
      if (findNonFinite(groups, reached)) throw explain('the last step of the epoch lost the numbers of the network');
      const { statistics } = reached;
      const weights = reached.average ?? reached.weights;
      const values: Record<string, Float32Array> = { weights, frozen, statistics };
      for (const name of held) evaluator.set(name, values[name]);
      const validation_loss = await calcLoss(evaluator, plan.validation, config, plan.shape.loss);
      if (!Number.isFinite(validation_loss)) throw explain(`the validation loss became ${validation_loss}`);
      const isBetter = validation_loss < state.best.validation_loss;
      const train_loss = sums.lossSum / sums.weightSum;
      const learning_rate = calcLearningRate(plan, epoch * batches - 1, state);
      const line = { epoch, train_loss, validation_loss, learning_rate, seconds: calcSeconds() };
      state = {
        ...reached,
        ...BETWEEN_EPOCHS,
        epoch,
        best: isBetter ? { epoch, validation_loss, weights, statistics } : state.best,
        history: [...state.history, line],
      };
      epochStarted = performance.now();
      await request.onEpoch?.(state);
      if (clock.isDue(0)) {
        clock.restart();
        await request.onCheckpoint?.(state);
      }
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
    notes: makeNotes(request.data.train, config, options.batch),
    bestEpoch: state.best.epoch,
    forwardOnnx: writeForwardOnnx(config, weights, scaling, request.metadata),
  };
}

/** Everything about a training that follows from its request. */
function makePlan({ network, data, scaling: given, options: asked = {}, initialWeights, signal }: TrainingRequest) {
  const config = makeNetwork(network);
  const options = makeTrainingOptions(asked);
  const { window, outputs } = config;
  const channels = config.inputs.length;
  checkWindows(data.train, 'training windows', config);
  checkWindows(data.validation, 'validation windows', config);
  const scaling = given ?? {
    inputs: fitInputScaling(data.train, window, channels),
    outputs: fitOutputScaling(data.train, outputs),
  };
  const windows = scaleWindows(data.train, scaling, channels, outputs);
  const validation = scaleWindows(data.validation, scaling, channels, outputs);
  const specs = listWeights(config);
  const batch = Math.min(options.batch, windows.end.length);
  return {
    config,
    options,
    scaling,
    windows,
    validation,
    signal,
    batch,
    batches: countBatches(windows, batch),
    groups: groupWeights(specs, options.frozen),
    initial: initialWeights ? takeWeights(specs, initialWeights) : makeWeights(specs, options.seed),
    schedule: makeSchedule(options.schedule),
    augment: options.augmentation && makeAugment(options.augmentation, config, scaling.inputs),
    /** What the graph of a step is built for, beside the options. */
    shape: { batch, loss: makeLoss(options.loss, config), average: options.averaging > 0 },
  };
}

/** Tells when a checkpoint is due. */
function makeCheckpointClock(every: TrainingRequest['checkpointEvery'] = { seconds: 30 }) {
  let [steps, started] = [0, performance.now()];
  return {
    isDue(newSteps: number): boolean {
      steps += newSteps;
      return 'steps' in every ? steps >= every.steps : performance.now() - started >= 1000 * every.seconds;
    },
    restart(): void {
      [steps, started] = [0, performance.now()];
    },
  };
}
