import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { onnxruntime } from '../executors/executors.test.support.js';
import { wasmExecutors } from '../executors/wasm.test.support.js';
import { writeForwardOnnx } from '../networks/forward.js';
import { makeNetwork } from '../networks/registry.js';
import { flattenWeights, listWeights, nameWeights } from '../networks/weights.js';
import { loadForward, predictWindows } from '../predict.js';
import { groupWeights } from './groups.js';
import { buildTrainingGraph } from './step.js';
import { Stepper } from './stepper.js';

// Made by validate/torch_reference.py with PyTorch in double precision.
const reference = JSON.parse(readFileSync(new URL('torch-reference.json', import.meta.url), 'utf8'));

const config = makeNetwork(reference.network);
const specs = listWeights(config);
const groups = groupWeights(specs, []);
const asWeights = (lists: Record<string, number[]>) =>
  Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, Float32Array.from(list)]));
const initial = asWeights({ ...reference.weights, ...reference.statistics });
const { batch } = reference;
const channels = config.inputs.length;

const features = new Float32Array(reference.features.length);
for (let row = 0; row < batch; row++) {
  for (let frame = 0; frame < config.window; frame++) {
    for (let k = 0; k < channels; k++) {
      features[(frame * batch + row) * channels + k] = reference.features[(row * config.window + frame) * channels + k];
    }
  }
}
const feeds = {
  features,
  labels: Float32Array.from(reference.labels),
  sampleWeights: Float32Array.from(reference.sampleWeights),
};
const options = { batch, clip: Number.POSITIVE_INFINITY, average: false };
const weights = flattenWeights(groups.weights, initial);
const statistics = flattenWeights(groups.statistics, initial);
const zeros = () => new Float32Array(weights.length);

const findDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, k) => Math.abs(value - b[k])));
};

describe.each([onnxruntime, ...wasmExecutors])('$name', (executor) => {
  test('loss and gradient agree with PyTorch', async () => {
    const { graph, outputs } = buildTrainingGraph(config, groups, initial, options, { gradient: true });
    const program = await executor.compile(graph, outputs);
    const results = await program.run({
      ...feeds,
      weights,
      first: zeros(),
      second: zeros(),
      statistics,
      step: Float32Array.of(0),
      correction: Float32Array.of(1),
      shrink: Float32Array.of(0),
    });
    expect(results.loss[0]).toBeCloseTo(reference.losses[0], 6);
    const gradient = nameWeights(groups.weights, results.gradient);
    for (const { name } of groups.weights) {
      expect(findDifference(gradient[name], reference.gradient[name]), name).toBeLessThan(1e-6);
    }
    await program.release();
  });

  test('20 AdamW steps, running averages and inference agree with PyTorch', async () => {
    const { graph, outputs, carry, masks } = buildTrainingGraph(config, groups, initial, options);
    const program = await executor.compile(graph, outputs, { carry });
    const stepper = new Stepper(program, carry, masks, {
      weights,
      first: zeros(),
      second: zeros(),
      statistics,
      average: undefined,
    });
    const rates = { learningRate: reference.learningRate, weightDecay: reference.weightDecay, averageShare: 1 };
    for (const [step, loss] of reference.losses.entries()) {
      expect(Math.abs((await stepper.run(feeds, step, rates, makeRandom(1))) - loss)).toBeLessThan(1e-4 * loss);
    }
    const trained = {
      ...nameWeights(groups.weights, stepper.copyState().weights),
      ...nameWeights(groups.statistics, stepper.copyState().statistics),
    };
    for (const [name, values] of Object.entries({ ...reference.trained.weights, ...reference.trained.statistics })) {
      expect(findDifference(trained[name], values as number[]), name).toBeLessThan(2e-4);
    }
    await program.release();

    const unscaled = (size: number) => ({ mean: new Array(size).fill(0), deviation: new Array(size).fill(1) });
    const file = writeForwardOnnx(
      config,
      asWeights({ ...reference.trained.weights, ...reference.trained.statistics }),
      {
        inputs: unscaled(channels),
        outputs: unscaled(1),
      },
    );
    const network = await loadForward(executor, file);
    const sequence = Float32Array.from(reference.features as number[]);
    const ends = Array.from({ length: batch }, (_, row) => (row + 1) * config.window - 1);
    const predictions = await predictWindows(network, {
      sequences: [sequence],
      sequence: ends.map(() => 0),
      end: ends,
    });
    expect(findDifference(predictions.outputs, reference.trained.prediction)).toBeLessThan(1e-5);
    expect(findDifference(predictions.attention, reference.trained.attention)).toBeLessThan(1e-6);
    await network.program.release();
  });
});
