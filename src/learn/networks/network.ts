import { LearnError } from '../errors.js';
import type { Tensor } from '../graph/graph.js';
import type { Scope } from '../layers/scope.js';

/** What every network's configuration says; each kind adds its own sizes. Plain JSON, written down with the weights. */
export interface NetworkConfig {
  /** Which network; see `networks/registry.ts`. */
  readonly kind: string;
  /** Names of the input channels, in the order of the features. */
  readonly inputs: readonly string[];
  /** Frames of a window. */
  readonly window: number;
  /** Quantities predicted. */
  readonly outputs: number;
  /** 'window': one prediction for each window, of its last frame; 'sequence': one for each of its frames. */
  readonly head: 'window' | 'sequence';
  /** Quantiles predicted of each output, in (0, 1), rising; none: its mean. */
  readonly quantiles: readonly number[];
}

export interface NetworkOutput {
  /** [batch, predictions], or [window, batch, predictions] of a sequence head; predictions of one output stand together. */
  readonly prediction: Tensor;
  /** Weights [steps, batch, 1] over the window, which sum to one, and the frames that a step stands for. */
  readonly attention?: { readonly weights: Tensor; readonly framesPerStep: number };
}

/**
 * Prefixes of the names of a network's layers, by what the layers do: `dense` stands for `dense`, `dense1`, `denseOut`.
 * Every layer below these groups is taken for one that finds features. A group that a network does not have is empty;
 * each prefix must be of some layer in some configuration.
 */
export interface LayerGroups {
  /** What turns the summary of a window into the prediction: its dense layers and the output. */
  readonly head: readonly string[];
  /** What weighs the frames of a window. */
  readonly attention: readonly string[];
  /** What carries state from frame to frame: GRU, LSTM. */
  readonly recurrent: readonly string[];
}

export const conventionalGroups: LayerGroups = {
  head: ['dense', 'output'],
  attention: ['attention'],
  recurrent: ['gru', 'lstm'],
};

/** A kind of network: its sizes, its layers and where it is from. */
export interface NetworkDefinition<Config extends NetworkConfig = NetworkConfig> {
  readonly kind: string;
  readonly title: string;
  /** Keys of references.bib. */
  readonly references: readonly string[];
  /**
   * Which of its layers do what, for transfer between participants; see `LayerGroups`. Conventional names
   * (`conventionalGroups`) where left out.
   */
  readonly groups?: LayerGroups;
  /** Heads that it has. */
  readonly heads: readonly NetworkConfig['head'][];
  /** Sizes where the caller names none. */
  readonly defaults: Omit<Config, keyof NetworkConfig>;
  /** Sizes that differ from the defaults with a sequence head. */
  readonly sequenceDefaults?: Partial<Omit<Config, keyof NetworkConfig>>;
  /** Refuses sizes that make no network, by `requireWhole` and the like. */
  check(config: Config): void;
  /** @param x scaled features [window, batch, channels] */
  build(scope: Scope, x: Tensor, config: Config): NetworkOutput;
  /** Whether what it says of a frame depends on no later frame, so that it can be streamed with carried state. */
  isCausal(config: Config): boolean;
}

/** A definition as the registry keeps it: it is handed only configurations of its own kind, which `check` has seen. */
export const defineNetwork = <Config extends NetworkConfig>(definition: NetworkDefinition<Config>): NetworkDefinition =>
  definition as NetworkDefinition<NetworkConfig>;

/** Numbers that a network says of a window or frame. */
export const countPredictions = ({ outputs, quantiles }: Pick<NetworkConfig, 'outputs' | 'quantiles'>): number =>
  outputs * Math.max(1, quantiles.length);

/** Frames of a window that have a label. */
export const countLabelled = ({ head, window }: Pick<NetworkConfig, 'head' | 'window'>): number =>
  head === 'sequence' ? window : 1;

/** @throws LearnError that names the first of the keys whose value is no whole number of at least `least` */
export function requireWhole<Config extends object>(
  config: Config,
  keys: readonly (keyof Config & string)[],
  least = 1,
) {
  for (const key of keys) {
    const value = config[key];
    if (typeof value === 'number' && Number.isInteger(value) && value >= least) continue;
    throw new LearnError(`must be a whole number of at least ${least}, is ${value}.`, { where: `network.${key}` });
  }
}

/** @throws LearnError where the key's value is no share: at least 0 and below 1 */
export function requireShare<Config extends object>(config: Config, key: keyof Config & string): void {
  const value = config[key];
  if (typeof value === 'number' && value >= 0 && value < 1) return;
  throw new LearnError(`must be at least 0 and below 1, is ${value}.`, { where: `network.${key}` });
}

/** @throws LearnError where the key's value is none of the words */
export function requireWord<Config extends object>(
  config: Config,
  key: keyof Config & string,
  words: readonly string[],
): void {
  if (words.includes(config[key] as string)) return;
  throw new LearnError(`must be one of ${words.join(', ')}, is ${config[key]}.`, { where: `network.${key}` });
}
