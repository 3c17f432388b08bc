import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { onnxruntime as executor } from '../executors/executors.test.support.js';
import { buildEvaluationGraph } from '../networks/forward.js';
import { listWeights } from '../networks/weights.js';
import { readOnnxMetadata } from '../onnx/model.js';
import { loadForward, predictWindows } from '../predict.js';
import { groupWeights } from './groups.js';
import type { TrainingOptions } from './options.js';
import type { TrainingState } from './state.js';
import { type TrainingRequest, trainNetwork } from './train.js';
import { gatherInto, scaleWindows, type WindowSet } from './windows.js';

const channels = 3;
const window = 12;
const network = {
  inputs: ['a', 'b', 'c'],
  window,
  convolutionFilters: 8,
  gruUnits: 8,
  attentionUnits: 4,
  denseUnits: 8,
};

/** Two trials of smooth channels, far from unit scale; the label is a product of two channels some frames ago. */
function makeWindows(from: number, to: number): WindowSet {
  const sequences = [1, 2].map((trial) => {
    const random = makeRandom(trial);
    const frames = new Float32Array(400 * channels);
    for (let at = 0; at < frames.length; at++) {
      const [frame, channel] = [Math.floor(at / channels), at % channels];
      frames[at] = 100 * (channel + 1) + 5 * Math.sin(0.06 * (channel + trial) * frame) + 0.2 * random.normal();
    }
    return frames;
  });
  const sequence: number[] = [];
  const end: number[] = [];
  const labels: number[] = [];
  for (const [trial, frames] of sequences.entries()) {
    for (let frame = from; frame < to; frame++) {
      sequence.push(trial);
      end.push(frame);
      labels.push(50 + (frames[(frame - 3) * channels] - 100) * (frames[(frame - 5) * channels + 1] - 200));
    }
  }
  return { sequences, sequence, end, labels: Float32Array.from(labels) };
}

const data = { train: makeWindows(20, 250), validation: makeWindows(260, 390) };

const train = (options: Partial<TrainingOptions>, more: Partial<TrainingRequest> = {}) =>
  trainNetwork({ network, data, executor, ...more, options: { batch: 64, epochs: 3, learningRate: 5e-3, ...options } });

describe('a trained network', () => {
  test('learns, and its exported file predicts SI labels as its validation loss says', async () => {
    const trained = await train({ epochs: 30 }, { metadata: { subject: 'S01' } });
    const best = trained.history[trained.bestEpoch - 1];
    expect(best.validation_loss).toBe(Math.min(...trained.history.map((epoch) => epoch.validation_loss)));
    expect(best.validation_loss).toBeLessThan(0.1);
    expect(readOnnxMetadata(trained.forwardOnnx).subject).toBe('S01');

    const forward = await loadForward(executor, trained.forwardOnnx);
    expect(forward.config).toEqual(trained.config);
    const { validation } = data;
    const predicted = await predictWindows(forward, validation, 77);
    const deviation = trained.scaling.outputs.deviation[0];
    const error = validation.labels.reduce(
      (sum, label, k) => sum + ((label - predicted.outputs[k]) / deviation) ** 2,
      0,
    );
    expect(error / validation.labels.length).toBeCloseTo(best.validation_loss, 5);

    // One window at a time gives the same, and attention sums to one.
    const alone = await predictWindows(forward, { ...validation, sequence: [1], end: [300] }, 1);
    const position = Array.from(validation.end).findIndex((end, k) => end === 300 && validation.sequence[k] === 1);
    expect(alone.outputs[0] / deviation).toBeCloseTo(predicted.outputs[position] / deviation, 5);
    expect(alone.attention.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 5);
    expect(forward.attention).toEqual({ steps: 6, framesPerStep: 2 });
    await forward.program.release();
  });

  test('predicts by its exported file as by the training graph in evaluation', async () => {
    const { config, weights, scaling, forwardOnnx } = await train({ averaging: 0.9 });
    const specs = listWeights(config);
    const evaluation = buildEvaluationGraph(config, { all: specs });
    const program = await executor.compile(evaluation.graph, evaluation.outputs, { held: ['all'] });
    const scaled = scaleWindows(data.validation, scaling, channels, 1);
    const count = 50;
    const features = new Float32Array(window * count * channels);
    gatherInto(
      features,
      scaled,
      Int32Array.from({ length: count }, (_, k) => k),
      window,
      channels,
    );
    const flat = Float32Array.from(specs.flatMap(({ name }) => [...weights[name]]));
    program.set('all', flat);
    const { prediction } = await program.run({ features });
    const forward = await loadForward(executor, forwardOnnx);
    const { outputs } = await predictWindows(forward, data.validation);
    for (const [k, value] of prediction.entries()) {
      expect(Math.abs((outputs[k] - scaling.outputs.mean[0]) / scaling.outputs.deviation[0] - value)).toBeLessThan(
        1e-5,
      );
    }
    await program.release();
    await forward.program.release();
  });
});

describe('training', () => {
  // Augmentation, dropout, averaging and a partial last batch take part.
  const options = { averaging: 0.9, augmentation: { channels: ['b'], gain: 0.1, noise: 0.05 } };

  test('repeats bit for bit by its seed', async () => {
    const first = await train(options);
    expect((await train(options)).weights).toEqual(first.weights);
    expect((await train({ ...options, seed: 2 })).weights).not.toEqual(first.weights);
    expect((await train({ averaging: 0.9 })).weights).not.toEqual(first.weights);
  });

  test('goes on from a saved state exactly as without a break', async () => {
    const states: TrainingState[] = [];
    const whole = await train(options, { onEpoch: (state) => void states.push(structuredClone(state)) });
    expect(states.map((state) => state.epoch)).toEqual([1, 2, 3]);
    const resumed = await train(options, { resume: states[0] });
    expect(resumed.weights).toEqual(whole.weights);
    expect(resumed.history.map((epoch) => epoch.validation_loss)).toEqual(
      whole.history.map((epoch) => epoch.validation_loss),
    );
  });

  test('refuses the saved state of another training', async () => {
    const states: TrainingState[] = [];
    await train({ epochs: 1 }, { onEpoch: (state) => void states.push(state) });
    await expect(train({ averaging: 0.9 }, { resume: states[0] })).rejects.toThrow(/saved state, average: has 0/);
  });

  test('counts every window of a partial last batch once, and no filler', async () => {
    // Without noise of any kind and at a vanishing rate, the epoch's loss is that of the first weights.
    const still = { learningRate: 1e-12, weightDecay: 0, epochs: 1, schedule: 'constant' as const };
    const calm = { network: { ...network, dropout: 0, normalisation: 'layer' as const } };
    const count = data.train.end.length;
    const one = await train({ ...still, batch: count }, calm);
    for (const batch of [7, 100, 10 * count]) {
      const { history } = await train({ ...still, batch }, calm);
      expect(history[0].train_loss).toBeCloseTo(one.history[0].train_loss, 5);
      expect(history[0].validation_loss).toBeCloseTo(one.history[0].validation_loss, 5);
    }
    const same = await train(still, { ...calm, data: { train: data.train, validation: data.train } });
    expect(same.history[0].validation_loss).toBeCloseTo(one.history[0].train_loss, 5);
  });

  test('leaves out windows of weight zero', async () => {
    const { train: set } = data;
    const keep = Array.from(set.end, (_, k) => k % 3 > 0);
    const spoilt = set.labels.map((label, k) => (keep[k] ? label : 1e4));
    const weighted = { ...set, labels: spoilt, weights: Float32Array.from(keep, Number) };
    const fixed = { inputs: scalingOf(channels), outputs: scalingOf(1) };
    const still = { learningRate: 1e-12, weightDecay: 0, epochs: 1 };
    const pick = (list: ArrayLike<number>) => Array.from(list).filter((_, k) => keep[k]);
    const fewer = {
      ...set,
      sequence: pick(set.sequence),
      end: pick(set.end),
      labels: Float32Array.from(pick(set.labels)),
    };
    const calm = { network: { ...network, dropout: 0, normalisation: 'none' as const }, scaling: fixed };
    const a = await train(still, { ...calm, data: { train: weighted, validation: weighted } });
    const b = await train(still, { ...calm, data: { train: fewer, validation: fewer } });
    expect(a.history[0].train_loss / b.history[0].train_loss).toBeCloseTo(1, 4);
    expect(a.history[0].validation_loss / b.history[0].validation_loss).toBeCloseTo(1, 4);
  });

  test('stops early and keeps the best weights', async () => {
    // Validation labels that contradict the training ones: learning makes them worse.
    const { validation } = data;
    const contrary = { ...validation, labels: validation.labels.map((label) => 100 - label) };
    const states: TrainingState[] = [];
    const { history, bestEpoch, weights } = await train(
      { epochs: 40, patience: 2, schedule: 'constant' },
      { data: { train: data.train, validation: contrary }, onEpoch: (state) => void states.push(state) },
    );
    expect(history.length).toBe(bestEpoch + 2);
    expect(history.length).toBeLessThan(40);
    const best = states[bestEpoch - 1];
    expect(Object.values(weights).reduce((sum, values) => sum + values.length, 0)).toBe(
      best.weights.length + best.statistics.length,
    );
    expect([...weights['output.bias']]).toEqual([...best.weights.slice(-1)]);
  });

  test('starts from given weights and leaves frozen ones as they are', async () => {
    const first = await train({});
    const frozen = ['convolution1', 'normalisation1', 'gru', 'dense.bias'];
    const second = await train({ frozen }, { initialWeights: first.weights, scaling: first.scaling });
    for (const [name, values] of Object.entries(second.weights)) {
      const isFrozen = frozen.some((start) => name === start || name.startsWith(`${start}.`));
      if (isFrozen) expect(values, name).toEqual(first.weights[name]);
      else expect(values, name).not.toEqual(first.weights[name]);
    }
  });

  test('reports its progress and stops when told to', async () => {
    const stop = new AbortController();
    let steps = 0;
    const losses: number[] = [];
    const training = train(
      {},
      {
        signal: stop.signal,
        onProgress: (progress) => {
          expect(progress.batches).toBe(8);
          expect(progress.batch).toBe(++steps);
          expect(progress.best_validation_loss).toBeUndefined();
          // The mean of the losses so far, of which all batches have the same weight.
          losses.push(progress.loss);
          expect(progress.train_loss).toBeCloseTo(losses.reduce((a, b) => a + b) / steps, 6);
          expect(progress.elapsed_s).toBeGreaterThan(0);
          expect(progress.remaining_s / progress.elapsed_s).toBeCloseTo((24 - steps) / steps, 6);
          if (steps === 5) stop.abort(new Error('enough'));
        },
      },
    );
    await expect(training).rejects.toThrow('enough');
    expect(steps).toBe(5);
  });
});

describe('training bears', () => {
  test('channels and labels that are constant, and says so', async () => {
    const still = (set: WindowSet): WindowSet => ({
      ...set,
      sequences: set.sequences.map((frames) => frames.map((value, at) => (at % channels === 1 ? 7 : value))),
    });
    const { notes, history } = await train(
      { epochs: 2 },
      { data: { train: still(data.train), validation: still(data.validation) } },
    );
    expect(notes).toEqual(['Channel b is 7 throughout the training windows: it tells nothing.']);
    expect(history.every(({ train_loss }) => Number.isFinite(train_loss))).toBe(true);

    const flat = (set: WindowSet): WindowSet => ({ ...set, labels: set.labels.map(() => 3) });
    const all = (set: WindowSet): WindowSet => ({
      ...set,
      sequences: set.sequences.map((frames) => frames.map(() => 0)),
    });
    const dull = await train(
      { epochs: 2 },
      { data: { train: flat(all(data.train)), validation: flat(all(data.validation)) } },
    );
    expect(dull.notes).toHaveLength(channels + 1);
    expect(dull.notes.at(-1)).toBe('The label is 3 in all training windows: there is nothing to learn.');
    expect(dull.history.every(({ validation_loss }) => Number.isFinite(validation_loss))).toBe(true);
  });

  test('a single window of several frames, and says what became of the batch', async () => {
    const one = { ...data.train, sequence: [0], end: [50], labels: data.train.labels.slice(0, 1) };
    const { notes, history } = await train({ epochs: 2 }, { data: { train: one, validation: data.validation } });
    expect(notes).toEqual([
      `The label is ${one.labels[0]} in all training windows: there is nothing to learn.`,
      'The training set has 1 windows: so have its batches, instead of 64.',
    ]);
    expect(Number.isFinite(history[1].validation_loss)).toBe(true);
  });

  test('nothing odd without a word', async () => {
    expect((await train({ epochs: 1 })).notes).toEqual([]);
  });
});

describe('training refuses', () => {
  test('a loss that is no number, and says what to try', async () => {
    const wild = { learningRate: 1e30, clip: Number.POSITIVE_INFINITY, schedule: 'constant' as const };
    await expect(train(wild)).rejects.toThrow(
      /epoch 1, step 2: the training loss became .* learning rate of 1.00e\+30.* weights of all layers.* Try/,
    );
  });

  test('numbers lost to one wild input, and names its channel', async () => {
    const { train: set, validation } = data;
    const sequences = set.sequences.map((frames) => frames.slice());
    sequences[0][100 * channels + 1] = 3e38;
    const fixed = { inputs: scalingOf(channels), outputs: scalingOf(1) };
    const wild = train({ batch: 460 }, { data: { train: { ...set, sequences }, validation }, scaling: fixed });
    await expect(wild).rejects.toThrow(
      /epoch 1, step 1: .* running averages of normalisation1\. .* its batch is 6.00e\+36 standard deviations, of b\..*outliers in b/,
    );
  });

  test('weights that are lost in the last step of an epoch', async () => {
    // One step an epoch: its loss is still that of the first weights.
    const wild = { learningRate: 1e39, clip: Number.POSITIVE_INFINITY, schedule: 'constant' as const, batch: 1000 };
    await expect(train(wild)).rejects.toThrow(
      /epoch 1, step 1: the last step of the epoch lost .* the weights of all layers, from convolution1 up/,
    );
  });

  test('a validation label beyond all numbers once it is scaled', async () => {
    const labels = data.validation.labels.slice();
    labels[5] = 3e38;
    const scaling = { inputs: scalingOf(channels), outputs: { mean: [0], deviation: [0.1] } };
    const wild = train({}, { data: { train: data.train, validation: { ...data.validation, labels } }, scaling });
    await expect(wild).rejects.toThrow(/epoch 1, step 8: the validation loss became Infinity .*still finite/);
  });

  const { train: set, validation } = data;
  const withGap = { ...set, sequences: set.sequences.map((frames) => frames.slice()) };
  withGap.sequences[1][100 * channels + 2] = Number.NaN;
  const bad: [string, Partial<TrainingRequest>, RegExp][] = [
    [
      'a gap in a window',
      { data: { train: withGap, validation } },
      /training windows: sequence 1, channel c, frame 100 is NaN/,
    ],
    [
      'a window before the start',
      { data: { train: { ...set, end: set.end.length ? [...Array.from(set.end).slice(1), 3] : [] }, validation } },
      /window 459 ends at frame 3/,
    ],
    [
      'labels of another count',
      { data: { train: set, validation: { ...validation, labels: set.labels } } },
      /validation windows: has 460 labels for 260/,
    ],
    [
      'no window',
      { data: { train: { ...set, end: [], sequence: [], labels: new Float32Array(0) }, validation } },
      /holds no window/,
    ],
    ['weights of another network', { initialWeights: {} }, /weight convolution1.weights: is missing/],
    [
      'a scaling of other channels',
      { scaling: { inputs: scalingOf(2), outputs: scalingOf(1) } },
      /scaling.inputs: wants 3/,
    ],
    ['an unknown layer', { options: { frozen: ['lstm'] } }, /frozen lstm: is no layer.*gru/],
    ['an unknown channel', { options: { augmentation: { channels: ['d'] } } }, /augmentation of d: is no input/],
    [
      'a window longer than its trial',
      { network: { ...network, window: 500 } },
      /training windows: window 0 has 500 frames, its sequence 0 only 400.*shorter windows/,
    ],
    [
      'a label that is no number',
      { data: { train: { ...set, labels: set.labels.map((label, k) => (k === 7 ? Number.NaN : label)) }, validation } },
      /training windows: the label of window 7 is NaN.*Leave out/,
    ],
    [
      'weights that are all zero',
      { data: { train: { ...set, weights: new Float32Array(set.end.length) }, validation } },
      /training windows: gives every window the weight 0/,
    ],
    [
      'one window of one frame, by batch normalisation',
      {
        network: { ...network, window: 1, pool: 1 },
        data: { train: { ...set, sequence: [0], end: [50], labels: set.labels.slice(0, 1) }, validation },
      },
      /layer normalisation1: batch normalisation expects at least two values for each channel/,
    ],
    ['an unknown schedule', { options: { schedule: 'linear' as never } }, /training.schedule: must be one of/],
    ['rates of an unknown layer', { options: { layerRates: { lstm: 1 } } }, /layerRates.lstm: is no layer.*gru/],
    ['a rate of nothing', { options: { layerRates: { gru: 0 } } }, /layerRates.gru: must be greater than 0/],
    [
      'an anchor of another network',
      { options: { anchor: { weights: { 'gru.biasReset': new Float32Array(3) }, strength: 1 } } },
      /training.anchor, weight gru.biasReset: has 3 numbers; the network wants 8/,
    ],
    [
      'a quantile loss without quantiles',
      { options: { loss: { kind: 'quantile' } } },
      /training.loss: is quantile, but/,
    ],
    ['a batch of nothing', { options: { batch: 0 } }, /training.batch: must be a whole number/],
    ['a window too short to pool', { network: { ...network, window: 1 } }, /network.pool: is 2, more than the 1/],
  ];
  for (const [name, request, message] of bad) {
    test(name, async () => {
      await expect(trainNetwork({ network, data, executor, ...request })).rejects.toThrow(message);
    });
  }

  test('everything frozen', () => {
    const specs = [{ name: 'gru.bias', shape: [1], initial: { fill: 0 }, kind: 'weight' as const }];
    expect(() => groupWeights(specs, ['gru'])).toThrow(/nothing to train/);
  });
});

function scalingOf(size: number) {
  return { mean: new Array<number>(size).fill(100), deviation: new Array<number>(size).fill(50) };
}
