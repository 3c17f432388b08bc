import { describe, expect, test } from 'vitest';
import { onnxruntime } from '../executors/executors.test.support.js';
import { wasmExecutors } from '../executors/wasm.test.support.js';
import { loadForward } from '../predict.js';
import { writeForwardOnnx } from './forward.js';
import { countLabelled } from './network.js';
import { evaluate, findDifference, inputs, makeToy, trainToy, variants } from './networks.test.support.js';
import { makeNetwork, networks } from './registry.js';
import { listWeights, makeWeights } from './weights.js';

// The contract that every network of the registry keeps, under every head.

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value) / values.length;

describe.each(variants)('%s', (_, config) => {
  test('learns, alike on both executors, and its file says what it says', async () => {
    const initial = makeWeights(listWeights(config), 3);
    const [native, ...others] = await Promise.all(
      [onnxruntime, ...wasmExecutors].map((executor) => trainToy(executor, config, initial, 20)),
    );
    expect(mean(native.losses.slice(-4))).toBeLessThan(0.95 * mean(native.losses.slice(0, 4)));
    for (const own of others) expect(findDifference(native.losses, own.losses)).toBeLessThan(1e-5);

    const batch = 3;
    const { features } = makeToy(config, batch);
    const expected = await evaluate(config, native.weights, features);
    const labelled = countLabelled(config);
    expect(expected.length).toBe(labelled * batch);
    for (const wasm of wasmExecutors) {
      expect(findDifference(await evaluate(config, native.weights, features, wasm), expected)).toBeLessThan(1e-5);
    }

    // The file takes windows one after the other, and values that are not scaled.
    const scaling = { inputs: { mean: [1, -2, 0.5], deviation: [2, 0.5, 4] }, outputs: { mean: [3], deviation: [2] } };
    const raw = new Float32Array(features.length);
    for (let at = 0; at < raw.length; at++) {
      const [k, row, t] = [at % 3, Math.floor(at / 3) % batch, Math.floor(at / 3 / batch)];
      raw[(row * config.window + t) * 3 + k] = features[at] * scaling.inputs.deviation[k] + scaling.inputs.mean[k];
    }
    const { program } = await loadForward(onnxruntime, writeForwardOnnx(config, native.weights, scaling));
    const { prediction } = await program.run({ features: raw });
    await program.release();
    const scaled = Array.from(expected, (__, at) => {
      const [row, t] = [Math.floor(at / labelled), at % labelled];
      return expected[t * batch + row] * 2 + 3;
    });
    expect(findDifference(prediction, scaled)).toBeLessThan(2e-5);
  });
});

describe.each(networks)('$kind', ({ kind, heads, defaults }) => {
  test('refuses sizes that make no network, by name', () => {
    for (const [key, value] of Object.entries(defaults)) {
      const wrong =
        typeof value === 'number' ? [-1, 1.5, Number.NaN, '2'] : typeof value === 'string' ? ['odd', 1] : [];
      for (const size of wrong) {
        expect(() => makeNetwork({ kind, inputs, [key]: size }), `${key} ${size}`).toThrow(`network.${key}`);
      }
    }
    expect(() => makeNetwork({ kind, inputs, colour: 'red' })).toThrow('network.colour');
    expect(() => makeNetwork({ kind, inputs, window: 0 })).toThrow('network.window');
    if (!heads.includes('sequence')) {
      expect(() => makeNetwork({ kind, inputs, head: 'sequence' })).toThrow('network.head');
    }
  });

  test('takes a window of one frame, one channel, several outputs and quantiles', async () => {
    for (const head of heads) {
      const pool = 'pool' in defaults ? { pool: 1 } : {};
      const quantiles = [0.1, 0.5, 0.9];
      const config = makeNetwork({ kind, inputs: ['a'], window: 1, outputs: 2, head, quantiles, ...pool });
      const result = await evaluate(config, makeWeights(listWeights(config), 1), Float32Array.of(0.3, -1, 2));
      expect(result.length).toBe(3 * 6);
      expect(result.every(Number.isFinite)).toBe(true);
    }
  });
});

test('a kind that does not exist is refused with those that do', () => {
  expect(() => makeNetwork({ kind: 'oracle', inputs })).toThrow(
    /network\.kind: .*oracle.*cnn-gru-attention.*transformer/,
  );
});

test('sizes that do not go together are refused', () => {
  expect(() => makeNetwork({ inputs, window: 4, pool: 5 })).toThrow('network.pool');
  expect(() => makeNetwork({ inputs, head: 'sequence', pool: 2 })).toThrow(/network\.pool.*sequence/);
  expect(() => makeNetwork({ inputs, attentionFrames: 4 })).toThrow('network.attentionFrames');
  expect(() => makeNetwork({ kind: 'transformer', inputs, units: 30 })).toThrow('network.units');
});
