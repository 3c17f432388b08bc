import { beforeAll, describe, expect, test } from 'vitest';
import { onnxruntime as executor } from '../executors/executors.test.support.js';
import { Graph } from '../graph/graph.js';
import { Scope } from '../layers/scope.js';
import { buildNetwork, makeNetwork } from '../networks/registry.js';
import { loadForward, predictWindows } from '../predict.js';
import { layerOf } from '../training/groups.js';
import { makeToyWindows, toyData, toyInputs, toyNetwork, toyWindow } from '../training/toy.test.support.js';
import { type TrainedNetwork, trainNetwork } from '../training/train.js';
import { gatherInto, scaleFeatures, type WindowSet } from '../training/windows.js';
import { adaptNetwork } from './adapt.js';
import { estimateNormalisation } from './normalisation.js';
import { makeTransferRequest, measureFrames } from './request.js';
import { findStrategy, transferStrategyNames } from './strategies.js';

const options = { batch: 32, epochs: 3, learningRate: 5e-3 };
// The new participant: other gains and offsets.
const change = (value: number, channel: number) => [2, 0.3, 1][channel] * value + [0.5, -1, 0][channel];
const target = {
  train: makeToyWindows(16, 60, { seed: 'target', change }),
  validation: makeToyWindows(70, 100, { seed: 'target', change }),
};
/** The movements that the source knows, as other electrodes would have recorded them. */
const other = makeToyWindows(16, 70, { change });
let source: TrainedNetwork & { data: typeof toyData };

beforeAll(async () => {
  // Validated on what it learns, so that it learns that well: the strategies are compared on the same movements.
  const data = { train: toyData.train, validation: toyData.train };
  const long = { ...options, learningRate: 2e-2, epochs: 60, patience: 60 };
  source = { ...(await trainNetwork({ network: { ...toyNetwork, dropout: 0 }, data, executor, options: long })), data };
});

const adapt = (strategy: string, more: object = {}) =>
  adaptNetwork(strategy, source, { data: target, executor, options, ...more });

async function predict({ forwardOnnx }: TrainedNetwork, set: WindowSet): Promise<Float32Array> {
  const network = await loadForward(executor, forwardOnnx);
  const { outputs } = await predictWindows(network, set);
  await network.program.release();
  return outputs;
}

const error = async (network: TrainedNetwork, set: WindowSet) => {
  const predicted = await predict(network, set);
  return Math.sqrt(set.labels.reduce((sum, label, k) => sum + (label - predicted[k]) ** 2, 0) / predicted.length);
};

const changed = (network: TrainedNetwork) => [
  ...new Set(
    Object.keys(source.weights)
      .filter((name) => network.weights[name].some((value, k) => value !== source.weights[name][k]))
      .map((name) => layerOf({ name })),
  ),
];

const layers = ['convolution1', 'normalisation1', 'gru', 'attentionHidden', 'attentionScore', 'dense', 'output'];
const distance = (network: TrainedNetwork, layer: string) =>
  Math.hypot(
    ...Object.keys(source.weights)
      .filter((name) => layerOf({ name }) === layer && !/mean|variance/.test(name))
      .flatMap((name) => [...network.weights[name]].map((value, k) => value - source.weights[name][k])),
  );

describe('strategies that train', () => {
  for (const [strategy, trained] of [
    ['head', layers.slice(5)],
    ['attention-and-head', layers.slice(3)],
    ['recurrent-and-up', layers.slice(2)],
    ['all', layers],
    ['discriminative', layers],
    ['l2-sp', layers],
  ] as const) {
    test(`${strategy}: change what they should, and keep the source's scaling`, async () => {
      const adapted = await adapt(strategy);
      expect(changed(adapted)).toEqual(trained);
      expect(adapted.scaling).toEqual(source.scaling);
      expect(adapted.history).toHaveLength(3);
    });
  }

  test('discriminative: the rates fall by 2.6 with every step down', () => {
    const { options: made } = makeTransferRequest(findStrategy('discriminative'), source, { data: target, executor });
    const rates = made!.layerRates!;
    const steps = [
      [rates.convolution1, rates.gru],
      [rates.gru, rates.attentionHidden],
      [rates.attentionScore, rates.dense],
      [rates.dense, rates.output],
    ];
    for (const [low, high] of steps) expect(high / low).toBeCloseTo(2.6, 9);
    expect([rates.output, rates.normalisation1]).toEqual([1, rates.convolution1]);
  });

  test('discriminative: lower layers stay nearer to the source than with all at one rate', async () => {
    const [even, falling] = [await adapt('all'), await adapt('discriminative')];
    for (const layer of ['convolution1', 'gru']) {
      expect(distance(falling, layer)).toBeLessThan(0.5 * distance(even, layer));
    }
  });

  test('l2-sp: every layer stays nearer to the source, but for those that start anew', async () => {
    const steady = { ...options, schedule: 'constant' as const, weightDecay: 0 };
    const free = await adapt('all', { options: steady });
    const strategy = { ...findStrategy('l2-sp'), pull: 100 };
    const given = { data: target, executor, options: steady };
    const held = await trainNetwork(makeTransferRequest(strategy, source, given));
    for (const layer of layers) expect(distance(held, layer), layer).toBeLessThan(0.7 * distance(free, layer));

    const request = makeTransferRequest(strategy, source, { ...given, fresh: ['output'] });
    expect(Object.keys(request.options!.anchor!.weights).some((name) => name.startsWith('output'))).toBe(false);
    expect(request.initialWeights!['output.weights']).not.toEqual(source.weights['output.weights']);
    expect(request.initialWeights!['gru.biasReset']).toEqual(source.weights['gru.biasReset']);
  });

  test('from scratch: nothing of the source but its kind', async () => {
    const adapted = await adapt('from-scratch');
    const alone = await trainNetwork({ network: { ...source.config }, data: target, executor, options });
    expect(adapted.weights).toEqual(alone.weights);
    expect(adapted.scaling).toEqual(alone.scaling);
  });

  test('frozen normalisation keeps its statistics', async () => {
    const adapted = await adapt('head');
    for (const part of ['mean', 'variance']) {
      expect(adapted.weights[`normalisation1.${part}`]).toEqual(source.weights[`normalisation1.${part}`]);
    }
  });
});

describe('strategies without labels', () => {
  test('none: the network as it was', async () => {
    const adapted = await adapt('none');
    expect(await predict(adapted, other)).toEqual(await predict(source, other));
    expect([adapted.history, adapted.bestEpoch]).toEqual([[], 0]);
  });

  test('statistics: take other gains and offsets away', async () => {
    const { labels: _, ...windows } = other;
    const adapted = await adaptNetwork('statistics', source, { windows, executor });
    const same = await adaptNetwork('statistics', source, { windows: toyData.train, executor });
    const [found, expected] = [await predict(adapted, other), await predict(same, toyData.train)];
    for (const [k, value] of found.entries()) expect(value).toBeCloseTo(expected[k], 3);
    expect(await error(adapted, other)).toBeLessThan(0.5 * (await error(source, other)));
  });

  test('statistics: only the named channels are scaled anew', async () => {
    const { scaling } = await adapt('statistics', { channels: ['emg a'] });
    expect(scaling.inputs.mean[0]).not.toBe(source.scaling.inputs.mean[0]);
    expect([scaling.inputs.mean[1], scaling.inputs.mean[2]]).toEqual([
      source.scaling.inputs.mean[1],
      source.scaling.inputs.mean[2],
    ]);
    expect(scaling.outputs).toEqual(source.scaling.outputs);
  });

  test("coral: trains on source windows with the target's means and covariances", async () => {
    const given = { windows: target.train, executor, options };
    const request = makeTransferRequest(findStrategy('coral'), source, given);
    const [found, wanted] = [request.data.train, target.train].map((set) => measureFrames(set, source.config));
    for (const k of [0, 1, 2]) expect(found.mean[k]).toBeCloseTo(wanted.mean[k], 4);
    const [a, b] = [found.calcCovariance(), wanted.calcCovariance()];
    // To the regularisation of CORAL.
    for (const [k, value] of a.entries()) expect(Math.abs(value - b[k])).toBeLessThan(0.005 * Math.max(...b));
    expect(request.data.train.labels).toBe(toyData.train.labels);
    const adapted = await adaptNetwork('coral', source, { ...given, windows: other });
    expect(await error(adapted, other)).toBeLessThan(0.5 * (await error(source, other)));
  });
});

describe('statistics of batch normalisation', () => {
  const config = makeNetwork(toyNetwork);

  test('are those of all windows together, however many batches they are measured in', async () => {
    const windows = makeToyWindows(16, 216, { seed: 'many' });
    // 400 windows are one batch; doubled, they are two, each of a random half.
    const twice = { ...windows, sequence: [...Array.from(windows.sequence), ...Array.from(windows.sequence)] };
    const double = { ...twice, end: [...Array.from(windows.end), ...Array.from(windows.end)] };
    const one = await estimateNormalisation(executor, source, windows);
    const two = await estimateNormalisation(executor, source, double);
    for (const name of ['normalisation1.mean', 'normalisation1.variance']) {
      for (const [k, value] of one[name].entries()) expect(two[name][k] / value).toBeCloseTo(1, 2);
    }
  });

  test('are what a convolution by hand finds', async () => {
    const windows = makeToyWindows(30, 40);
    const found = await estimateNormalisation(executor, source, windows);
    const kernel = source.weights['convolution1.weights'];
    const [taps, channels, filters] = [3, 3, 4];
    const scaled = scaleFeatures(windows.sequences, source.scaling.inputs);
    for (let filter = 0; filter < filters; filter++) {
      const values: number[] = [];
      for (const [k, end] of Array.from(windows.end).entries()) {
        for (let frame = 0; frame < toyWindow; frame++) {
          let sum = 0;
          for (let tap = 0; tap < taps; tap++) {
            const from = frame + tap - 1;
            if (from < 0 || from >= toyWindow) continue;
            for (let c = 0; c < channels; c++) {
              const value = scaled[windows.sequence[k]][(end - toyWindow + 1 + from) * channels + c];
              sum += value * kernel[(tap * channels + c) * filters + filter];
            }
          }
          values.push(sum);
        }
      }
      const mean = values.reduce((a, b) => a + b) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
      expect(found['normalisation1.mean'][filter]).toBeCloseTo(mean, 4);
      expect(found['normalisation1.variance'][filter] / variance).toBeCloseTo(1, 4);
    }
    for (const name of Object.keys(found).filter((candidate) => !/mean|variance/.test(candidate))) {
      expect(found[name]).toBe(source.weights[name]);
    }
  });

  test('make inference on the windows what training mode says of them', async () => {
    const windows = makeToyWindows(30, 90, { seed: 'other' });
    const weights = await estimateNormalisation(executor, source, windows);
    const count = windows.end.length;
    const features = new Float32Array(toyWindow * count * toyInputs.length);
    const scaled = { ...windows, sequences: scaleFeatures(windows.sequences, source.scaling.inputs) };
    gatherInto(
      features,
      scaled,
      Int32Array.from({ length: count }, (_, k) => k),
      toyWindow,
      toyInputs.length,
    );
    const run = async (training: boolean) => {
      const graph = new Graph();
      const scope = new Scope(graph, { training, find: ({ name, shape }) => graph.constant(weights[name], shape) });
      const x = graph.input('features', [toyWindow, count, toyInputs.length]);
      const { prediction } = buildNetwork(scope, x, { ...config, dropout: 0 } as typeof config);
      const program = await executor.compile(graph, { prediction });
      const results = await program.run({ features });
      await program.release();
      return results.prediction;
    };
    const [inference, training] = [await run(false), await run(true)];
    // Apart from n / (n − 1) in the variance.
    for (const [k, value] of inference.entries()) expect(Math.abs(value - training[k])).toBeLessThan(2e-3);
  });

  test('are left alone where there are none', async () => {
    const network = { ...toyNetwork, normalisation: 'layer' as const };
    const plain = await trainNetwork({ network, data: toyData, executor, options: { ...options, epochs: 1 } });
    const adapted = await adaptNetwork('statistics', plain, { windows: target.train, executor });
    expect(adapted.weights).toEqual(plain.weights);
    expect(adapted.notes[0]).toMatch(/no batch normalisation/);
  });
});

describe('refuses', () => {
  test('an unknown strategy, and lists the known ones', async () => {
    await expect(adapt('magic')).rejects.toThrow(/transfer strategy: is "magic".*from-scratch, none, statistics/);
    expect(transferStrategyNames).toHaveLength(10);
  });

  test('a strategy without the data it needs', async () => {
    await expect(adaptNetwork('head', source, { executor })).rejects.toThrow(/strategy head: needs labelled windows/);
    await expect(adaptNetwork('statistics', source, { executor })).rejects.toThrow(/needs windows of the target/);
    const { data: _, ...bare } = source;
    await expect(adaptNetwork('coral', bare, { executor, data: target })).rejects.toThrow(/coral: needs the source's/);
  });

  test('layers and channels that are not there', async () => {
    await expect(adapt('all', { fresh: ['lstm'] })).rejects.toThrow(/lstm is no layer of the network/);
    await expect(adapt('statistics', { channels: ['emg z'] })).rejects.toThrow(/channel emg z: is no input/);
  });

  test('windows with gaps', async () => {
    const sequences = target.train.sequences.map((frames) => frames.slice());
    sequences[1][50 * 3 + 2] = Number.NaN;
    await expect(adapt('statistics', { windows: { ...target.train, sequences } })).rejects.toThrow(
      /windows of the target: sequence 1, channel angle, frame 50 is NaN/,
    );
  });

  test('to make a training of what trains nothing', () => {
    expect(() => makeTransferRequest(findStrategy('none'), source, { executor })).toThrow(/trains nothing/);
  });
});
