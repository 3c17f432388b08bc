import { bidirectional, lstmLayer } from '../layers/recurrent.js';
import { concatenate, lastFrame } from '../operators/selection.js';
import { defineNetwork, type NetworkConfig, requireWhole } from './network.js';
import { checkHead, type HeadSizes, regression } from './parts.js';

export interface BilstmConfig extends NetworkConfig, HeadSizes {
  readonly lstmLayers: number;
  /** Units of each direction. */
  readonly lstmUnits: number;
}

/**
 * Long short-term memory in both directions of time (Schuster & Paliwal 1997, IEEE Trans. Signal Process. 45:2673;
 * Graves & Schmidhuber 2005, Neural Netw. 18:602), and a dense layer on where both directions end, which have seen the
 * whole window, or, with a sequence head, on each frame. It looks ahead: not for real time with a sequence head.
 */
export const bilstm = defineNetwork<BilstmConfig>({
  kind: 'bilstm',
  title: 'Bidirectional LSTM',
  references: ['SchusterPaliwal1997', 'GravesSchmidhuber2005'],
  groups: { head: ['dense', 'output'], attention: [], recurrent: ['lstm'] },
  heads: ['window', 'sequence'],
  defaults: { lstmLayers: 1, lstmUnits: 44, denseUnits: 32, dropout: 0.1 },
  check: (config) => {
    requireWhole(config, ['lstmLayers', 'lstmUnits']);
    checkHead(config);
  },
  build: (scope, x, config) => {
    const { graph } = scope;
    let both = bidirectional(lstmLayer, scope, 'lstm1', x, config.lstmUnits);
    for (let layer = 2; layer <= config.lstmLayers; layer++) {
      both = bidirectional(lstmLayer, scope, `lstm${layer}`, both.states, config.lstmUnits);
    }
    const { forward, reversed, states } = both;
    const summary =
      config.head === 'sequence' ? states : concatenate(graph, [lastFrame(graph, forward), lastFrame(graph, reversed)]);
    return { prediction: regression(scope, summary, config) };
  },
  isCausal: () => false,
});
