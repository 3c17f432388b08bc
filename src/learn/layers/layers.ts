import { fixedSize, type Tensor } from '../graph/graph.js';
import { tanh } from '../operators/activation.js';
import { multiply } from '../operators/arithmetic.js';
import { softmaxOverTime, sumOverTime } from '../operators/attention.js';
import { batchNormalisation, fixedNormalisation } from '../operators/batch-normalisation.js';
import { convolution } from '../operators/convolution.js';
import { dense } from '../operators/dense.js';
import { gru } from '../operators/gru.js';
import { layerNormalisation } from '../operators/layer-normalisation.js';
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
  options: { filters: number; taps: number; padding: 'same' | 'causal'; bias: boolean },
): Tensor {
  return scope.layer(name, () => {
    const channels = fixedSize(x.shape, -1);
    const initial = { bound: 1 / Math.sqrt(channels * options.taps) };
    const weights = scope.weight('weights', [options.taps, channels, options.filters], initial);
    const bias = options.bias ? scope.weight('bias', [options.filters], initial) : undefined;
    return convolution(scope.graph, x, weights, bias, options.padding);
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

/** Gated recurrent layer; returns all hidden states. */
export function gruLayer(scope: Scope, name: string, x: Tensor, units: number): Tensor {
  return scope.layer(name, () => {
    const features = fixedSize(x.shape, -1);
    const initial = { bound: 1 / Math.sqrt(units) };
    const input = (part: string) => scope.weight(part, [features, units], initial);
    const recurrent = (part: string) => scope.weight(part, [units, units], initial);
    const bias = (part: string) => scope.weight(part, [units], initial);
    const weights = {
      inputReset: input('inputReset'),
      inputUpdate: input('inputUpdate'),
      inputCandidate: input('inputCandidate'),
      recurrentReset: recurrent('recurrentReset'),
      recurrentUpdate: recurrent('recurrentUpdate'),
      recurrentCandidate: recurrent('recurrentCandidate'),
      biasReset: bias('biasReset'),
      biasUpdate: bias('biasUpdate'),
      biasCandidate: bias('biasCandidate'),
      biasRecurrentCandidate: bias('biasRecurrentCandidate'),
    };
    return gru(scope.graph, x, weights, scope.training);
  });
}

/**
 * Additive attention over time (Bahdanau, Cho & Bengio 2015, arXiv 1409.0473, appendix A.1.2) without a query:
 * a = softmaxₜ(v·tanh(h[t]·W + b)), context = Σₜ a[t]·h[t].
 */
export function attentionLayer(scope: Scope, name: string, states: Tensor, units: number) {
  const hidden = tanh(scope.graph, denseLayer(scope, `${name}Hidden`, states, units));
  const scores = denseLayer(scope, `${name}Score`, hidden, 1, { bias: false });
  const weights = softmaxOverTime(scope.graph, scores);
  return { context: scope.graph.within(name, () => sumOverTime(scope.graph, states, weights)), weights };
}

/** Dropout (Srivastava et al. 2014, JMLR 15:1929), inverted: nothing happens in inference. x of fixed shape. */
export function dropoutLayer(scope: Scope, name: string, x: Tensor, rate: number): Tensor {
  if (!scope.training || rate === 0) return x;
  return scope.layer(name, () => {
    const shape = x.shape.map((_, axis) => fixedSize(x.shape, axis));
    return multiply(scope.graph, x, scope.mask(shape, rate));
  });
}
