import { type Graph, type Operator, refuse, sameShape, sequenceShape, type Tensor } from '../graph/graph.js';
import { frame, type Region, reshaped } from '../wasm/region.js';

/** softmax over time: x [time, batch, channels], each channel by itself. */
const softmax: Operator = {
  name: 'softmax over time',
  shapes: ([x]) => {
    sequenceShape(x);
    return [x];
  },
  emit: (onnx, inputs) => [onnx.op('Softmax', inputs, { axis: 0 })],
  compute: (program, [x], [y]) => program.softmax('rows', overTime(x), overTime(y)),
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
  compute: (program, [y, g], [dx]) => program.softmaxGradient('rows', overTime(y), overTime(g), overTime(dx)),
};

/** One row for each frame. */
const overTime = (x: Region) => reshaped(x, x.shape[1] * x.shape[2]);

/** Σₜ w[t]·x[t]: x [time, batch, channels], w [time, batch, 1] to [batch, channels]. */
const weightedSum: Operator = {
  name: 'weighted sum over time',
  shapes: ([x, weights]) => {
    const { time, batch, channels } = sequenceShape(x);
    if (!sameShape(weights, [time, batch, 1])) refuse('one weight for each frame');
    return [[batch, channels]];
  },
  emit: (onnx, inputs) => [onnx.sum(onnx.op('Mul', inputs), 0)],
  compute: (program, [x, weights], [y]) => {
    program.binary('multiply', frame(x, 0), frame(weights, 0), y);
    for (let t = 1; t < x.shape[0]; t++) program.binary('multiplyAdd', frame(x, t), frame(weights, t), y);
  },
  gradient: ({ graph, node, outputGradients: [g] }) => graph.apply(weightedSumGradient, [...node.inputs, g!]),
};

const weightedSumGradient: Operator = {
  name: 'weighted sum gradient',
  shapes: ([x, weights]) => [x, weights],
  emit: (onnx, [x, weights, g]) => [onnx.op('Mul', [weights, g]), onnx.sum(onnx.op('Mul', [x, g]), 2, true)],
  compute: (program, [x, weights, g], [dx, dWeights]) => {
    const [time, batch] = x.shape;
    for (let t = 0; t < time; t++) {
      program.binary('multiply', g, frame(weights, t), frame(dx, t));
      program.dot('columns', frame(x, t), g, program.part(dWeights, t * batch, [batch]));
    }
  },
};

export const softmaxOverTime = (graph: Graph, x: Tensor): Tensor => graph.apply(softmax, [x])[0];

export const sumOverTime = (graph: Graph, x: Tensor, weights: Tensor): Tensor =>
  graph.apply(weightedSum, [x, weights])[0];
