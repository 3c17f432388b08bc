import { lstmLayer } from '../layers/recurrent.js';
import { defineNetwork, type NetworkConfig, requireWhole } from './network.js';
import { checkHead, type HeadSizes, regressionOfStates } from './parts.js';

export interface LstmConfig extends NetworkConfig, HeadSizes {
  readonly lstmLayers: number;
  readonly lstmUnits: number;
}

/**
 * Long short-term memory (Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000; see `operators/lstm.ts`) from
 * frame to frame, and a dense layer on the last state or, with a sequence head, on each.
 */
export const lstm = defineNetwork<LstmConfig>({
  kind: 'lstm',
  title: 'LSTM',
  references: ['HochreiterSchmidhuber1997', 'Gers2000'],
  groups: { head: ['dense', 'output'], attention: [], recurrent: ['lstm'] },
  heads: ['window', 'sequence'],
  defaults: { lstmLayers: 1, lstmUnits: 64, denseUnits: 32, dropout: 0.1 },
  check: (config) => {
    requireWhole(config, ['lstmLayers', 'lstmUnits']);
    checkHead(config);
  },
  build: (scope, x, config) => {
    let states = x;
    for (let layer = 1; layer <= config.lstmLayers; layer++) {
      states = lstmLayer(scope, `lstm${layer}`, states, config.lstmUnits);
    }
    return { prediction: regressionOfStates(scope, states, config) };
  },
  isCausal: () => true,
});
