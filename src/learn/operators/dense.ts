import { fixedSize, type Graph, type Operator, refuse, type Shape, sameShape, type Tensor } from '../graph/graph.js';
import { sumRows } from './arithmetic.js';

/** y = x·W + b on the last axis; x [..., features], W [features, units], b [units]. One GEMM each way. */
const forward: Operator = {
  name: 'dense',
  shapes: ([x, weights, bias]) => {
    if (weights.length !== 2 || fixedSize(x, -1) !== weights[0]) refuse('weights [features of the input, units]');
    if (bias && !sameShape(bias, [weights[1]])) refuse('one bias for each unit');
    return [[...x.slice(0, -1), weights[1]]];
  },
  emit: (onnx, [x, weights, bias], { inputs, outputs }) => {
    const y = onnx.gemm(flat(onnx, x, inputs[0].shape), weights, bias);
    return [unflat(onnx, y, outputs[0].shape)];
  },
  compute: (program, [x, weights, bias], [y]) => program.gemm(y, x, weights, { bias }),
  gradient: ({ graph, node, outputGradients: [g], wanted }) => {
    const [x, weights] = node.inputs;
    return [
      wanted[0] ? graph.apply(inputGradient, [g!, weights])[0] : undefined,
      wanted[1] ? graph.apply(weightGradient, [x, g!])[0] : undefined,
      wanted[2] ? sumRows(graph, g!) : undefined,
    ];
  },
};

const inputGradient: Operator = {
  name: 'dense input gradient',
  shapes: ([g, weights]) => [[...g.slice(0, -1), weights[0]]],
  emit: (onnx, [g, weights], { inputs, outputs }) => {
    const x = onnx.gemm(flat(onnx, g, inputs[0].shape), weights, undefined, { b: true });
    return [unflat(onnx, x, outputs[0].shape)];
  },
  compute: (program, [g, weights], [dx]) => program.gemm(dx, g, weights, { transposeB: true }),
};

const weightGradient: Operator = {
  name: 'dense weight gradient',
  shapes: ([x, g]) => [[x.at(-1)!, g.at(-1)!]],
  emit: (onnx, [x, g], { inputs }) => [
    onnx.gemm(flat(onnx, x, inputs[0].shape), flat(onnx, g, inputs[1].shape), undefined, { a: true }),
  ],
  compute: (program, [x, g], [dWeights]) => program.gemm(dWeights, x, g, { transposeA: true }),
};

type Builder = Parameters<Operator['emit']>[0];

const flat = (onnx: Builder, x: string, shape: Shape): string =>
  shape.length === 2 ? x : onnx.rows(x, fixedSize(shape, -1));

const unflat = (onnx: Builder, x: string, shape: Shape): string =>
  shape.length === 2 ? x : onnx.reshape(x, [fixedSize(shape, 0), -1, fixedSize(shape, 2)]);

/** Fully connected map of the last axis. */
export const dense = (graph: Graph, x: Tensor, weights: Tensor, bias?: Tensor): Tensor =>
  graph.apply(forward, bias ? [x, weights, bias] : [x, weights])[0];
