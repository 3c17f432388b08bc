import { countWindowSamples, type EstimatorSpec } from '../estimator/index.js';
import { findNetwork, type GivenNetwork } from '../learn/index.js';
import type { Study } from './schema.js';

/** What the study file calls the sizes that several kinds of network have, and what the registry calls them. */
const shared = {
  conv_layers: 'convolutionLayers',
  conv_channels: 'convolutionFilters',
  kernel: 'convolutionTaps',
  normalisation: 'normalisation',
  pool: 'pool',
  gru_hidden: 'gruUnits',
  attention: 'attentionUnits',
  dense: 'denseUnits',
  dropout: 'dropout',
} as const satisfies Partial<Record<keyof Study['network'], string>>;

/** Names of the sizes that a kind of network has of its own. */
export const listSizes = (kind: string): string[] => Object.keys(findNetwork(kind).defaults);

/**
 * The network that a study asks for. A size that the study file has a key for is taken from there, where the kind has it; `sizes` goes
 * before that, and what neither says is the kind's own default. Convolutions look back only where the window has no future.
 * @param inputs names of the channels
 */
export function describeNetwork(
  { kind, sizes, ...keys }: Study['network'],
  inputs: readonly string[],
  { window }: Pick<EstimatorSpec, 'window'>,
): GivenNetwork {
  const known = new Set(listSizes(kind));
  const written = Object.entries(shared).map(([key, size]) => [size, keys[key as keyof typeof shared]] as const);
  return {
    kind,
    inputs,
    window: countWindowSamples(window),
    ...(known.has('padding') ? { padding: window.future === 0 ? 'causal' : 'same' } : {}),
    ...Object.fromEntries(written.filter(([size, value]) => known.has(size) && value !== undefined)),
    ...sizes,
  };
}
