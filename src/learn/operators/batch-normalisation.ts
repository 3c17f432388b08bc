import { fixedSize, type Graph, type Operator, refuse, type Shape, sameShape, type Tensor } from '../graph/graph.js';
import type { OnnxBuilder } from '../onnx/builder.js';

export const EPSILON = 1e-5;

/**
 * Batch normalisation (Ioffe & Szegedy 2015, arXiv 1502.03167, algorithm 1) over all axes but the last.
 * Outputs: y; the batch's mean and unbiased variance, for running averages; and, for the derivative, x − mean and 1/σ.
 */
const forward: Operator = {
  name: 'batch normalisation',
  shapes: ([x, gain, shift]) => {
    const channels = [fixedSize(x, -1)];
    if (!sameShape(gain, channels) || !sameShape(shift, channels)) refuse('one gain and one shift for each channel');
    if (values(x) < 2) refuse('at least two values for each channel');
    return [x, channels, channels, x, channels];
  },
  emit: (onnx, [x, gain, shift], { inputs }) => {
    const shape = inputs[0].shape;
    const mean = meanRows(onnx, x, shape.length);
    const centred = onnx.op('Sub', [x, mean]);
    const variance = meanRows(onnx, onnx.op('Mul', [centred, centred]), shape.length);
    const inverse = onnx.op('Reciprocal', [onnx.op('Sqrt', [onnx.op('Add', [variance, onnx.real(EPSILON)])])]);
    const y = onnx.op('Add', [onnx.op('Mul', [centred, onnx.op('Mul', [inverse, gain])]), shift]);
    const n = values(shape);
    return [y, mean, onnx.op('Mul', [variance, onnx.real(n / (n - 1))]), centred, inverse];
  },
  compute: (program, [x, gain, shift], [y, mean, variance, centred, inverse], { inputs }) => {
    const n = values(inputs[0].shape);
    const scale = program.room(gain.size);
    program.sum('rows', x, mean);
    program.affine(mean, 1 / n, 0, mean);
    program.overwrite(centred, x);
    program.binary('subtract', x, mean, centred);
    program.dot('rows', centred, centred, variance);
    program.affine(variance, 1 / n, EPSILON, inverse);
    program.unary('squareRoot', inverse, inverse);
    program.unary('reciprocal', inverse, inverse);
    program.affine(variance, 1 / (n - 1), 0, variance);
    program.binary('multiply', inverse, gain, scale);
    program.scaleAndShift(centred, scale, shift, y);
  },
  gradient: ({ graph, node, outputGradients: [g] }) => {
    const [, , , centred, inverse] = node.outputs;
    return graph.apply(backward, [g!, centred, inverse, node.inputs[1]]);
  },
};

/** dx = γ/σ · (g − mean(g) − x̂ · mean(g·x̂)), with x̂ = (x − mean)/σ; dγ = Σ g·x̂; dβ = Σ g. */
const backward: Operator = {
  name: 'batch normalisation gradient',
  shapes: ([g, , , gain]) => [g, gain, gain],
  emit: (onnx, [g, centred, inverse, gain], { inputs }) => {
    const rank = inputs[0].shape.length;
    const n = onnx.real(values(inputs[0].shape));
    const factor = onnx.op('Mul', [inverse, gain]);
    const meanShift = meanRows(onnx, g, rank);
    const meanGain = onnx.op('Mul', [meanRows(onnx, onnx.op('Mul', [g, centred]), rank), inverse]);
    const along = onnx.op('Mul', [centred, onnx.op('Mul', [meanGain, inverse])]);
    const remainder = onnx.op('Sub', [onnx.op('Sub', [g, meanShift]), along]);
    return [onnx.op('Mul', [remainder, factor]), onnx.op('Mul', [meanGain, n]), onnx.op('Mul', [meanShift, n])];
  },
  compute: (program, [g, centred, inverse, gain], [dx, dGain, dShift], { inputs }) => {
    const n = values(inputs[0].shape);
    const [factor, along, offset] = Array.from({ length: 3 }, () => program.room(gain.size));
    program.sum('rows', g, dShift);
    program.dot('rows', g, centred, dGain);
    program.binary('multiply', dGain, inverse, dGain);
    // dx = g·factor + centred·along + offset
    program.binary('multiply', inverse, gain, factor);
    program.binary('multiply', dGain, inverse, along);
    program.affine(along, -1 / n, 0, along);
    program.binary('multiply', along, factor, along);
    program.affine(dShift, -1 / n, 0, offset);
    program.binary('multiply', offset, factor, offset);
    program.overwrite(dx, g);
    program.call('combine', n, gain.size, g, factor, centred, along, offset, dx);
  },
};

/** Values of each channel. */
const values = (shape: Shape) => shape.slice(0, -1).reduce<number>((n, _, axis) => n * fixedSize(shape, axis), 1);

const leading = (rank: number) => Array.from({ length: rank - 1 }, (_, axis) => axis);

const meanRows = (onnx: OnnxBuilder, x: string, rank: number) =>
  onnx.op('ReduceMean', [x], { axes: leading(rank), keepdims: 0 });

const sumRows = (onnx: OnnxBuilder, x: string, rank: number) =>
  onnx.op('ReduceSum', [x, onnx.whole(leading(rank))], { keepdims: 0 });

/** Normalises each channel by the statistics of the batch; returns those too, for running averages. */
export function batchNormalisation(graph: Graph, x: Tensor, gain: Tensor, shift: Tensor) {
  const [y, mean, variance] = graph.apply(forward, [x, gain, shift]);
  return { y, mean, variance };
}

const fixed: Operator = {
  name: 'normalisation by running averages',
  shapes: ([x, ...channelwise]) => {
    const channels = [fixedSize(x, -1)];
    if (!channelwise.every((shape) => sameShape(shape, channels))) refuse('gain, shift, mean, variance [channels]');
    return [x];
  },
  emit: (onnx, [x, gain, shift, mean, variance]) => {
    const scale = onnx.op('Div', [gain, onnx.op('Sqrt', [onnx.op('Add', [variance, onnx.real(EPSILON)])])]);
    const offset = onnx.op('Sub', [shift, onnx.op('Mul', [mean, scale])]);
    return [onnx.op('Add', [onnx.op('Mul', [x, scale]), offset])];
  },
  compute: (program, [x, gain, shift, mean, variance], [y]) => {
    const [scale, offset] = [program.room(gain.size), program.room(gain.size)];
    program.prepare([gain, shift, mean, variance], [scale, offset], () => {
      program.affine(variance, 1, EPSILON, scale);
      program.unary('squareRoot', scale, scale);
      program.binary('divide', gain, scale, scale);
      program.binary('multiply', mean, scale, offset);
      program.binary('subtract', shift, offset, offset);
    });
    program.overwrite(y, x);
    program.scaleAndShift(x, scale, offset, y);
  },
  gradient: ({ graph, node, outputGradients: [g] }) => {
    const [x, gain, , mean, variance] = node.inputs;
    return graph.apply(fixedBackward, [g!, x, gain, mean, variance]);
  },
};

const fixedBackward: Operator = {
  name: 'normalisation by running averages gradient',
  shapes: ([g, , gain]) => [g, gain, gain],
  emit: (onnx, [g, x, gain, mean, variance], { inputs }) => {
    const rank = inputs[0].shape.length;
    const inverse = onnx.op('Reciprocal', [onnx.op('Sqrt', [onnx.op('Add', [variance, onnx.real(EPSILON)])])]);
    const product = onnx.op('Mul', [g, onnx.op('Sub', [x, mean])]);
    return [
      onnx.op('Mul', [g, onnx.op('Mul', [gain, inverse])]),
      onnx.op('Mul', [sumRows(onnx, product, rank), inverse]),
      sumRows(onnx, g, rank),
    ];
  },
  compute: (program, [g, x, gain, mean, variance], [dx, dGain, dShift]) => {
    const [inverse, centred] = [program.room(gain.size), program.room(...x.shape)];
    program.affine(variance, 1, EPSILON, inverse);
    program.unary('squareRoot', inverse, inverse);
    program.unary('reciprocal', inverse, inverse);
    program.sum('rows', g, dShift);
    program.binary('subtract', x, mean, centred);
    program.dot('rows', g, centred, dGain);
    program.binary('multiply', dGain, inverse, dGain);
    program.binary('multiply', inverse, gain, inverse);
    program.binary('multiply', g, inverse, dx);
  },
};

/** Normalises by given means and variances: inference, and layers whose weights are frozen. */
export const fixedNormalisation = (
  graph: Graph,
  x: Tensor,
  gain: Tensor,
  shift: Tensor,
  mean: Tensor,
  variance: Tensor,
): Tensor => graph.apply(fixed, [x, gain, shift, mean, variance])[0];
