import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { onnxruntime, sessions } from '../executors/executors.test.support.js';
import { buildForwardGraph } from '../networks/forward.js';
import { countPredictions, type NetworkConfig } from '../networks/network.js';
import { isCausal, makeNetwork, networks } from '../networks/registry.js';
import { listWeights, makeWeights } from '../networks/weights.js';
import { importNetworkOnnx } from '../onnx/import.js';
import { buildStreamingGraph } from './graph.js';
import { writeStreamingOnnx } from './onnx.js';
import { makeStreamingNetwork, type StreamingNetwork } from './streaming.js';

const inputs = ['a', 'b', 'c'];
const LENGTH = 40;
const scaling = (outputs = 1) => ({
  inputs: { mean: [1, -2, 0.5], deviation: [2, 0.5, 4] },
  outputs: { mean: new Array(outputs).fill(3), deviation: new Array(outputs).fill(2) },
});

/** Frames in SI units that fit the scaling. */
function makeFrames(length: number, seed = 'frames'): Float32Array[] {
  const random = makeRandom(seed);
  const { mean, deviation } = scaling().inputs;
  return Array.from({ length }, () => Float32Array.from(inputs, (_, k) => mean[k] + deviation[k] * random.normal()));
}

/** Every causal network of the registry at its default sizes, and sizes that change what is carried. */
const sizes: Readonly<Record<string, unknown>>[] = [
  ...networks.filter(({ heads }) => heads.includes('sequence')).map(({ kind }) => ({ kind })),
  { attentionFrames: 3, lastState: false, normalisation: 'layer', outputs: 2, quantiles: [0.1, 0.5, 0.9] },
  { attentionFrames: 1, convolutionTaps: 1, convolutionLayers: 3, gruUnits: 5, attentionUnits: 3 },
  { kind: 'cnn-gru', convolutionLayers: 0, denseUnits: 0 },
  { kind: 'cnn-lstm', normalisation: 'none', lstmUnits: 7 },
  { kind: 'gru', gruLayers: 2, gruUnits: 33 },
  { kind: 'lstm', lstmLayers: 2 },
  { kind: 'tcn', blocks: 2, taps: 2, normalisation: 'batch', filters: 3 },
  { kind: 'tcn', blocks: 4, taps: 5, normalisation: 'none' },
  { kind: 'transformer', attentionFrames: 4, blocks: 3, units: 12, attentionHeads: 3 },
];
const causal = sizes
  .map((given) => makeNetwork({ inputs, window: 9, head: 'sequence', ...given }))
  .filter(isCausal)
  .map((config): [string, NetworkConfig] => [`${config.kind} ${JSON.stringify(config)}`, config]);

/** Statistics and gains far from where they start, so that each of them counts. */
function makeNumbers(config: NetworkConfig) {
  const random = makeRandom('numbers');
  const weights = makeWeights(listWeights(config), 5);
  for (const { name, initial } of listWeights(config)) {
    if ('fill' in initial)
      weights[name].forEach((value, k) => {
        weights[name][k] = value + 0.4 * random.uniform();
      });
  }
  return weights;
}

/** What the network says of each frame of a whole sequence at once, by the native executor. */
async function predictSequence(config: NetworkConfig, frames: readonly Float32Array[]): Promise<Float32Array> {
  const { attentionFrames, window } = config as NetworkConfig & { attentionFrames?: number };
  const span = attentionFrames === undefined ? {} : { attentionFrames: attentionFrames || window };
  const whole = makeNetwork({ ...config, window: frames.length, ...span });
  const { graph, outputs } = buildForwardGraph(whole, makeNumbers(config), scaling(config.outputs));
  const program = await onnxruntime.compile(graph, outputs);
  const features = Float32Array.from(frames.flatMap((frame) => [...frame]));
  const { prediction } = await program.run({ features });
  await program.release();
  return prediction;
}

const makeStream = (config: NetworkConfig) =>
  makeStreamingNetwork(config, makeNumbers(config), scaling(config.outputs));

const play = (stream: StreamingNetwork, frames: readonly Float32Array[]) =>
  Float32Array.from(frames.flatMap((frame) => [...stream.step(frame)]));

const findDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length ? Math.max(...Array.from(a, (value, k) => Math.abs(value - b[k]))) : Number.NaN;

test('all causal kinds are among the cases', () => {
  expect(new Set(causal.map(([, { kind }]) => kind))).toEqual(
    new Set(['cnn-gru-attention', 'cnn-gru', 'cnn-lstm', 'gru', 'lstm', 'tcn', 'transformer']),
  );
});

describe.each(causal)('%s', (_, config) => {
  test('each frame gets what the whole sequence says of it', async () => {
    const frames = makeFrames(LENGTH);
    const expected = await predictSequence(config, frames);
    expect(expected.length).toBe(LENGTH * countPredictions(config));
    const deviation = expected.map((value) => value - 3).reduce((sum, value) => sum + value ** 2, 0);
    expect(deviation).toBeGreaterThan(1e-3);
    const stream = await makeStream(config);
    expect(findDifference(play(stream, frames), expected)).toBeLessThan(1e-5);
    stream.reset();
    expect(findDifference(play(stream, frames), expected)).toBeLessThan(1e-5);
  });

  test('a state is where the stream goes on, bit for bit', async () => {
    const frames = makeFrames(LENGTH);
    const stream = await makeStream(config);
    play(stream, frames.slice(0, 15));
    const state = stream.state();
    const late = play(stream, frames.slice(15));
    const other = await makeStream(config);
    play(other, makeFrames(7, 'others'));
    other.restore(state);
    expect(play(other, frames.slice(15))).toEqual(late);
    expect(late.every(Number.isFinite)).toBe(true);
  });

  test('ONNX Runtime carries the same states, in the graph and in the file', async () => {
    const frames = makeFrames(12);
    const expected = play(await makeStream(config), frames);
    const weights = makeNumbers(config);
    const { graph, outputs, carry, states } = buildStreamingGraph(config, weights, scaling(config.outputs));
    const program = await onnxruntime.compile(graph, outputs, { carry });
    const zeros = (shape: readonly number[]) => new Float32Array(shape.reduce((product, size) => product * size, 1));
    for (const { input, shape } of states) program.set(input, zeros(shape));
    const carried: number[] = [];
    for (const features of frames) carried.push(...(await program.run({ features })).prediction);
    await program.release();
    expect(findDifference(carried, expected)).toBeLessThan(1e-5);

    const file = writeStreamingOnnx(config, weights, scaling(config.outputs), { note: 'kept' });
    const { config: imported, weights: found, metadata } = importNetworkOnnx(file);
    expect([imported, found, metadata.note]).toEqual([config, weights, 'kept']);
    const { Tensor } = await import('onnxruntime-common');
    const session = await sessions.create(file, {});
    const listed: { input: string; output: string; shape: number[] }[] = JSON.parse(metadata['genu.streaming']);
    let kept = Object.fromEntries(
      listed.map(({ input, shape }) => [input, new Tensor('float32', zeros(shape), shape)]),
    );
    const said: number[] = [];
    for (const features of frames) {
      const results = await session.run({ features: new Tensor('float32', features, [1, inputs.length]), ...kept });
      expect(results.prediction.dims).toEqual([countPredictions(config)]);
      said.push(...(results.prediction.data as Float32Array));
      kept = Object.fromEntries(listed.map(({ input, output }) => [input, results[output] as (typeof kept)[string]]));
    }
    await session.release();
    expect(findDifference(said, expected)).toBeLessThan(1e-5);
  });
});

describe('over 100 000 frames', () => {
  const many = makeFrames(100_000);
  const small = { gruUnits: 8, lstmUnits: 8, filters: 8, convolutionFilters: 8, attentionUnits: 4, units: 8 };
  const cases: [string, NetworkConfig, number | undefined][] = networks
    .filter(({ kind }) => causal.some(([, config]) => config.kind === kind))
    .map(({ kind, defaults }) => {
      const own = Object.fromEntries(Object.entries(small).filter(([key]) => key in defaults));
      const config = makeNetwork({ kind, inputs, window: 9, head: 'sequence', ...own });
      // Of the networks whose memory ends: the frames that one looks back over.
      const memory = { tcn: 1 + 2 * 2 * 7, transformer: 1 + 2 * 8 }[kind];
      return [kind, config, memory];
    });
  test.each(cases)('%s stays finite and does not drift', async (_, config, memory) => {
    const stream = await makeStream(config);
    let least = Number.POSITIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    let last = 0;
    for (const frame of many) {
      [last] = stream.step(frame);
      least = Math.min(least, last);
      greatest = Math.max(greatest, last);
    }
    expect([least, greatest].every((value) => Math.abs(value) < 1e3)).toBe(true);
    expect(greatest - least).toBeGreaterThan(1e-3);
    // Recurrent networks forget where they began, though not to the last bit.
    const recent = many.slice(-(memory ?? 2000));
    const fresh = await makeStream(config);
    const [again] = play(fresh, recent).subarray(-1);
    expect(Math.abs(again - last)).toBeLessThan(memory === undefined ? 1e-5 : 1e-6);
  });
});

describe('refuses', () => {
  test.each([
    [{ head: 'window' }, /window.*head: "sequence"/],
    [{ padding: 'same' }, /looks ahead.*causal/],
    [{ kind: 'bilstm' }, /bilstm.*looks ahead/],
    [{ kind: 'transformer', mask: 'none' }, /looks ahead/],
    [{ kind: 'transformer', position: 'sinusoidal' }, /layer position.*position: 'none'/],
    [{ kind: 'mlp', head: 'window' }, /mlp.*head/],
  ] as const)('%j', async (given, message) => {
    const config = makeNetwork({ inputs, window: 9, head: 'sequence', ...given });
    await expect(makeStream(config)).rejects.toThrow(message);
  });

  test('frames and states that do not fit, and keeps its own state', async () => {
    const config = makeNetwork({ inputs, window: 9, head: 'sequence' });
    const frames = makeFrames(4);
    const expected = play(await makeStream(config), frames);
    const stream = await makeStream(config);
    play(stream, frames.slice(0, 3));
    expect(() => stream.step(Float32Array.of(1, Number.NaN, 2))).toThrow(/channel b.*NaN/);
    expect(() => stream.step(Float32Array.of(1, 2))).toThrow(/2 numbers.*3/);
    const state = stream.state();
    const [name] = Object.keys(state);
    expect(() => stream.restore({ ...state, [name]: new Float32Array(1) })).toThrow(name);
    expect(() => stream.restore({ ...state, [name]: state[name].map(() => Number.NaN) })).toThrow(/not finite/);
    expect(() => stream.restore({ ...state, odd: new Float32Array(1) })).toThrow(/odd/);
    expect(play(stream, frames.slice(3))).toEqual(expected.slice(3));
  });

  test('weights of another network', async () => {
    const config = makeNetwork({ inputs, window: 9, head: 'sequence' });
    const others = makeNumbers(makeNetwork({ ...config, gruUnits: 3 }));
    await expect(makeStreamingNetwork(config, others, scaling())).rejects.toThrow(/weight gru/);
  });
});
