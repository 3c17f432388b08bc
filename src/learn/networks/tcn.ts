import { temporalBlock } from '../layers/blocks.js';
import { defineNetwork, type NetworkConfig, requireWhole, requireWord } from './network.js';
import { checkHead, type HeadSizes, regressionOfStates } from './parts.js';

export interface TcnConfig extends NetworkConfig, HeadSizes {
  readonly blocks: number;
  readonly filters: number;
  readonly taps: number;
  readonly normalisation: 'batch' | 'layer' | 'none';
}

/**
 * Temporal convolutional network (Bai, Kolter & Koltun 2018, arXiv 1803.01271) as Molinaro, Kang, Camargo, Gombolay &
 * Young (2022, IEEE Trans. Med. Robot. Bionics 4:219) and Molinaro, Kang & Young (2024, Sci. Robot. 9:eadi8852) use
 * it to estimate joint moments in real time: residual blocks of causal convolutions whose dilation doubles from block to
 * block, then one linear layer. A frame sees 1 + 2·(taps − 1)·(2^blocks − 1) frames back, itself among them: 29 with the
 * defaults. Sizes and normalisation are ours.
 */
export const tcn = defineNetwork<TcnConfig>({
  kind: 'tcn',
  title: 'TCN',
  references: ['Bai2018', 'Molinaro2022', 'Molinaro2024'],
  groups: { head: ['dense', 'output'], attention: [], recurrent: [] },
  heads: ['window', 'sequence'],
  defaults: { blocks: 3, filters: 40, taps: 3, normalisation: 'layer', denseUnits: 0, dropout: 0.1 },
  check: (config) => {
    requireWhole(config, ['blocks', 'filters', 'taps']);
    requireWord(config, 'normalisation', ['batch', 'layer', 'none']);
    checkHead(config);
  },
  build: (scope, x, config) => {
    let states = x;
    for (let block = 0; block < config.blocks; block++) {
      states = temporalBlock(scope, block + 1, states, { ...config, dilation: 2 ** block });
    }
    return { prediction: regressionOfStates(scope, states, config) };
  },
  isCausal: () => true,
});
