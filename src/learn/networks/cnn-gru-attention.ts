import { LearnError } from '../errors.js';
import type { Tensor } from '../graph/graph.js';
import {
  attentionLayer,
  convolutionLayer,
  denseLayer,
  dropoutLayer,
  gruLayer,
  normalisationLayer,
} from '../layers/layers.js';
import type { Scope } from '../layers/scope.js';
import { relu } from '../operators/activation.js';
import { averagePooling, maxPooling } from '../operators/pooling.js';
import { concatenate, lastFrame } from '../operators/selection.js';

/** Sizes of the network; every one is a plain number or word, so that it can be written down with the weights. */
export interface CnnGruAttentionConfig {
  /** Names of the input channels, in the order of the features. */
  readonly inputs: readonly string[];
  /** Frames of a window. */
  readonly window: number;
  readonly convolutionLayers: number;
  readonly convolutionFilters: number;
  readonly convolutionTaps: number;
  /** 'same' looks as far ahead as back; 'causal' only back. */
  readonly padding: 'same' | 'causal';
  readonly normalisation: 'batch' | 'layer' | 'none';
  /** Frames that are pooled into one after the convolutions; 1 pools nothing. */
  readonly pool: number;
  readonly pooling: 'max' | 'average';
  readonly gruUnits: number;
  readonly attentionUnits: number;
  /** Whether the last hidden state stands beside the attention's context. */
  readonly lastState: boolean;
  readonly denseUnits: number;
  /** Share of units dropped before and after the dense layer in training. */
  readonly dropout: number;
  /** Numbers predicted for a window. */
  readonly outputs: number;
}

/** Sizes where the caller names none. */
export const CNN_GRU_ATTENTION_DEFAULTS: Omit<CnnGruAttentionConfig, 'inputs'> = {
  window: 50,
  convolutionLayers: 2,
  convolutionFilters: 32,
  convolutionTaps: 5,
  padding: 'same',
  normalisation: 'batch',
  pool: 2,
  pooling: 'max',
  gruUnits: 48,
  attentionUnits: 32,
  lastState: true,
  denseUnits: 32,
  dropout: 0.1,
  outputs: 1,
};

/** Fills in the defaults and refuses sizes that make no network. */
export function makeCnnGruAttention(
  given: Partial<CnnGruAttentionConfig> & Pick<CnnGruAttentionConfig, 'inputs'>,
): CnnGruAttentionConfig {
  const config = { ...CNN_GRU_ATTENTION_DEFAULTS, ...given };
  const positive = [
    'window',
    'convolutionFilters',
    'convolutionTaps',
    'pool',
    'gruUnits',
    'attentionUnits',
    'denseUnits',
    'outputs',
  ] as const;
  for (const key of positive) {
    if (!Number.isInteger(config[key]) || config[key] < 1) {
      throw new LearnError(`must be a whole number of at least 1, is ${config[key]}.`, { where: `network.${key}` });
    }
  }
  if (!Number.isInteger(config.convolutionLayers) || config.convolutionLayers < 0) {
    throw new LearnError(`must be a whole number, is ${config.convolutionLayers}.`, {
      where: 'network.convolutionLayers',
    });
  }
  if (!(config.dropout >= 0 && config.dropout < 1)) {
    throw new LearnError(`must be at least 0 and below 1, is ${config.dropout}.`, { where: 'network.dropout' });
  }
  if (config.inputs.length === 0) throw new LearnError('names no channel.', { where: 'network.inputs' });
  if (config.pool > config.window) {
    throw new LearnError(`is ${config.pool}, more than the ${config.window} frames of a window.`, {
      where: 'network.pool',
    });
  }
  return config;
}

/**
 * The CNN-GRU-attention network of Xie, Wang, Liu, Yan, Zeng & Zhang (2025), Transfer learning-enhanced
 * CNN-GRU-attention model for knee joint torque prediction, Front. Bioeng. Biotechnol. 13:1530950,
 * doi 10.3389/fbioe.2025.1530950: convolutions find local shapes in the channels, a GRU follows them through the
 * window, attention weighs its states, a dense layer turns them into the torque.
 * The paper's abstract fixes that order and no more. Ours are: the sizes, normalisation, pooling, the additive form of
 * the attention, the last state beside the context, dropout. All are options.
 *
 * @param x scaled features, time-major [window, batch, channels]
 * @returns prediction [batch, outputs]; attention [pooled frames, batch, 1], which sums to one over the frames
 */
export function buildCnnGruAttention(
  scope: Scope,
  x: Tensor,
  config: CnnGruAttentionConfig,
): { prediction: Tensor; attention: Tensor } {
  const { graph } = scope;
  const { normalisation, pool } = config;
  let sequence = x;
  for (let layer = 1; layer <= config.convolutionLayers; layer++) {
    sequence = convolutionLayer(scope, `convolution${layer}`, sequence, {
      filters: config.convolutionFilters,
      taps: config.convolutionTaps,
      padding: config.padding,
      bias: normalisation !== 'batch',
    });
    if (normalisation !== 'none') {
      sequence = normalisationLayer(scope, `normalisation${layer}`, sequence, normalisation);
    }
    // The greatest of rectified values is the rectified greatest value: pooling first halves the work.
    const pooled = layer === config.convolutionLayers && config.pooling === 'max' && pool > 1;
    sequence = relu(graph, pooled ? maxPooling(graph, sequence, pool) : sequence);
  }
  const isPooled = config.convolutionLayers > 0 && config.pooling === 'max';
  if (pool > 1 && !isPooled) {
    sequence = (config.pooling === 'max' ? maxPooling : averagePooling)(graph, sequence, pool);
  }

  const states = gruLayer(scope, 'gru', sequence, config.gruUnits);
  const { context, weights } = attentionLayer(scope, 'attention', states, config.attentionUnits);
  const summary = config.lastState ? concatenate(graph, [context, lastFrame(graph, states)]) : context;
  const kept = dropoutLayer(scope, 'dropout1', summary, config.dropout);
  const hidden = relu(graph, denseLayer(scope, 'dense', kept, config.denseUnits));
  const prediction = denseLayer(
    scope,
    'output',
    dropoutLayer(scope, 'dropout2', hidden, config.dropout),
    config.outputs,
  );
  return { prediction, attention: weights };
}
