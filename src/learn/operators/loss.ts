import { type Graph, type Operator, refuse, sameShape, type Tensor } from '../graph/graph.js';
import type { ProgramBuilder } from '../wasm/builder.js';
import type { Region } from '../wasm/region.js';

/**
 * Weighted mean over the rows of the squared error d², or of twice the Huber loss (Huber 1964, Ann. Math. Stat. 35:73,
 * eq. 2.1), which is d² up to |d| = δ and δ·(2|d| − δ) beyond. Summed over the outputs.
 * prediction, target [batch, outputs] or, of a sequence, [window, batch, outputs]; weights [..., 1]; result [1].
 * Rows of weight zero (padding) count for nothing.
 */
const loss: Operator = {
  name: 'loss',
  shapes: ([prediction, target, weights]) => {
    if (!sameShape(prediction, target)) refuse('predictions and targets of one shape');
    if (!sameShape(weights, [...prediction.slice(0, -1), 1])) refuse('one weight for each row');
    return [[1]];
  },
  emit: (onnx, [prediction, target, weights], { attributes }) => {
    const d = onnx.op('Sub', [prediction, target]);
    // With c = clip(d, ±δ), c·(2d − c) is d² inside and δ(2|d| − δ) outside.
    const delta = attributes.delta as number;
    const each =
      delta === Number.POSITIVE_INFINITY
        ? onnx.op('Mul', [d, d])
        : onnx.op('Mul', [clip(onnx, d, delta), onnx.op('Sub', [onnx.op('Add', [d, d]), clip(onnx, d, delta)])]);
    const total = onnx.op('ReduceSum', [onnx.op('Mul', [each, weights])], { keepdims: 0 });
    const weight = onnx.op('ReduceSum', [weights], { keepdims: 0 });
    return [onnx.reshape(onnx.op('Div', [total, weight]), [1])];
  },
  compute: (program, [prediction, target, weights], [loss], { attributes }) => {
    const [d, clipped, weight] = [program.room(...target.shape), program.room(...target.shape), program.room(1)];
    program.binary('subtract', prediction, target, d);
    clipInto(program, d, attributes.delta as number, clipped);
    program.affine(d, 2, 0, d);
    program.binary('subtract', d, clipped, d);
    program.binary('multiply', d, clipped, d);
    program.binary('multiply', d, weights, d);
    program.total(d, loss);
    program.total(weights, weight);
    program.binary('divide', loss, weight, loss);
  },
  gradient: ({ graph, node, outputGradients: [g] }) => graph.apply(lossGradient, [...node.inputs, g!], node.attributes),
};

const lossGradient: Operator = {
  name: 'loss gradient',
  shapes: ([prediction]) => [prediction],
  emit: (onnx, [prediction, target, weights, g], { attributes }) => {
    const d = onnx.op('Sub', [prediction, target]);
    const delta = attributes.delta as number;
    const slope = delta === Number.POSITIVE_INFINITY ? d : clip(onnx, d, delta);
    const share = onnx.op('Div', [weights, onnx.op('ReduceSum', [weights], { keepdims: 0 })]);
    return [onnx.op('Mul', [onnx.op('Mul', [onnx.op('Add', [slope, slope]), share]), g])];
  },
  compute: (program, [prediction, target, weights, g], [dx], { attributes }) => {
    const [share, weight] = [program.room(...weights.shape), program.room(1)];
    program.total(weights, weight);
    program.binary('divide', weights, weight, share);
    program.binary('multiply', share, g, share);
    program.binary('subtract', prediction, target, dx);
    clipInto(program, dx, attributes.delta as number, dx);
    program.affine(dx, 2, 0, dx);
    program.binary('multiply', dx, share, dx);
  },
};

function clipInto(program: ProgramBuilder, d: Region, delta: number, y: Region): void {
  program.binary('minimum', d, program.number(delta), y);
  program.binary('maximum', y, program.number(-delta), y);
}

const clip = (onnx: Parameters<Operator['emit']>[0], d: string, delta: number) =>
  onnx.op('Clip', [d, onnx.real(-delta), onnx.real(delta)]);

/** Weighted mean squared error, or Huber loss where `delta` is finite. */
export const weightedLoss = (
  graph: Graph,
  prediction: Tensor,
  target: Tensor,
  weights: Tensor,
  delta = Number.POSITIVE_INFINITY,
): Tensor => graph.apply(loss, [prediction, target, weights], { delta })[0];
