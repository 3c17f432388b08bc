import { LearnError } from '../errors.js';
import type { Tensor } from '../graph/graph.js';
import { convolutionLayer, denseLayer, dropoutLayer, normalisationLayer } from '../layers/layers.js';
import type { Scope } from '../layers/scope.js';
import { relu } from '../operators/activation.js';
import { averagePooling, maxPooling } from '../operators/pooling.js';
import { lastFrame } from '../operators/selection.js';
import { countPredictions, type NetworkConfig, requireShare, requireWhole, requireWord } from './network.js';

/** Parts that several networks share, each with its sizes and their check. */

export interface ConvolutionSizes {
  readonly convolutionLayers: number;
  readonly convolutionFilters: number;
  readonly convolutionTaps: number;
  /** 'same' looks as far ahead as back; 'causal' only back. */
  readonly padding: 'same' | 'causal';
  readonly normalisation: 'batch' | 'layer' | 'none';
  /** Frames that are pooled into one after the convolutions; 1 pools nothing, as a sequence head wants it. */
  readonly pool: number;
  readonly pooling: 'max' | 'average';
}

export const CONVOLUTION_DEFAULTS: ConvolutionSizes = {
  convolutionLayers: 2,
  convolutionFilters: 32,
  convolutionTaps: 5,
  padding: 'same',
  normalisation: 'batch',
  pool: 2,
  pooling: 'max',
};

/** Of a sequence head: each frame needs a state of its own, and real time wants none that looks ahead. */
export const CONVOLUTION_SEQUENCE_DEFAULTS = { padding: 'causal', pool: 1 } as const;

export function checkConvolutions(config: NetworkConfig & ConvolutionSizes): void {
  requireWhole(config, ['convolutionFilters', 'convolutionTaps', 'pool']);
  requireWhole(config, ['convolutionLayers'], 0);
  requireWord(config, 'padding', ['same', 'causal']);
  requireWord(config, 'normalisation', ['batch', 'layer', 'none']);
  requireWord(config, 'pooling', ['max', 'average']);
  const where = 'network.pool';
  if (config.pool > config.window) {
    throw new LearnError(`is ${config.pool}, more than the ${config.window} frames of a window.`, { where });
  }
  if (config.head === 'sequence' && config.pool > 1) {
    const mend = 'Set it to 1, or head to "window".';
    throw new LearnError(`is ${config.pool}, but a sequence head needs a state for each frame.`, { where, mend });
  }
}

/** Pooled frames stand for blocks that begin with the window, so that they cannot be carried on from frame to frame. */
export const hasCausalConvolutions = ({ padding, pool }: ConvolutionSizes): boolean =>
  padding === 'causal' && pool === 1;

/** Convolutions, each with normalisation and ReLU, then pooling: layers `convolution1`, `normalisation1` … */
export function convolutions(scope: Scope, x: Tensor, config: ConvolutionSizes): Tensor {
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
  if (pool === 1 || isPooled) return sequence;
  return (config.pooling === 'max' ? maxPooling : averagePooling)(graph, sequence, pool);
}

export interface HeadSizes {
  /** Units of the dense layer before the output; 0 for none. */
  readonly denseUnits: number;
  /** Share of units dropped in training. */
  readonly dropout: number;
}

export function checkHead(config: HeadSizes): void {
  requireWhole(config, ['denseUnits'], 0);
  requireShare(config, 'dropout');
}

/** A dense layer with dropout before and after it, then the output: of a summary, or of each frame of a sequence. */
export function regression(scope: Scope, x: Tensor, config: NetworkConfig & HeadSizes): Tensor {
  const { denseUnits, dropout } = config;
  let hidden = dropoutLayer(scope, 'dropout1', x, dropout);
  if (denseUnits > 0) {
    hidden = relu(scope.graph, denseLayer(scope, 'dense', hidden, denseUnits));
    hidden = dropoutLayer(scope, 'dropout2', hidden, dropout);
  }
  return denseLayer(scope, 'output', hidden, countPredictions(config));
}

/** What a causal network's states say under either head: of the last frame, or of each. */
export function regressionOfStates(scope: Scope, states: Tensor, config: NetworkConfig & HeadSizes): Tensor {
  return regression(scope, config.head === 'sequence' ? states : lastFrame(scope.graph, states), config);
}
