import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { LearnError } from '../errors.js';
import { makeOnnxRuntimeExecutor } from '../executors/onnxruntime.js';
import { writeForwardOnnx } from '../networks/forward.js';
import { type GivenNetwork, makeNetwork, networks } from '../networks/registry.js';
import { listWeights, makeWeights } from '../networks/weights.js';
import { loadForward, predictWindows } from '../predict.js';
import { importNetworkOnnx } from './import.js';
import { type OnnxModel, writeOnnx } from './model.js';
import { ProtobufWriter, readFields } from './protobuf.js';
import { readOnnx } from './read.js';

const inputs = ['EMG vastus lateralis', 'knee_angle_r'];
const small = { convolutionFilters: 3, gruUnits: 4, attentionUnits: 3, denseUnits: 3 };

function makeFile(given: Partial<GivenNetwork>, metadata: Record<string, string> = {}, seed = 1) {
  const config = makeNetwork({ inputs, window: 8, ...given });
  const weights = makeWeights(listWeights(config), seed);
  const random = makeRandom(seed);
  const draw = (size: number) => Float32Array.from({ length: size }, () => 0.5 + random.uniform());
  const scaling = {
    inputs: { mean: draw(inputs.length), deviation: draw(inputs.length) },
    outputs: { mean: draw(config.outputs), deviation: draw(config.outputs) },
  };
  return { config, weights, scaling, bytes: writeForwardOnnx(config, weights, scaling, metadata) };
}

/** Quicker than `toEqual` for thousands of numbers. */
const haveSameBytes = (a: Uint8Array | Float32Array, b: Uint8Array | Float32Array) =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));

/** The model of a file in the form that `writeOnnx` takes, to change it as another tool would. */
function openModel(bytes: Uint8Array): OnnxModel {
  return { ...(readOnnx(bytes) as unknown as OnnxModel), realType: 'float32' };
}

/** Adds a field to a file's message; of a field that may be there once, the last one counts. */
const append = (bytes: Uint8Array, ...fields: ProtobufWriter[]) =>
  Uint8Array.from([bytes, ...fields.map((field) => field.finish())].flatMap((part) => [...part]));

const setOperators = (bytes: Uint8Array, version: number) =>
  append(bytes, new ProtobufWriter().message(8, new ProtobufWriter().text(1, 'ai.onnx').integer(2, version)));

/** The file with one more node in its graph. */
function appendNode(bytes: Uint8Array, node: ProtobufWriter) {
  const fields = [...readFields(bytes)].filter(({ bytes }) => bytes);
  const file = new ProtobufWriter().integer(1, 8);
  for (const { field, bytes } of fields) {
    file.bytes(field, field === 7 ? append(bytes!, new ProtobufWriter().message(1, node)) : bytes!);
  }
  return file.finish();
}

describe('a network that genu wrote', () => {
  const kinds = networks.flatMap(({ kind, heads }) => heads.map((head) => ({ kind, head })));
  test.each<[string, Partial<GivenNetwork>]>([
    ...kinds.map((given): [string, Partial<GivenNetwork>] => [`${given.kind}, head ${given.head},`, given]),
    ['with layer normalisation, causal', { ...small, normalisation: 'layer', padding: 'causal', pool: 1 }],
    ['without either, two outputs', { ...small, normalisation: 'none', outputs: 2, lastState: false }],
    ['with quantiles', { ...small, outputs: 2, quantiles: [0.1, 0.5, 0.9] }],
  ])('%s comes back whole, and is written to the same bytes again', (_, given) => {
    const { config, weights, scaling, bytes } = makeFile(given, { subject: 'S01 · ä', 'genu.rate_Hz': '100' });
    // As a program that reads files hands it in.
    const found = importNetworkOnnx(Buffer.from(bytes));
    expect(found.config).toEqual(config);
    expect(Object.keys(found.weights)).toEqual(Object.keys(weights));
    for (const [name, values] of Object.entries(weights)) expect(haveSameBytes(found.weights[name], values)).toBe(true);
    expect(found.scaling).toEqual(scaling);
    expect(found.metadata).toMatchObject({ subject: 'S01 · ä', 'genu.rate_Hz': '100' });
    const again = writeForwardOnnx(found.config, found.weights, found.scaling, found.metadata);
    expect(haveSameBytes(again, bytes)).toBe(true);
  });

  test('predicts after the import what ONNX Runtime makes of the file itself', async () => {
    const { config, bytes } = makeFile({ ...small, normalisation: 'layer' });
    const executor = makeOnnxRuntimeExecutor(InferenceSession);
    const features = Float32Array.from({ length: config.window * inputs.length }, (_, i) => Math.sin(i));
    const network = await loadForward(executor, bytes);
    const { outputs } = await predictWindows(network, { sequences: [features], sequence: [0], end: [7] });
    await network.program.release();
    const session = await InferenceSession.create(bytes);
    const { prediction } = await session.run({ features: new Tensor('float32', features, [1, 8, 2]) });
    await session.release();
    expect(outputs).toEqual(prediction.data);
  });

  test('may carry notes of others, but no change of what it computes', () => {
    const { bytes, weights } = makeFile(small);
    const model = openModel(bytes);
    const noted = writeOnnx({ ...model, metadata: { note: 'mine', ...model.metadata } });
    expect(importNetworkOnnx(noted).weights).toEqual(weights);
  });
});

describe('refused by name', () => {
  const { bytes } = makeFile(small);
  const model = openModel(bytes);
  const { metadata, nodes, initialisers } = model;
  const withConfig = (change: object) =>
    writeOnnx({
      ...model,
      metadata: {
        ...metadata,
        'genu.network': JSON.stringify({ ...JSON.parse(metadata['genu.network']), ...change }),
      },
    });
  const replace = (name: string, change: object) =>
    writeOnnx({
      ...model,
      initialisers: initialisers.map((tensor) => (tensor.name === name ? { ...tensor, ...change } : tensor)),
    });
  /** The graph of another network under the checksum of this one. */
  const patch = (changed: OnnxModel) => {
    const whole = new TextDecoder('latin1').decode(writeOnnx(changed));
    const [own, other] = [metadata['genu.crc32c'], readOnnx(writeOnnx(changed)).metadata['genu.crc32c']];
    return Uint8Array.from(whole.replace(other, own), (letter) => letter.charCodeAt(0));
  };

  test.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(), /ONNX file: There is no file version/],
    ['text', new TextEncoder().encode('# not a network\n'), /^ONNX file: .*not an ONNX file/],
    ['another tool', writeOnnx({ ...model, metadata: {} }), /no entry genu\.network.*made by genu.*Only networks/],
    [
      'an operator of another domain',
      appendNode(bytes, new ProtobufWriter().text(2, 'y').text(4, 'Foo').text(7, 'com.bar')),
      new RegExp(`operator Foo of domain com\\.bar, node ${nodes.length}, is none that genu writes`),
    ],
    ['a newer operator set', setOperators(bytes, 18), /operator set 18; this version of genu writes and reads 17/],
    [
      'an unknown operator',
      patch({ ...model, nodes: nodes.map((node, n) => (n === 3 ? { ...node, type: 'Foo' } : node)) }),
      /operator Foo, node 3, is none that genu writes/,
    ],
    [
      'a rewired graph',
      patch({
        ...model,
        nodes: nodes.map((node, n) => (n === 3 ? { ...node, inputs: node.inputs.toReversed() } : node)),
      }),
      /does not fit its checksum/,
    ],
    [
      'a missing weight',
      writeOnnx({ ...model, initialisers: initialisers.filter(({ name }) => name !== 'gru.inputReset') }),
      /weight gru\.inputReset: is missing/,
    ],
    [
      'a weight of another shape',
      replace('dense.bias', { shape: [1, 3] }),
      /weight dense\.bias: has shape \[1, 3\]; the network wants \[3\]/,
    ],
    ['a weight in double precision', replace('dense.bias', { data: new Float64Array(3) }), /dense\.bias: .*precision/],
    [
      'a weight that is no number',
      replace('dense.bias', { data: Float32Array.of(0, Number.NaN, 0) }),
      /NaN as number 1/,
    ],
    [
      'a scaling of another size',
      replace('scaling.inputs.mean', { shape: [1, 2] }),
      /scaling\.inputs\.mean: has shape/,
    ],
    ['an unknown kind', withConfig({ kind: 'oracle' }), /network\.kind: is "oracle"/],
    ['sizes that are none', withConfig({ gruUnits: 'many' }), /network\.gruUnits: must be a whole number/],
    ['layers without end', withConfig({ convolutionLayers: 1e6 }), /weight convolution3\.\w+: is missing/],
    ['a giant', withConfig({ window: 1e15 }), /window is 1000000000000000, more than/],
    ['inputs that are none', withConfig({ inputs: 'ab' }), /inputs must be a list of names/],
    ['quantiles that are none', withConfig({ quantiles: null }), /does not describe a network/],
    [
      'no JSON',
      writeOnnx({ ...model, metadata: { 'genu.network': '{' } }),
      /genu\.network: does not describe a network/,
    ],
  ])('%s', (_, file, message) => {
    expect(() => importNetworkOnnx(file)).toThrow(LearnError);
    expect(() => importNetworkOnnx(file)).toThrow(message);
  });
});

describe('a damaged file', () => {
  const { bytes, config, weights, scaling } = makeFile(small, { subject: 'S01' });

  test('is refused wherever it was cut off', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        expect(() => importNetworkOnnx(bytes.subarray(0, length))).toThrow(LearnError);
      }),
      { numRuns: 200 },
    );
  });

  test('gives the same network or none where one bit is wrong', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const damaged = bytes.slice();
        damaged[at] ^= 1 << bit;
        try {
          const found = importNetworkOnnx(damaged);
          expect(found).toMatchObject({ config, weights, scaling });
        } catch (error) {
          if (!(error instanceof LearnError)) throw error;
        }
      }),
      { numRuns: 150 },
    );
  });
});
