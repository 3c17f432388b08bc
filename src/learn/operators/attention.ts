import { type Graph, type Operator, refuse, sameShape, sequenceShape, type Tensor } from '../graph/graph.js';

/** softmax over time: x [time, batch, channels], each channel by itself. */
const softmax: Operator = {
  name: 'softmax over time',
  shapes: ([x]) => {
    sequenceShape(x);
    return [x];
  },
  emit: (onnx, inputs) => [onnx.op('Softmax', inputs, { axis: 0 })],
  gradient: ({ graph, node, outputGradients: [g] }) => graph.apply(softmaxGradient, [node.outputs[0], g!]),
};

/** dx = y·g − y · Σₜ y·g */
const softmaxGradient: Operator = {
  name: 'softmax gradient',
  shapes: ([y]) => [y],
  emit: (onnx, [y, g]) => {
    const product = onnx.op('Mul', [y, g]);
    return [onnx.op('Sub', [product, onnx.op('Mul', [y, onnx.sum(product, 0, true)])])];
  },
};

/** Σₜ w[t]·x[t]: x [time, batch, channels], w [time, batch, 1] to [batch, channels]. */
const weightedSum: Operator = {
  name: 'weighted sum over time',
  shapes: ([x, weights]) => {
    const { time, batch, channels } = sequenceShape(x);
    if (!sameShape(weights, [time, batch, 1])) refuse('one weight for each frame');
    return [[batch, channels]];
  },
  emit: (onnx, inputs) => [onnx.sum(onnx.op('Mul', inputs), 0)],
  gradient: ({ graph, node, outputGradients: [g] }) => graph.apply(weightedSumGradient, [...node.inputs, g!]),
};

const weightedSumGradient: Operator = {
  name: 'weighted sum gradient',
  shapes: ([x, weights]) => [x, weights],
  emit: (onnx, [x, weights, g]) => [onnx.op('Mul', [weights, g]), onnx.sum(onnx.op('Mul', [x, g]), 2, true)],
};

export const softmaxOverTime = (graph: Graph, x: Tensor): Tensor => graph.apply(softmax, [x])[0];

export const sumOverTime = (graph: Graph, x: Tensor, weights: Tensor): Tensor =>
  graph.apply(weightedSum, [x, weights])[0];
