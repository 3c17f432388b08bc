import { lstmLayer } from '../layers/recurrent.js';
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

export interface CnnLstmConfig extends NetworkConfig, ConvolutionSizes, HeadSizes {
  readonly lstmUnits: number;
}

/**
 * Convolutions find local shapes, long short-term memory follows them (DeepConvLSTM: Ordóñez & Roggen 2016, Sensors
 * 16:115, who have four convolutions and two recurrent layers of more units, without normalisation and pooling).
 */
export const cnnLstm = defineNetwork<CnnLstmConfig>({
  kind: 'cnn-lstm',
  title: 'CNN-LSTM',
  references: ['OrdonezRoggen2016'],
  groups: { head: ['dense', 'output'], attention: [], recurrent: ['lstm'] },
  heads: ['window', 'sequence'],
  defaults: { ...CONVOLUTION_DEFAULTS, lstmUnits: 48, denseUnits: 32, dropout: 0.1 },
  sequenceDefaults: CONVOLUTION_SEQUENCE_DEFAULTS,
  check: (config) => {
    checkConvolutions(config);
    checkHead(config);
    requireWhole(config, ['lstmUnits']);
  },
  build: (scope, x, config) => {
    const states = lstmLayer(scope, 'lstm', convolutions(scope, x, config), config.lstmUnits);
    return { prediction: regressionOfStates(scope, states, config) };
  },
  isCausal: hasCausalConvolutions,
});
