import { LearnError } from '../errors.js';
import type { Tensor } from '../graph/graph.js';
import { attentionLayer, slidingAttentionLayer } from '../layers/attention.js';
import { gruLayer } from '../layers/recurrent.js';
import type { Scope } from '../layers/scope.js';
import { concatenate, lastFrame } from '../operators/selection.js';
import { defineNetwork, type NetworkConfig, type NetworkOutput, requireWhole } from './network.js';
import {
  CONVOLUTION_DEFAULTS,
  CONVOLUTION_SEQUENCE_DEFAULTS,
  type ConvolutionSizes,
  checkConvolutions,
  checkHead,
  convolutions,
  type HeadSizes,
  hasCausalConvolutions,
  regression,
} from './parts.js';

/** Sizes of the network; every one is a plain number or word, so that it can be written down with the weights. */
export interface CnnGruAttentionConfig extends NetworkConfig, ConvolutionSizes, HeadSizes {
  readonly gruUnits: number;
  readonly attentionUnits: number;
  /** Of a sequence head: frames that the attention looks back over from each frame; 0 for all of the window. */
  readonly attentionFrames: number;
  /** Whether the last hidden state stands beside the attention's context. */
  readonly lastState: boolean;
}

/**
 * The CNN-GRU-attention network of Xie, Wang, Liu, Yan, Zeng & Zhang (2025), Transfer learning-enhanced
 * CNN-GRU-attention model for knee joint torque prediction, Front. Bioeng. Biotechnol. 13:1530950,
 * doi 10.3389/fbioe.2025.1530950: convolutions find local shapes in the channels, a GRU follows them through the
 * window, attention weighs its states, a dense layer turns them into the torque.
 * The paper's abstract fixes that order and no more. Ours are: the sizes, normalisation, pooling, the additive form of
 * the attention, the last state beside the context, dropout. All are options. So is the sequence head, whose attention
 * looks back from each frame in turn; with causal convolutions the last frame says what the window head says.
 *
 * @param x scaled features, time-major [window, batch, channels]
 */
function build(scope: Scope, x: Tensor, config: CnnGruAttentionConfig): NetworkOutput {
  const { graph } = scope;
  const { attentionUnits, lastState, window } = config;
  const states = gruLayer(scope, 'gru', convolutions(scope, x, config), config.gruUnits);
  if (config.head === 'sequence') {
    const span = config.attentionFrames || window;
    const context = slidingAttentionLayer(scope, 'attention', states, attentionUnits, span);
    const summary = lastState ? concatenate(graph, [context, states]) : context;
    return { prediction: regression(scope, summary, config) };
  }
  const { context, weights } = attentionLayer(scope, 'attention', states, attentionUnits);
  const summary = lastState ? concatenate(graph, [context, lastFrame(graph, states)]) : context;
  return { prediction: regression(scope, summary, config), attention: { weights, framesPerStep: config.pool } };
}

export const cnnGruAttention = defineNetwork<CnnGruAttentionConfig>({
  kind: 'cnn-gru-attention',
  title: 'CNN-GRU-attention',
  references: ['Xie2025'],
  groups: { head: ['dense', 'output'], attention: ['attention'], recurrent: ['gru'] },
  heads: ['window', 'sequence'],
  defaults: {
    ...CONVOLUTION_DEFAULTS,
    gruUnits: 48,
    attentionUnits: 32,
    attentionFrames: 0,
    lastState: true,
    denseUnits: 32,
    dropout: 0.1,
  },
  sequenceDefaults: CONVOLUTION_SEQUENCE_DEFAULTS,
  check: (config) => {
    checkConvolutions(config);
    checkHead(config);
    requireWhole(config, ['gruUnits', 'attentionUnits']);
    requireWhole(config, ['attentionFrames'], 0);
    if (config.head === 'window' && config.attentionFrames > 0) {
      throw new LearnError('is for a sequence head; the attention of a window head weighs all of the window.', {
        where: 'network.attentionFrames',
        mend: 'Set it to 0, or head to "sequence".',
      });
    }
  },
  build,
  isCausal: hasCausalConvolutions,
});
