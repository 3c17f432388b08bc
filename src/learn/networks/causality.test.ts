import { describe, expect, test } from 'vitest';
import type { NetworkConfig } from './network.js';
import { evaluate, findDifference, inputs, makeToy } from './networks.test.support.js';
import { isCausal, makeNetwork, networks } from './registry.js';
import { listWeights, makeWeights } from './weights.js';

const window = 11;
const batch = 2;

/** Sequence networks: of default sizes, and with the options that look ahead or limit the look back. */
const configs: [string, NetworkConfig, boolean][] = [
  ...networks
    .filter(({ heads }) => heads.includes('sequence'))
    .map(({ kind }): [string, NetworkConfig, boolean] => [
      kind,
      makeNetwork({ kind, inputs, window, head: 'sequence' }),
      kind !== 'bilstm',
    ]),
  ...(
    [
      [{ padding: 'same' }, false],
      [{ attentionFrames: 3 }, true],
      [{ normalisation: 'layer', lastState: false }, true],
      [{ kind: 'cnn-lstm', padding: 'same' }, false],
      [{ kind: 'transformer', mask: 'none' }, false],
      [{ kind: 'transformer', attentionFrames: 4, position: 'learned' }, true],
      [{ kind: 'gru', gruLayers: 2 }, true],
      [{ kind: 'tcn', blocks: 2, taps: 2, normalisation: 'batch' }, true],
    ] as const
  ).map(([sizes, causal]): [string, NetworkConfig, boolean] => [
    JSON.stringify(sizes),
    makeNetwork({ inputs, window, head: 'sequence', ...sizes }),
    causal,
  ]),
];

describe.each(configs)('%s', (_, config, causal) => {
  const weights = makeWeights(listWeights(config), 8);
  const { features } = makeToy(config, batch);

  test(causal ? 'frames depend on no later frame' : 'frames depend on later ones', async () => {
    expect(isCausal(config)).toBe(causal);
    const before = await evaluate(config, weights, features);
    let [early, late] = [0, 0];
    for (const t of [0, 4, window - 2]) {
      const from = (t + 1) * batch * inputs.length;
      const changed = features.map((value, at) => (at < from ? value : value * -3 + 1));
      const after = await evaluate(config, weights, changed);
      const now = (t + 1) * batch;
      early = Math.max(early, findDifference(before.subarray(0, now), after.subarray(0, now)));
      late = Math.max(late, findDifference(before.subarray(now), after.subarray(now)));
    }
    expect(late).toBeGreaterThan(1e-3);
    if (causal) expect(early).toBeLessThan(1e-6);
    else expect(early).toBeGreaterThan(1e-3);
  });

  const { attentionFrames = 0, kind } = config as NetworkConfig & { attentionFrames?: number };
  if (!causal || (attentionFrames > 0 && kind === 'cnn-gru-attention')) return;
  test('the window head says what the sequence head says of the last frame', async () => {
    const windowed = makeNetwork({ ...config, head: 'window' });
    expect(isCausal(windowed)).toBe(true);
    expect(listWeights(windowed)).toEqual(listWeights(config));
    const sequence = await evaluate(config, weights, features);
    const last = await evaluate(windowed, weights, features);
    expect(findDifference(sequence.subarray(-batch), last)).toBeLessThan(2e-6);
  });
});

test('attention over few frames is that over the whole of a shorter window', async () => {
  const config = makeNetwork({ inputs, window, head: 'sequence', attentionFrames: 3, convolutionLayers: 0 });
  const weights = makeWeights(listWeights(config), 8);
  const { features } = makeToy(config, batch);
  const all = makeNetwork({ ...config, attentionFrames: 0 });
  const [near, far] = [await evaluate(config, weights, features), await evaluate(all, weights, features)];
  expect(findDifference(near.subarray(0, 3 * batch), far.subarray(0, 3 * batch))).toBeLessThan(1e-6);
  expect(findDifference(near.subarray(3 * batch), far.subarray(3 * batch))).toBeGreaterThan(1e-4);
});
