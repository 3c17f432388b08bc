import { gruLayer } from '../layers/recurrent.js';
import { defineNetwork, type NetworkConfig, requireWhole } from './network.js';
import {
  CONVOLUTION_DEFAULTS,
  CONVOLUTION_SEQUENCE_DEFAULTS,
  type ConvolutionSizes,
  checkConvolutions,
  checkHead,
  convolutions,
  type HeadSizes,
  hasCausalConvolutions,
  regressionOfStates,
} from './parts.js';

export interface CnnGruConfig extends NetworkConfig, ConvolutionSizes, HeadSizes {
  readonly gruUnits: number;
}

/**
 * Convolutions find local shapes, gated recurrent units follow them: the CNN-GRU-attention network without its
 * attention (Xie et al. 2025; Cho et al. 2014).
 */
export const cnnGru = defineNetwork<CnnGruConfig>({
  kind: 'cnn-gru',
  title: 'CNN-GRU',
  references: ['Xie2025', 'Cho2014'],
  groups: { head: ['dense', 'output'], attention: [], recurrent: ['gru'] },
  heads: ['window', 'sequence'],
  defaults: { ...CONVOLUTION_DEFAULTS, gruUnits: 56, denseUnits: 32, dropout: 0.1 },
  sequenceDefaults: CONVOLUTION_SEQUENCE_DEFAULTS,
  check: (config) => {
    checkConvolutions(config);
    checkHead(config);
    requireWhole(config, ['gruUnits']);
  },
  build: (scope, x, config) => {
    const states = gruLayer(scope, 'gru', convolutions(scope, x, config), config.gruUnits);
    return { prediction: regressionOfStates(scope, states, config) };
  },
  isCausal: hasCausalConvolutions,
});
