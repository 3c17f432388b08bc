import { averageOverTime, flattenFrames } from '../operators/frames.js';
import { defineNetwork, type NetworkConfig, requireWord } from './network.js';
import {
  CONVOLUTION_DEFAULTS,
  type ConvolutionSizes,
  checkConvolutions,
  checkHead,
  convolutions,
  type HeadSizes,
  regression,
} from './parts.js';

export interface CnnConfig extends NetworkConfig, ConvolutionSizes, HeadSizes {
  /** What the dense layer sees: all pooled frames, in their places, or their mean over time. */
  readonly summary: 'frames' | 'average';
}

/**
 * Convolutions over time (Waibel, Hanazawa, Hinton, Shikano & Lang 1989, IEEE Trans. Acoust. Speech Signal Process.
 * 37:328), pooling and a dense layer. `summary: 'average'` is the global average pooling of Lin, Chen & Yan (2014,
 * arXiv 1312.4400, section 3.2).
 */
export const cnn = defineNetwork<CnnConfig>({
  kind: 'cnn',
  title: 'CNN',
  references: ['Waibel1989', 'Lin2014'],
  groups: { head: ['dense', 'output'], attention: [], recurrent: [] },
  heads: ['window'],
  defaults: { ...CONVOLUTION_DEFAULTS, summary: 'frames', denseUnits: 64, dropout: 0.1 },
  check: (config) => {
    checkConvolutions(config);
    checkHead(config);
    requireWord(config, 'summary', ['frames', 'average']);
  },
  build: (scope, x, config) => {
    const sequence = convolutions(scope, x, config);
    const summarise = config.summary === 'frames' ? flattenFrames : averageOverTime;
    return { prediction: regression(scope, summarise(scope.graph, sequence), config) };
  },
  isCausal: () => false,
});
