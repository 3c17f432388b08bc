import { fixedSize, type Graph, type Operator, refuse, sameShape, sequenceShape, type Tensor } from '../graph/graph.js';
import { columnsOf, frame, matrix } from '../wasm/region.js';

/** x [time, batch, channels] to its last frame [batch, channels]. */
const last: Operator = {
  name: 'last frame',
  shapes: ([x]) => {
    const { batch, channels } = sequenceShape(x);
    return [[batch, channels]];
  },
  emit: (onnx, [x], { inputs }) => {
    const { time, channels } = sequenceShape(inputs[0].shape);
    return [onnx.rows(onnx.slice(x, 0, time - 1, time), channels)];
  },
  compute: (program, [x], [y]) => program.copy(frame(x, x.shape[0] - 1), y),
  gradient: ({ graph, node, outputGradients: [g] }) =>
    graph.apply(lastGradient, [g!], { time: fixedSize(node.inputs[0].shape, 0) }),
};

const lastGradient: Operator = {
  name: 'last frame gradient',
  shapes: ([g], { time }) => [[time as number, ...g]],
  emit: (onnx, [g], { inputs, attributes }) => {
    const frame = onnx.reshape(g, [1, -1, fixedSize(inputs[0].shape, -1)]);
    return [onnx.op('Pad', [frame, onnx.whole([(attributes.time as number) - 1, 0, 0, 0, 0, 0])])];
  },
  compute: (program, [g], [dx], { attributes }) => {
    const before = (attributes.time as number) - 1;
    program.fill(frame(dx, 0, before), 0);
    program.copy(g, frame(dx, before));
  },
};

/** Joins tensors along their last axis. */
const join: Operator = {
  name: 'concatenation',
  shapes: (inputs) => {
    const leading = inputs[0].slice(0, -1);
    if (!inputs.every((shape) => sameShape(shape.slice(0, -1), leading)))
      refuse('equal sizes on all axes but the last');
    return [[...leading, inputs.reduce((sum, shape) => sum + fixedSize(shape, -1), 0)]];
  },
  emit: (onnx, inputs) => [onnx.op('Concat', inputs, { axis: -1 })],
  compute: (program, parts, [y]) => {
    let start = 0;
    for (const part of parts) {
      const { columns } = matrix(part);
      program.copy(part, columnsOf(y, start, columns));
      start += columns;
    }
  },
  gradient: ({ graph, node, outputGradients: [g] }) =>
    graph.apply(divide, [g!], { sizes: node.inputs.map(({ shape }) => fixedSize(shape, -1)) }),
};

const divide: Operator = {
  name: 'concatenation gradient',
  shapes: ([g], { sizes }) => (sizes as readonly number[]).map((size) => [...g.slice(0, -1), size]),
  emit: (onnx, [g], { attributes }) => {
    const sizes = attributes.sizes as readonly number[];
    return onnx.ops('Split', [g, onnx.whole(sizes)], sizes.length, { axis: -1 });
  },
  compute: (program, [g], parts) => {
    let start = 0;
    for (const part of parts) {
      const { columns } = matrix(part);
      program.copy(columnsOf(g, start, columns), part);
      start += columns;
    }
  },
};

/** [batch, time, channels] to time-major [time, batch, channels]. Without a derivative: for the features. */
const timeFirst: Operator = {
  name: 'time first',
  shapes: ([x]) => [x.length === 3 ? [x[1], x[0], x[2]] : refuse('a tensor of three axes')],
  emit: (onnx, inputs) => [onnx.op('Transpose', inputs, { perm: [1, 0, 2] })],
  compute: (program, [x], [y]) => program.permute(x, [1, 0, 2], y),
};

/** [time, batch, 1] to one row of numbers for each window, [batch, time]. Without a derivative: for attention weights. */
const rowsByWindow: Operator = {
  name: 'rows by window',
  shapes: ([x]) => {
    const { time, batch, channels } = sequenceShape(x);
    return [channels === 1 ? [batch, time] : refuse('one channel')];
  },
  emit: (onnx, [x], { inputs }) => [
    onnx.rows(onnx.op('Transpose', [x], { perm: [1, 0, 2] }), fixedSize(inputs[0].shape, 0)),
  ],
  compute: (program, [x], [y]) => program.permute(x, [1, 0, 2], y),
};

export const windowRows = (graph: Graph, x: Tensor): Tensor => graph.apply(rowsByWindow, [x])[0];

export const lastFrame = (graph: Graph, x: Tensor): Tensor => graph.apply(last, [x])[0];

export const concatenate = (graph: Graph, parts: readonly Tensor[]): Tensor => graph.apply(join, parts)[0];

export const swapTimeAndBatch = (graph: Graph, x: Tensor): Tensor => graph.apply(timeFirst, [x])[0];
