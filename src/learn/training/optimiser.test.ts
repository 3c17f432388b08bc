import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { onnxruntime } from '../executors/executors.test.support.js';
import { wasmExecutors } from '../executors/wasm.test.support.js';
import { makeNetwork } from '../networks/registry.js';
import { flattenWeights, listWeights, makeWeights } from '../networks/weights.js';
import { groupWeights, layerOf } from './groups.js';
import { buildTrainingGraph } from './step.js';
import { toyNetwork } from './toy.test.support.js';

const config = makeNetwork({ ...toyNetwork, dropout: 0 });
const specs = listWeights(config);
const batch = 6;
const plain = { batch, clip: Number.POSITIVE_INFINITY, average: false };

describe.each([onnxruntime, ...wasmExecutors])('$name', (executor) => {
  test('rates by layer and the pull towards an anchor are those of the papers', async () => {
    const groups = groupWeights(specs, ['dense']);
    const initial = makeWeights(specs, 1);
    const source = makeWeights(specs, 2);
    const { 'output.weights': _, 'output.bias': __, ...shared } = source;
    const layerRates = { output: 1, gru: 0.5, convolution1: 0.1 };
    const strength = 3;
    const options = { ...plain, layerRates, anchor: { weights: shared, strength } };
    const { graph, outputs } = buildTrainingGraph(config, groups, initial, options, { gradient: true });
    const program = await executor.compile(graph, outputs);
    const weights = flattenWeights(groups.weights, initial);
    const anchor = flattenWeights(groups.weights, source);
    const random = makeRandom(3);
    const draw = (length: number) => Float32Array.from({ length }, () => random.normal());
    const first = draw(weights.length).map((value) => 0.1 * value);
    const second = draw(weights.length).map((value) => value ** 2);
    const [rate, decay] = [0.01, 0.2];
    const found = await program.run({
      features: draw(config.window * batch * config.inputs.length),
      labels: draw(batch),
      sampleWeights: draw(batch).map(Math.abs),
      weights,
      first,
      second,
      statistics: flattenWeights(groups.statistics, initial),
      step: Float32Array.of(1.5 * rate),
      correction: Float32Array.of(1.2),
      shrink: Float32Array.of(rate * decay),
      learningRate: Float32Array.of(rate),
    });
    let at = 0;
    for (const spec of groups.weights) {
      const factor = (layerRates as Record<string, number>)[layerOf(spec)] ?? 1;
      const isNew = layerOf(spec) === 'output';
      const decays = isNew && spec.shape.length > 1;
      for (const end = at + initial[spec.name].length; at < end; at++) {
        const g = found.gradient[at];
        const moved =
          (1.5 * rate * (0.9 * first[at] + 0.1 * g)) / (1.2 * Math.sqrt(0.999 * second[at] + 0.001 * g * g) + 1e-8);
        const pull = isNew ? (decays ? decay * weights[at] : 0) : strength * (weights[at] - anchor[at]);
        const expected = weights[at] - factor * (moved + rate * pull);
        expect(Math.abs(found.nextWeights[at] - expected), spec.name).toBeLessThan(1e-6);
      }
    }
    expect(at).toBe(weights.length);
    await program.release();
  });
});

test('what is not asked for adds no node', () => {
  const groups = groupWeights(specs, []);
  const initial = makeWeights(specs, 1);
  const count = (options: object) =>
    buildTrainingGraph(config, groups, initial, { ...plain, ...options }).graph.nodes.length;
  expect(count({ layerRates: { gru: 1 } })).toBe(count({}));
  expect(count({ anchor: { weights: {}, strength: 1 } })).toBe(count({}));
  expect(count({ layerRates: { gru: 0.5 } })).toBe(count({}) + 1);
  expect(count({ anchor: { weights: initial, strength: 1 } })).toBe(count({}) + 1);
});
