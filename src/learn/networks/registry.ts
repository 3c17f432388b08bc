import { LearnError } from '../errors.js';
import type { Tensor } from '../graph/graph.js';
import type { Scope } from '../layers/scope.js';
import { bilstm } from './bilstm.js';
import { cnn } from './cnn.js';
import { cnnGru } from './cnn-gru.js';
import { cnnGruAttention } from './cnn-gru-attention.js';
import { cnnLstm } from './cnn-lstm.js';
import { gru } from './gru.js';
import { lstm } from './lstm.js';
import { mlp } from './mlp.js';
import {
  type NetworkConfig,
  type NetworkDefinition,
  type NetworkOutput,
  requireWhole,
  requireWord,
} from './network.js';
import { tcn } from './tcn.js';
import { transformer } from './transformer.js';

/** Every kind of network, the default first, then its parts and the others. */
export const networks: readonly NetworkDefinition[] = [
  cnnGruAttention,
  cnnGru,
  cnnLstm,
  gru,
  lstm,
  bilstm,
  cnn,
  mlp,
  tcn,
  transformer,
];

export const DEFAULT_KIND = cnnGruAttention.kind;

/** @throws LearnError where there is no such kind */
export function findNetwork(kind: string): NetworkDefinition {
  const found = networks.find((definition) => definition.kind === kind);
  if (found) return found;
  throw new LearnError(`is ${JSON.stringify(kind)}.`, {
    where: 'network.kind',
    mend: `There are ${networks.map((definition) => definition.kind).join(', ')}.`,
  });
}

/** What a caller has to say of a network: its inputs; the rest has defaults. */
export type GivenNetwork = Partial<NetworkConfig> & Pick<NetworkConfig, 'inputs'> & Readonly<Record<string, unknown>>;

const COMMON_DEFAULTS = { kind: DEFAULT_KIND, window: 50, outputs: 1, head: 'window', quantiles: [] } as const;

/**
 * Fills in the defaults of a network's kind.
 * @throws LearnError for an unknown kind or size, and for sizes that make no network
 */
export function makeNetwork(given: GivenNetwork): NetworkConfig {
  const definition = findNetwork(given.kind ?? DEFAULT_KIND);
  const ofHead = given.head === 'sequence' ? definition.sequenceDefaults : {};
  const config: NetworkConfig = { ...COMMON_DEFAULTS, ...definition.defaults, ...ofHead, ...given };
  const known = new Set([...Object.keys(COMMON_DEFAULTS), ...Object.keys(definition.defaults), 'inputs']);
  const stray = Object.keys(config).find((key) => !known.has(key));
  if (stray !== undefined) {
    throw new LearnError(`is no size of ${definition.kind}.`, {
      where: `network.${stray}`,
      mend: `Its sizes: ${[...known].join(', ')}.`,
    });
  }
  requireWhole(config, ['window', 'outputs']);
  requireWord(config, 'head', definition.heads);
  if (config.inputs.length === 0) throw new LearnError('names no channel.', { where: 'network.inputs' });
  const rising = config.quantiles.every((quantile, k, all) => quantile > (all[k - 1] ?? 0) && quantile < 1);
  if (!rising) {
    throw new LearnError(`must be numbers between 0 and 1 that rise, is [${config.quantiles}].`, {
      where: 'network.quantiles',
    });
  }
  definition.check(config);
  return config;
}

/** Builds a checked network. @param x scaled features [window, batch, channels] */
export const buildNetwork = (scope: Scope, x: Tensor, config: NetworkConfig): NetworkOutput =>
  findNetwork(config.kind).build(scope, x, config);

/** Whether what the network says of a frame depends on no later frame: fit for real time with carried state. */
export const isCausal = (config: NetworkConfig): boolean => findNetwork(config.kind).isCausal(config);
