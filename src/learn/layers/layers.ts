import { LearnError } from '../errors.js';
import { fixedSize, type Tensor } from '../graph/graph.js';
import { multiply } from '../operators/arithmetic.js';
import { batchNormalisation, fixedNormalisation } from '../operators/batch-normalisation.js';
import { convolution } from '../operators/convolution.js';
import { convolutionOfFrame } from '../operators/convolution-frame.js';
import { dense } from '../operators/dense.js';
import { maskFrames } from '../operators/frames.js';
import { layerNormalisation } from '../operators/layer-normalisation.js';
import { newestFrames } from './past.js';
import type { Scope } from './scope.js';

/**
 * Layers: an operator together with its weights and how they start. Weights start uniform in ±1/√(inputs of a unit)
 * (LeCun et al. 1998, Efficient BackProp, section 4.6, to a constant; PyTorch's default).
 */

/** Fully connected layer on the last axis. */
export function denseLayer(scope: Scope, name: string, x: Tensor, units: number, options = { bias: true }): Tensor {
  return scope.layer(name, () => {
    const features = fixedSize(x.shape, -1);
    const initial = { bound: 1 / Math.sqrt(features) };
    const weights = scope.weight('weights', [features, units], initial);
    return dense(scope.graph, x, weights, options.bias ? scope.weight('bias', [units], initial) : undefined);
  });
}

/** Convolution over time; without a bias where a normalisation follows that would remove it. */
export function convolutionLayer(
  scope: Scope,
  name: string,
  x: Tensor,
  options: { filters: number; taps: number; padding: 'same' | 'causal'; bias: boolean; dilation?: number },
): Tensor {
  return scope.layer(name, () => {
    const channels = fixedSize(x.shape, -1);
    const initial = { bound: 1 / Math.sqrt(channels * options.taps) };
    const weights = scope.weight('weights', [options.taps, channels, options.filters], initial);
    const bias = options.bias ? scope.weight('bias', [options.filters], initial) : undefined;
    if (scope.streaming) {
      const { taps, dilation = 1 } = options;
      if (options.padding !== 'causal') {
        throw new LearnError('looks ahead, which a stream cannot.', {
          where: `layer ${name}`,
          mend: 'Retrain with causal padding.',
        });
      }
      const seen = newestFrames(scope, 'frames', x, 1 + (taps - 1) * dilation);
      return convolutionOfFrame(scope.graph, seen, weights, bias, dilation);
    }
    return convolution(scope.graph, x, weights, bias, options.padding, options.dilation);
  });
}

/**
 * Normalisation of channels. 'batch' trains on the statistics of each batch and predicts by their running averages;
 * a layer whose gain and shift are both frozen keeps its averages in training too. 'layer' works frame by frame.
 */
export function normalisationLayer(scope: Scope, name: string, x: Tensor, kind: 'batch' | 'layer'): Tensor {
  return scope.layer(name, () => {
    const { graph } = scope;
    const channels = fixedSize(x.shape, -1);
    const gain = scope.weight('gain', [channels], { fill: 1 });
    const shift = scope.weight('shift', [channels], { fill: 0 });
    if (kind === 'layer') return layerNormalisation(graph, x, gain, shift);
    const mean = scope.statistic('mean', channels, 0);
    const variance = scope.statistic('variance', channels, 1);
    if (!scope.training || (scope.isFrozen('gain') && scope.isFrozen('shift'))) {
      return fixedNormalisation(graph, x, gain, shift, mean, variance);
    }
    const batch = batchNormalisation(graph, x, gain, shift);
    scope.keepBatchStatistic('mean', batch.mean);
    scope.keepBatchStatistic('variance', batch.variance);
    return batch.y;
  });
}

/**
 * Dropout (Srivastava et al. 2014, JMLR 15:1929), inverted: nothing happens in inference. x of fixed shape. A sequence has
 * one mask for all of its frames (Gal & Ghahramani 2016, arXiv 1512.05287).
 */
export function dropoutLayer(scope: Scope, name: string, x: Tensor, rate: number): Tensor {
  if (!scope.training || rate === 0) return x;
  return scope.layer(name, () => {
    const shape = x.shape.map((_, axis) => fixedSize(x.shape, axis));
    if (shape.length === 3) return maskFrames(scope.graph, x, scope.mask(shape.slice(1), rate));
    return multiply(scope.graph, x, scope.mask(shape, rate));
  });
}
