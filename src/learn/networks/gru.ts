import { gruLayer } from '../layers/recurrent.js';
import { defineNetwork, type NetworkConfig, requireWhole } from './network.js';
import { checkHead, type HeadSizes, regressionOfStates } from './parts.js';

export interface GruConfig extends NetworkConfig, HeadSizes {
  readonly gruLayers: number;
  readonly gruUnits: number;
}

/**
 * Gated recurrent units (Cho et al. 2014, arXiv 1406.1078) from frame to frame, and a dense layer on the last state or, with
 * a sequence head, on each.
 */
export const gru = defineNetwork<GruConfig>({
  kind: 'gru',
  title: 'GRU',
  references: ['Cho2014'],
  groups: { head: ['dense', 'output'], attention: [], recurrent: ['gru'] },
  heads: ['window', 'sequence'],
  defaults: { gruLayers: 1, gruUnits: 80, denseUnits: 32, dropout: 0.1 },
  check: (config) => {
    requireWhole(config, ['gruLayers', 'gruUnits']);
    checkHead(config);
  },
  build: (scope, x, config) => {
    let states = x;
    for (let layer = 1; layer <= config.gruLayers; layer++) {
      states = gruLayer(scope, `gru${layer}`, states, config.gruUnits);
    }
    return { prediction: regressionOfStates(scope, states, config) };
  },
  isCausal: () => true,
});
