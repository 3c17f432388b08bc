import { describe, expect, it } from 'vitest';
import { makeNetwork, networks } from '../learn/index.js';
import { describeNetwork } from './network-config.js';
import { studySchema } from './schema.js';

const spec = { window: { past: 30, future: 0, step: 2 } };
const make = (network: object, where: Parameters<typeof describeNetwork>[2] = spec) => {
  const study = studySchema.parse({
    study: 'small',
    emg: { kind: 'raw', channels: { vas_lat_r: 'VL' } },
    motion: { coordinates: ['knee_angle_r'] },
    torque: { positive: 'extension' },
    participants: [{ id: 'P01', mass_kg: 70, trials: [{ id: 'walk', activity: 'walk' }] }],
    split: { train_first: 0.7 },
    network,
  });
  return makeNetwork(describeNetwork(study.network, ['a', 'b'], where));
};

describe('the network of a study', () => {
  it('is the default one, of the sizes that docs/method.md gives, where nothing is said', () => {
    expect(make({})).toMatchObject({
      kind: 'cnn-gru-attention',
      inputs: ['a', 'b'],
      window: 16,
      outputs: 1,
      head: 'window',
      quantiles: [],
      convolutionLayers: 2,
      convolutionFilters: 32,
      convolutionTaps: 5,
      padding: 'causal',
      normalisation: 'none',
      pool: 1,
      pooling: 'max',
      gruUnits: 48,
      attentionUnits: 32,
      lastState: true,
      denseUnits: 32,
      dropout: 0.1,
    });
    expect(make({}, { window: { past: 12, future: 6, step: 3 } })).toMatchObject({ padding: 'same', window: 7 });
  });

  it.each(networks.map((definition) => [definition.kind, definition] as const))('%s has its own sizes', (kind, own) => {
    if (kind === 'cnn-gru-attention') return;
    const { padding, ...others } = own.defaults as Record<string, unknown>;
    expect(make({ kind })).toMatchObject(others);
    expect(make({ kind })).toMatchObject(padding === undefined ? {} : { padding: 'causal' });
    // What the file says counts where the kind has it; `sizes` goes before it.
    const written = make({ kind, dropout: 0.3, gru_hidden: 20 });
    expect(written).toMatchObject({ ...others, dropout: 0.3, ...('gruUnits' in others ? { gruUnits: 20 } : {}) });
    expect(make({ kind, dropout: 0.3, sizes: { dropout: 0.2 } })).toMatchObject({ dropout: 0.2 });
  });
});
