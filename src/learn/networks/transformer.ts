import { LearnError } from '../errors.js';
import { positionLayer } from '../layers/attention.js';
import { encoderBlock } from '../layers/blocks.js';
import { denseLayer, normalisationLayer } from '../layers/layers.js';
import { defineNetwork, type NetworkConfig, requireWhole, requireWord } from './network.js';
import { checkHead, type HeadSizes, regressionOfStates } from './parts.js';

export interface TransformerConfig extends NetworkConfig, HeadSizes {
  readonly blocks: number;
  /** Channels within the encoder; the heads share them evenly. */
  readonly units: number;
  readonly attentionHeads: number;
  readonly feedForwardUnits: number;
  /** 'causal': a frame sees none after it. */
  readonly mask: 'causal' | 'none';
  /** Frames that a frame sees in each direction that the mask leaves, itself among them; 0 for all. */
  readonly attentionFrames: number;
  readonly position: 'sinusoidal' | 'learned' | 'none';
}

/**
 * A small transformer encoder (Vaswani et al. 2017, arXiv 1706.03762) with normalisation first (Xiong et al. 2020,
 * arXiv 2002.04745): a dense layer takes each frame into the encoder's channels, blocks of self-attention and
 * feed-forward layers follow, and the last frame, or with a sequence head each frame, is read. Sizes are ours.
 */
export const transformer = defineNetwork<TransformerConfig>({
  kind: 'transformer',
  title: 'Transformer',
  references: ['Vaswani2017', 'Xiong2020'],
  groups: { head: ['dense', 'output'], attention: ['attention'], recurrent: [] },
  heads: ['window', 'sequence'],
  defaults: {
    blocks: 2,
    units: 32,
    attentionHeads: 4,
    feedForwardUnits: 128,
    mask: 'causal',
    attentionFrames: 0,
    position: 'sinusoidal',
    denseUnits: 0,
    dropout: 0.1,
  },
  // A stream has no place to count from; the causal mask alone tells frames apart.
  sequenceDefaults: { position: 'none' },
  check: (config) => {
    requireWhole(config, ['blocks', 'units', 'attentionHeads', 'feedForwardUnits']);
    requireWhole(config, ['attentionFrames'], 0);
    requireWord(config, 'mask', ['causal', 'none']);
    requireWord(config, 'position', ['sinusoidal', 'learned', 'none']);
    checkHead(config);
    if (config.units % config.attentionHeads !== 0) {
      throw new LearnError(`is ${config.units}, which ${config.attentionHeads} heads cannot share evenly.`, {
        where: 'network.units',
        mend: 'Choose a multiple of attentionHeads.',
      });
    }
  },
  build: (scope, x, config) => {
    const options = {
      heads: config.attentionHeads,
      causal: config.mask === 'causal',
      span: config.attentionFrames || config.window,
      feedForwardUnits: config.feedForwardUnits,
      dropout: config.dropout,
    };
    let states = denseLayer(scope, 'embedding', x, config.units);
    if (config.position !== 'none') states = positionLayer(scope, 'position', states, config.position);
    for (let block = 1; block <= config.blocks; block++) states = encoderBlock(scope, block, states, options);
    return {
      prediction: regressionOfStates(scope, normalisationLayer(scope, 'normalisation', states, 'layer'), config),
    };
  },
  isCausal: ({ mask }) => mask === 'causal',
});
