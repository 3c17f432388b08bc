import { fixedSize, type Tensor } from '../graph/graph.js';
import { relu } from '../operators/activation.js';
import { add } from '../operators/arithmetic.js';
import type { SelfAttentionOptions } from '../operators/self-attention.js';
import { selfAttentionLayer } from './attention.js';
import { convolutionLayer, denseLayer, dropoutLayer, normalisationLayer } from './layers.js';
import type { Scope } from './scope.js';

/** Residual blocks (He, Zhang, Ren & Sun 2016, CVPR): layers whose result is added to what they were given. */

export interface TemporalBlockOptions {
  readonly filters: number;
  readonly taps: number;
  readonly dilation: number;
  readonly normalisation: 'batch' | 'layer' | 'none';
  readonly dropout: number;
}

/**
 * The residual block of temporal convolutional networks (Bai, Kolter & Koltun 2018, arXiv 1803.01271, section 3.4 and
 * figure 1b): twice a dilated causal convolution, normalisation, ReLU and dropout of whole channels, added to the input
 * (through a convolution of one tap where the sizes differ), then ReLU. Theirs normalises the weights instead.
 */
export function temporalBlock(scope: Scope, number: number, x: Tensor, options: TemporalBlockOptions): Tensor {
  const { graph } = scope;
  const { filters, taps, dilation, normalisation, dropout } = options;
  let y = x;
  for (const half of ['A', 'B']) {
    const bias = normalisation !== 'batch';
    const sizes = { filters, taps, padding: 'causal', bias, dilation } as const;
    y = convolutionLayer(scope, `convolution${number}${half}`, y, sizes);
    if (normalisation !== 'none') y = normalisationLayer(scope, `normalisation${number}${half}`, y, normalisation);
    y = dropoutLayer(scope, `dropout${number}${half}`, relu(graph, y), dropout);
  }
  const kept = fixedSize(x.shape, -1) === filters ? x : denseLayer(scope, `match${number}`, x, filters);
  return graph.within(`block${number}`, () => relu(graph, add(graph, kept, y)));
}

export interface EncoderBlockOptions extends SelfAttentionOptions {
  readonly feedForwardUnits: number;
  readonly dropout: number;
}

/**
 * The encoder block of the transformer (Vaswani et al. 2017, arXiv 1706.03762, section 3.1), its normalisations before
 * instead of behind self-attention and feed-forward, which trains without a warm-up (Xiong et al. 2020,
 * arXiv 2002.04745, figure 1b). Dropout takes whole channels of a window.
 */
export function encoderBlock(scope: Scope, number: number, x: Tensor, options: EncoderBlockOptions): Tensor {
  const { graph } = scope;
  const { feedForwardUnits, dropout } = options;
  const normalised = normalisationLayer(scope, `normalisation${number}A`, x, 'layer');
  const attended = selfAttentionLayer(scope, `attention${number}`, normalised, options);
  const y = add(graph, x, dropoutLayer(scope, `dropout${number}A`, attended, dropout));
  const again = normalisationLayer(scope, `normalisation${number}B`, y, 'layer');
  const wide = relu(graph, denseLayer(scope, `feedForward${number}A`, again, feedForwardUnits));
  const narrow = denseLayer(scope, `feedForward${number}B`, wide, fixedSize(x.shape, -1));
  return add(graph, y, dropoutLayer(scope, `dropout${number}B`, narrow, dropout));
}
