import { denseLayer, dropoutLayer } from '../layers/layers.js';
import { relu } from '../operators/activation.js';
import { flattenFrames } from '../operators/frames.js';
import { countPredictions, defineNetwork, type NetworkConfig, requireShare, requireWhole } from './network.js';

export interface MlpConfig extends NetworkConfig {
  readonly hiddenLayers: number;
  readonly hiddenUnits: number;
  /** Share of units dropped after each hidden layer in training. */
  readonly dropout: number;
}

/**
 * Multi-layer perceptron (Rumelhart, Hinton & Williams 1986, Nature 323:533) on all frames of the window at once: dense
 * layers with ReLU.
 */
export const mlp = defineNetwork<MlpConfig>({
  kind: 'mlp',
  title: 'MLP',
  references: ['Rumelhart1986'],
  groups: { head: ['output'], attention: [], recurrent: [] },
  heads: ['window'],
  defaults: { hiddenLayers: 2, hiddenUnits: 64, dropout: 0.1 },
  check: (config) => {
    requireWhole(config, ['hiddenLayers', 'hiddenUnits']);
    requireShare(config, 'dropout');
  },
  build: (scope, x, config) => {
    let hidden = flattenFrames(scope.graph, x);
    for (let layer = 1; layer <= config.hiddenLayers; layer++) {
      hidden = relu(scope.graph, denseLayer(scope, `hidden${layer}`, hidden, config.hiddenUnits));
      hidden = dropoutLayer(scope, `dropout${layer}`, hidden, config.dropout);
    }
    return { prediction: denseLayer(scope, 'output', hidden, countPredictions(config)) };
  },
  isCausal: () => false,
});
