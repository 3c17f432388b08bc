import { z } from 'zod';
import { networks } from '../learn/index.js';

/** Sizes of the default network where a study file names none; found on measured recordings, see docs/method.md. */
const usualSizes = {
  conv_layers: 2,
  conv_channels: 32,
  kernel: 5,
  pool: 1,
  gru_hidden: 48,
  attention: 32,
  dense: 32,
  dropout: 0.1,
  normalisation: 'none',
} as const;

const defaultNetwork = 'cnn-gru-attention';
const networkKinds = [...new Set([defaultNetwork, ...networks.map(({ kind }) => kind)])];

/** A size whose default holds for the default network only, so that it is shown but not filled in here. */
const size = <Schema extends z.ZodType>(schema: Schema, key: keyof typeof usualSizes, description: string) =>
  schema.optional().meta({ default: usualSizes[key], description });

const units = z.number().int().min(1);

/** The part of a study file that says which network. */
export const network = z
  .strictObject({
    kind: z
      .enum(networkKinds)
      .default(defaultNetwork)
      .describe('Which network: `network`, `hybrid` and the residual models are all of this kind.'),
    sizes: z
      .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
      .optional()
      .describe(
        "The kind's own sizes by their names in genu/learn, e.g. { blocks: 4 }; they go before the keys below. A name that the kind does not have is an error that lists those it has.",
      ),
    conv_layers: size(units.max(8), 'conv_layers', 'Number of convolutions over time.'),
    conv_channels: size(units, 'conv_channels', 'Channels of each convolution.'),
    kernel: size(units, 'kernel', 'Kernel size of the convolutions, odd.'),
    pool: size(units, 'pool', 'Samples pooled into one after the convolutions; 1: none.'),
    gru_hidden: size(units, 'gru_hidden', 'Hidden size of the GRU.'),
    attention: size(units, 'attention', 'Hidden size of the additive attention over time.'),
    dense: size(units, 'dense', 'Hidden size of the dense layer.'),
    dropout: size(z.number().min(0).lt(1), 'dropout', 'Share of activations dropped while training.'),
    normalisation: size(z.enum(['batch', 'layer', 'none']), 'normalisation', 'Normalisation after each convolution.'),
  })
  .transform((given) => (given.kind === defaultNetwork ? { ...usualSizes, ...given } : given))
  .describe(
    'The defaults of the sizes are those of cnn-gru-attention; every other kind has its own. A size counts for each kind that has it.',
  );
