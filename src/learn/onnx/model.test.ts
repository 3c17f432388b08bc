import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { OnnxBuilder } from './builder.js';
import { readOnnxMetadata } from './model.js';
import { readFields } from './protobuf.js';

test('a written model runs, without the nodes that no output needs, and gives its text pairs back', async () => {
  const onnx = new OnnxBuilder('float32');
  onnx.op('NoSuchOperator', ['x']);
  const shifted = onnx.slice(onnx.reshape('x', [2, -1]), 1, -2, 300);
  onnx.rename(onnx.gemm(shifted, onnx.real([1, 2, 3, 4], [2, 2]), onnx.real(0.5), { b: true }), 'y');
  const metadata = { subject: 'S01', note: 'Nm/kg · ä\n', empty: '' };
  const bytes = onnx.write([{ name: 'x', shape: ['n'] }], [{ name: 'y', shape: [2, 2] }], metadata);
  const session = await InferenceSession.create(bytes);
  const { y } = await session.run({ x: new Tensor('float32', [0, 1, 2, 3, 4, 5], [6]) });
  // The last two columns of [[0 1 2] [3 4 5]] times [[1 3] [2 4]], plus one half.
  expect([...(y.data as Float32Array)]).toEqual([5.5, 11.5, 14.5, 32.5]);
  expect(readOnnxMetadata(bytes)).toEqual({ ...metadata, 'genu.crc32c': expect.stringMatching(/^[0-9a-f]{8}$/) });
  await session.release();
});

test('a damaged model is refused', () => {
  const bytes = new OnnxBuilder('float32').write([], [], { key: 'value' });
  expect(() => [...readFields(bytes.subarray(0, bytes.length - 2))]).toThrow(RangeError);
  expect(() => [...readFields(Uint8Array.of(0x0f))]).toThrow(/Wire type 7/);
  expect(() => [...readFields(Uint8Array.of(0x80))]).toThrow(/inside a number/);
  expect(() => [...readFields(Uint8Array.of(0x0b, 0x0c))]).toThrow(/Wire type 3/);
  expect(() => [...readFields(Uint8Array.of(0x00, 0x01))]).toThrow(/Field number 0/);
  expect(() => [...readFields(Uint8Array.of(0x08, ...new Array(10).fill(0xff), 0x01))]).toThrow(/longer than 64 bits/);
  expect(() => [...readFields(Uint8Array.of(0x0a, ...new Array(9).fill(0xff), 0x01))]).toThrow(/inside a field/);
});
