import { fixedSize, type Graph, type Operator, refuse, type Shape, sameShape, type Tensor } from '../graph/graph.js';
import type { BinaryName } from '../wasm/calls.js';

/** Elementwise operators on equal shapes, and the scaling of channels. */

const elementwise = (
  name: string,
  type: string,
  kernel: BinaryName,
  gradient: Operator['gradient'] & {},
): Operator => ({
  name,
  shapes: ([a, b]) => [sameShape(a, b) ? a : refuse('two tensors of one shape')],
  emit: (onnx, inputs) => [onnx.op(type, inputs)],
  compute: (program, [a, b], [y]) => {
    if (!program.overwrite(y, a)) program.overwrite(y, b);
    program.binary(kernel, a, b, y);
  },
  gradient,
});

const negate: Operator = {
  name: 'negate',
  shapes: ([x]) => [x],
  emit: (onnx, inputs) => [onnx.op('Neg', inputs)],
  compute: (program, [x], [y]) => program.unary('negate', x, y),
  gradient: ({ graph, outputGradients: [g] }) => graph.apply(negate, [g!]),
};

const addition = elementwise('add', 'Add', 'add', ({ outputGradients: [g] }) => [g, g]);

const subtraction = elementwise('subtract', 'Sub', 'subtract', ({ graph, outputGradients: [g], wanted }) => [
  g,
  wanted[1] ? graph.apply(negate, [g!])[0] : undefined,
]);

const multiplication = elementwise('multiply', 'Mul', 'multiply', ({ graph, node, outputGradients: [g], wanted }) => {
  const [a, b] = node.inputs;
  return [wanted[0] ? multiply(graph, g!, b) : undefined, wanted[1] ? multiply(graph, g!, a) : undefined];
});

const scaling: Operator = {
  name: 'scale and shift',
  shapes: ([x, scale, shift]) => {
    const channels: Shape = [fixedSize(x, -1)];
    if (!sameShape(scale, channels) || !sameShape(shift, channels)) refuse('one scale and one shift for each channel');
    return [x];
  },
  emit: (onnx, [x, scale, shift]) => [onnx.op('Add', [onnx.op('Mul', [x, scale]), shift])],
  compute: (program, [x, scale, shift], [y]) => program.scaleAndShift(x, scale, shift, y),
  gradient: ({ graph, node, outputGradients: [g], wanted }) => {
    const [x, scale] = node.inputs;
    return [
      wanted[0] ? graph.apply(channelScaling, [g!, scale])[0] : undefined,
      wanted[1] ? sumRows(graph, multiply(graph, g!, x)) : undefined,
      wanted[2] ? sumRows(graph, g!) : undefined,
    ];
  },
};

const standardisation: Operator = {
  name: 'standardise',
  shapes: ([x, mean, deviation]) => {
    const channels: Shape = [fixedSize(x, -1)];
    if (!sameShape(mean, channels) || !sameShape(deviation, channels))
      refuse('one mean and deviation for each channel');
    return [x];
  },
  emit: (onnx, [x, mean, deviation]) => [onnx.op('Div', [onnx.op('Sub', [x, mean]), deviation])],
  compute: (program, [x, mean, deviation], [y]) => {
    program.binary('subtract', x, mean, y);
    program.binary('divide', y, deviation, y);
  },
};

const channelScaling: Operator = {
  name: 'scale',
  shapes: ([x]) => [x],
  emit: (onnx, inputs) => [onnx.op('Mul', inputs)],
  compute: (program, [x, scale], [y]) => program.binary('multiply', x, scale, y),
};

const rowSum: Operator = {
  name: 'sum over rows',
  shapes: ([x]) => [[fixedSize(x, -1)]],
  emit: (onnx, [x], node) => [onnx.sum(onnx.rows(x, fixedSize(node.inputs[0].shape, -1)), 0)],
  compute: (program, [x], [y]) => program.sum('rows', x, y),
};

const blending: Operator = {
  name: 'blend',
  shapes: ([a, b]) => [sameShape(a, b) ? a : refuse('two tensors of one shape')],
  emit: (onnx, [a, b, share]) => [onnx.op('Add', [a, onnx.op('Mul', [onnx.op('Sub', [b, a]), share])])],
  compute: (program, [a, b, share], [y]) => {
    const difference = program.room(...a.shape);
    program.binary('subtract', b, a, difference);
    program.binary('multiply', difference, share, difference);
    program.overwrite(y, a);
    program.binary('add', a, difference, y);
  },
};

export const add = (graph: Graph, a: Tensor, b: Tensor): Tensor => graph.apply(addition, [a, b])[0];

export const subtract = (graph: Graph, a: Tensor, b: Tensor): Tensor => graph.apply(subtraction, [a, b])[0];

export const multiply = (graph: Graph, a: Tensor, b: Tensor): Tensor => graph.apply(multiplication, [a, b])[0];

/** x · scale + shift, with one scale and one shift for each channel (the last axis). */
export const scaleAndShift = (graph: Graph, x: Tensor, scale: Tensor, shift: Tensor): Tensor =>
  graph.apply(scaling, [x, scale, shift])[0];

/**
 * (x − mean) / deviation for each channel (the last axis). Subtracting first keeps the digits of a channel whose mean is
 * far above its deviation. Without a derivative: for the features.
 */
export const standardise = (graph: Graph, x: Tensor, mean: Tensor, deviation: Tensor): Tensor =>
  graph.apply(standardisation, [x, mean, deviation])[0];

/** Sum over all axes but the last: [..., channels] to [channels]. Without a derivative. */
export const sumRows = (graph: Graph, x: Tensor): Tensor => graph.apply(rowSum, [x])[0];

/** a + share · (b − a), `share` of shape [1]. Without a derivative: for moving averages. */
export const blend = (graph: Graph, a: Tensor, b: Tensor, share: Tensor): Tensor =>
  graph.apply(blending, [a, b, share])[0];
