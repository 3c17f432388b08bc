import { fitCoral, mapFrames } from '../alignment/coral.js';
import { FrameMoments } from '../alignment/moments.js';
import { LearnError } from '../errors.js';
import type { NetworkWeights } from '../layers/scope.js';
import type { NetworkScaling } from '../networks/forward.js';
import type { NetworkConfig } from '../networks/network.js';
import { listWeights, makeWeights, takeWeights } from '../networks/weights.js';
import { layerOf } from '../training/groups.js';
import { TRAINING_DEFAULTS } from '../training/options.js';
import type { TrainingRequest } from '../training/train.js';
import { type FeatureWindows, findCovered, fitInputScaling } from '../training/windows.js';
import { listBelow, listDepths } from './depth.js';
import type { TransferStrategy } from './strategies.js';

/** A network of previous participants. Every `TrainedNetwork` is one. */
export interface TransferSource {
  readonly config: NetworkConfig;
  readonly weights: NetworkWeights;
  readonly scaling: NetworkScaling;
  /** What it was trained on; only strategies that align it with the target need it. */
  readonly data?: TrainingRequest['data'];
}

/** The new participant, and how to train. */
export interface TransferTarget extends Omit<TrainingRequest, 'network' | 'data' | 'scaling' | 'initialWeights'> {
  /** Labelled windows; not needed where a strategy does without labels. */
  readonly data?: TrainingRequest['data'];
  /** Windows without labels, for strategies that need none; the training windows where left out. */
  readonly windows?: FeatureWindows;
  /** Channels that are aligned or scaled anew, such as EMG; all where left out. */
  readonly channels?: readonly string[];
  /** Layers of the source that start anew and are not pulled towards it, e.g. `output`. */
  readonly fresh?: readonly string[];
}

/**
 * The training by which a strategy adapts a network. The source's scaling is kept, for its weights are made for it; only
 * a start from scratch and aligned windows are scaled anew.
 * @throws LearnError where the strategy does not train, the data it needs is missing, or the network lacks its layers
 */
export function makeTransferRequest(
  strategy: TransferStrategy,
  source: TransferSource,
  target: TransferTarget,
): TrainingRequest {
  const { data, windows, channels, fresh = [], ...rest } = target;
  const { config } = source;
  const where = `transfer strategy ${strategy.name}`;
  if (strategy.action === 'nothing' || strategy.action === 'statistics') {
    throw new LearnError('trains nothing.', { where, mend: 'Use adaptNetwork.' });
  }
  if (strategy.action === 'train-aligned') {
    if (!source.data) throw new LearnError("needs the source's training windows (source.data).", { where });
    const aligned = alignData(source.data, listWindows(target, where), config, channels);
    return {
      ...rest,
      network: { ...config },
      ...aligned,
      scaling: rescale(aligned.data.train, source),
      initialWeights: source.weights,
    };
  }
  if (!data) throw new LearnError('needs labelled windows of the target (target.data).', { where });
  if (strategy.starts === 'random') return { ...rest, network: { ...config }, data };

  const specs = listWeights(config);
  const stray = fresh.find((layer) => !specs.some((spec) => layerOf(spec) === layer));
  if (stray !== undefined) throw new LearnError(`${stray} is no layer of the network.`, { where: `${where}, fresh` });
  const isFresh = (name: string) => fresh.includes(layerOf({ name }));
  const pick = (weights: NetworkWeights, wanted: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(weights).filter(([name]) => wanted(name)));
  const old = pick(takeWeights(specs, source.weights), (name) => !isFresh(name));
  const frozen = [...(rest.options?.frozen ?? []), ...listBelow(config, strategy.from)];
  return {
    ...rest,
    network: { ...config },
    data,
    scaling: source.scaling,
    initialWeights: { ...makeWeights(specs, rest.options?.seed ?? TRAINING_DEFAULTS.seed), ...old },
    options: {
      ...rest.options,
      frozen: [...new Set(frozen)],
      ...(strategy.falling === undefined ? {} : { layerRates: calcRates(config, strategy.falling) }),
      ...(strategy.pull === undefined ? {} : { anchor: { weights: old, strength: strategy.pull } }),
    },
  };
}

/** The unlabelled windows of a target. @throws LearnError where there are none */
export function listWindows({ windows, data }: TransferTarget, where: string): FeatureWindows {
  const found = windows ?? data?.train;
  if (found) return found;
  throw new LearnError('needs windows of the target (target.windows).', { where });
}

/** Mean and covariance of the frames that windows look at, each frame counted once. */
export function measureFrames(windows: FeatureWindows, { inputs, window }: NetworkConfig): FrameMoments {
  const moments = new FrameMoments(inputs.length);
  for (const [position, covered] of findCovered(windows, window, inputs.length).entries()) {
    const frames = windows.sequences[position];
    covered.forEach((counts, frame) => {
      if (counts) moments.add(frames.subarray(frame * inputs.length, (frame + 1) * inputs.length));
    });
  }
  return moments;
}

/** Positions of channels. @throws LearnError where one is no input */
export function findChannels(names: readonly string[], { inputs }: NetworkConfig): number[] {
  return names.map((name) => {
    const position = inputs.indexOf(name);
    if (position >= 0) return position;
    throw new LearnError('is no input.', { where: `transfer channel ${name}`, mend: `Inputs: ${inputs.join(', ')}.` });
  });
}

/** η·f^−depth (Howard & Ruder 2018, arXiv 1801.06146, section 3.2). */
const calcRates = (config: NetworkConfig, falling: number): Record<string, number> =>
  Object.fromEntries(listDepths(config).map(({ name, depth }) => [name, falling ** -depth]));

function alignData(
  data: TrainingRequest['data'],
  target: FeatureWindows,
  config: NetworkConfig,
  channels: readonly string[] | undefined,
): { data: TrainingRequest['data'] } {
  const options = channels ? { channels: findChannels(channels, config) } : {};
  const map = fitCoral(measureFrames(data.train, config), measureFrames(target, config), options);
  const align = <Set extends FeatureWindows>(set: Set): Set => ({
    ...set,
    sequences: set.sequences.map((frames) => mapFrames(map, frames)),
  });
  return { data: { train: align(data.train), validation: align(data.validation) } };
}

const rescale = (train: FeatureWindows, { config, scaling }: TransferSource): NetworkScaling => ({
  inputs: fitInputScaling(train, config.window, config.inputs.length),
  outputs: scaling.outputs,
});
