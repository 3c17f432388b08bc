import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LearnError } from '../errors.js';
import { type OnnxAttribute, type OnnxModel, writeOnnx } from './model.js';
import { ProtobufWriter } from './protobuf.js';
import { readOnnx } from './read.js';

const name = fc.string({ unit: 'grapheme', maxLength: 8 });
const whole = fc.maxSafeInteger();
const float = fc.float({ noNaN: true });
const attribute: fc.Arbitrary<OnnxAttribute> = fc.oneof(
  whole.filter((value) => !Object.is(value, -0)),
  name,
  fc.array(whole.filter((value) => !Object.is(value, -0))),
  fc.record({ float }),
  fc.record({ floats: fc.array(float) }),
  fc.record({ strings: fc.array(name) }),
);
const shape = fc.array(fc.nat(3), { maxLength: 3 });
const tensor = fc.record({ name, shape, kind: fc.nat(2) }).chain(({ name, shape, kind }) => {
  const size = shape.reduce((product, axis) => product * axis, 1);
  const length = { minLength: size, maxLength: size };
  const data = [fc.float32Array(length), fc.float64Array(length), fc.bigInt64Array(length)][kind];
  return fc.record({ name: fc.constant(name), shape: fc.constant(shape), data });
});
const value = fc.record({ name, shape: fc.array(fc.oneof(fc.nat(), name), { maxLength: 3 }) });
const model: fc.Arbitrary<OnnxModel> = fc.record({
  nodes: fc.array(
    fc.record({
      type: name,
      inputs: fc.array(name, { maxLength: 3 }),
      outputs: fc.array(name, { maxLength: 3 }),
      attributes: fc.dictionary(name, attribute, { maxKeys: 3 }),
    }),
    { maxLength: 4 },
  ),
  inputs: fc.array(value, { maxLength: 2 }),
  outputs: fc.array(value, { maxLength: 2 }),
  initialisers: fc.array(tensor, { maxLength: 4 }),
  realType: fc.constantFrom('float32', 'float64'),
  metadata: fc.dictionary(name, name, { maxKeys: 3 }),
});

describe('what was written', () => {
  test('is read back', () => {
    fc.assert(
      fc.property(model, (written) => {
        const read = readOnnx(writeOnnx(written));
        const elementType = written.realType === 'float32' ? 1 : 11;
        const type = { [Float32Array.name]: 1, [Float64Array.name]: 11, [BigInt64Array.name]: 7 };
        expect(read).toMatchObject({ irVersion: 8, producer: 'genu', operatorSets: new Map([['', 17]]) });
        expect(read.nodes).toEqual(written.nodes.map((node) => ({ ...node, domain: '', name: '' })));
        expect(read.inputs).toEqual(written.inputs.map((input) => ({ ...input, elementType })));
        expect(read.outputs).toEqual(written.outputs.map((output) => ({ ...output, elementType })));
        expect(read.initialisers).toEqual(
          written.initialisers.map((one) => ({ ...one, elementType: type[one.data.constructor.name] })),
        );
        const { 'genu.crc32c': _, ...metadata } = read.metadata;
        expect(metadata).toEqual({ ...written.metadata });
      }),
      { numRuns: 100 },
    );
  });

  test('is read or refused where bytes are missing or wrong', () => {
    const damage = fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { maxLength: 4 });
    fc.assert(
      fc.property(model, damage, fc.double({ min: 0, max: 1, noNaN: true }), (written, wrong, share) => {
        const bytes = writeOnnx(written);
        for (const { at, byte } of wrong) bytes[at % bytes.length] = byte;
        expectReadOrRefused(bytes.subarray(0, share > 0.5 ? bytes.length : Math.floor(2 * share * bytes.length)));
      }),
      { numRuns: 400 },
    );
  });
});

test('any bytes are read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expectReadOrRefused(bytes);
      expectReadOrRefused(new ProtobufWriter().integer(1, 8).bytes(7, bytes).finish());
      expectReadOrRefused(makeFile(new ProtobufWriter().bytes(5, bytes)));
    }),
    { numRuns: 500 },
  );
});

describe('forms that other tools write', () => {
  const read = (tensor: ProtobufWriter) => readOnnx(makeFile(new ProtobufWriter().message(5, tensor))).initialisers[0];
  /** Varints of seven bits to a byte, the lowest first; numbers below zero take ten. */
  const packed = (...bytes: number[]) => Uint8Array.from(bytes);
  const minusOne = [...new Array(9).fill(255), 1];

  test('lists by type, packed and lone, instead of raw bytes', () => {
    const floats = new Uint8Array(Float32Array.of(1.5, -2).buffer);
    const doubles = new Uint8Array(Float64Array.of(Math.PI).buffer);
    const make = (type: number, size: number) => new ProtobufWriter().bytes(1, packed(size)).integer(2, type);
    expect(read(make(1, 3).bytes(4, floats).float(4, 7)).data).toEqual(Float32Array.of(1.5, -2, 7));
    expect(read(make(11, 2).bytes(10, doubles).double(10, 0.5)).data).toEqual(Float64Array.of(Math.PI, 0.5));
    expect(
      read(
        make(7, 3)
          .bytes(7, packed(0xac, 2, ...minusOne))
          .integer(7, 5),
      ).data,
    ).toEqual(BigInt64Array.of(300n, -1n, 5n));
    expect(
      read(
        make(6, 2)
          .bytes(5, packed(0xfc, ...minusOne.slice(1)))
          .integer(5, 9),
      ).data,
    ).toEqual(Int32Array.of(-4, 9));
  });

  test('elements of other types or in other files are left alone', () => {
    expect(read(new ProtobufWriter().integer(1, 5).integer(2, 10)).data).toBeUndefined();
    const elsewhere = new ProtobufWriter().integer(1, 1e9).integer(2, 1).integer(14, 1);
    expect(read(elsewhere)).toEqual({ name: '', elementType: 1, shape: [1e9], data: undefined });
  });

  test('attributes that are no numbers and texts are told by their kind', () => {
    const attribute = new ProtobufWriter().text(1, 'body').bytes(6, new Uint8Array(3)).integer(20, 5);
    const node = new ProtobufWriter().text(4, 'Loop').text(7, 'ai.onnx').message(5, attribute);
    const [loop] = readOnnx(makeFile(new ProtobufWriter().message(1, node))).nodes;
    expect(loop).toMatchObject({ type: 'Loop', domain: '', attributes: { body: { unread: 5 } } });
  });
});

test.each<[string, Uint8Array, RegExp]>([
  ['no version', new ProtobufWriter().bytes(7, new Uint8Array()).finish(), /no file version/],
  ['no graph', new ProtobufWriter().integer(1, 8).finish(), /There is no graph/],
  ['a newer version', new ProtobufWriter().integer(1, 99).finish(), /version \(ir_version\) 99; genu knows/],
  [
    'two graphs',
    new ProtobufWriter().integer(1, 8).text(7, '').text(7, '').finish(),
    /graph: Field 7 is there 2 times/,
  ],
  [
    'a tensor smaller than its shape',
    makeFile(new ProtobufWriter().message(5, makeTensor([2 ** 40], 8))),
    /initialiser 0: W has 2 numbers; its shape \[1099511627776\]/,
  ],
  ['a size below zero', makeFile(new ProtobufWriter().message(5, makeTensor([-1], 0))), /A size of -1/],
  ['half a number', makeFile(new ProtobufWriter().message(5, makeTensor([1], 3))), /raw numbers end inside a number/],
  ['a text that is none', makeFile(new ProtobufWriter().bytes(1, Uint8Array.of(0x22, 1, 0xff))), /node 0: .*UTF-8/],
])('refuses %s', (_, bytes, message) => {
  expect(() => readOnnx(bytes)).toThrow(LearnError);
  expect(() => readOnnx(bytes)).toThrow(message);
});

function expectReadOrRefused(bytes: Uint8Array): void {
  try {
    readOnnx(bytes);
  } catch (error) {
    if (!(error instanceof LearnError)) throw error;
  }
}

function makeFile(graph: ProtobufWriter): Uint8Array {
  return new ProtobufWriter().integer(1, 8).message(7, graph).finish().slice();
}

function makeTensor(shape: readonly number[], bytes: number): ProtobufWriter {
  const tensor = new ProtobufWriter();
  for (const size of shape) tensor.integer(1, size);
  return tensor.integer(2, 1).text(8, 'W').bytes(9, new Uint8Array(bytes));
}
