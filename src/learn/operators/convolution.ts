import {
  fixedSize,
  type Graph,
  type Node,
  type Operator,
  refuse,
  type Shape,
  sameShape,
  sequenceShape,
  type Tensor,
} from '../graph/graph.js';
import type { OnnxBuilder } from '../onnx/builder.js';
import { sumRows } from './arithmetic.js';

/**
 * Convolution over time with stride 1: y[t] = Σₖ x[t + k − left]·W[k] + b, zeros outside the window.
 * x [time, batch, channels], W [taps, channels, filters], b [filters].
 * `left` is the number of taps that look back: (taps − 1)/2 rounded down for 'same', taps − 1 for 'causal'.
 * In the time-major layout every tap is a block of rows of the padded sequence, so each direction is one GEMM per tap,
 * which adds to the one before. (Joining the taps into one wide matrix costs more in copies than one GEMM gains.)
 */
const forward: Operator = {
  name: 'convolution',
  shapes: ([x, weights, bias]) => {
    const { time, batch, channels } = sequenceShape(x);
    if (weights.length !== 3 || weights[1] !== channels) refuse('weights [taps, channels of the input, filters]');
    if (bias && !sameShape(bias, [weights[2]])) refuse('one bias for each filter');
    return [[time, batch, weights[2]]];
  },
  emit: (onnx, [x, weights, bias], node) => {
    const { taps, filters, time, left } = sizes(node);
    const shifted = shift(onnx, x, node.inputs[0].shape, taps, left);
    const y = perTap(onnx, weights, node).reduce(
      (sum: string | undefined, tap, k) => onnx.gemm(shifted[k], tap, sum),
      bias,
    );
    return [onnx.reshape(y!, [time, -1, filters])];
  },
  gradient: ({ graph, node, outputGradients: [g], wanted }) => {
    const [x, weights] = node.inputs;
    const apply = (operator: Operator) => graph.apply(operator, [x, weights, g!], node.attributes)[0];
    return [
      wanted[0] ? apply(inputGradient) : undefined,
      wanted[1] ? apply(weightGradient) : undefined,
      wanted[2] ? sumRows(graph, g!) : undefined,
    ];
  },
};

/** d/dx: the same convolution run backwards in time with W transposed. */
const inputGradient: Operator = {
  name: 'convolution input gradient',
  shapes: ([x]) => [x],
  emit: (onnx, [, weights, g], node) => {
    const { taps, channels, time, left } = sizes(node);
    const shifted = shift(onnx, g, node.inputs[2].shape, taps, taps - 1 - left).toReversed();
    const x = perTap(onnx, weights, node).reduce(
      (sum: string | undefined, tap, k) => onnx.gemm(shifted[k], tap, sum, { b: true }),
      undefined,
    );
    return [onnx.reshape(x!, [time, -1, channels])];
  },
};

const weightGradient: Operator = {
  name: 'convolution weight gradient',
  shapes: ([, weights]) => [weights],
  emit: (onnx, [x, , g], node) => {
    const { taps, channels, filters, left } = sizes(node);
    const rows = onnx.rows(g, filters);
    const products = shift(onnx, x, node.inputs[0].shape, taps, left).map((shifted) =>
      onnx.gemm(shifted, rows, undefined, { a: true }),
    );
    const joined = taps === 1 ? products[0] : onnx.op('Concat', products, { axis: 0 });
    return [onnx.reshape(joined, [taps, channels, filters])];
  },
};

function sizes({ inputs: [x, weights], attributes }: Node) {
  return {
    time: fixedSize(x.shape, 0),
    taps: fixedSize(weights.shape, 0),
    channels: fixedSize(weights.shape, 1),
    filters: fixedSize(weights.shape, 2),
    left: attributes.left as number,
  };
}

/** The weights of each tap, [channels, filters]. */
function perTap(onnx: OnnxBuilder, weights: string, node: Node): readonly string[] {
  const { taps, filters } = sizes(node);
  const rows = onnx.rows(weights, filters);
  return taps === 1 ? [rows] : onnx.ops('Split', [rows], taps, { axis: 0 });
}

/** For each tap k, the sequence x[t + k − left] as [time·batch, channels], zeros outside the window. */
function shift(onnx: OnnxBuilder, x: string, shape: Shape, taps: number, left: number): string[] {
  const { time, channels } = sequenceShape(shape);
  if (taps === 1) return [onnx.rows(x, channels)];
  const padded = onnx.op('Pad', [x, onnx.whole([left, 0, 0, taps - 1 - left, 0, 0])]);
  return Array.from({ length: taps }, (_, k) => onnx.rows(onnx.slice(padded, 0, k, k + time), channels));
}

/** Convolution over time; see above for the shapes. */
export const convolution = (
  graph: Graph,
  x: Tensor,
  weights: Tensor,
  bias: Tensor | undefined,
  padding: 'same' | 'causal',
): Tensor => {
  const taps = fixedSize(weights.shape, 0);
  const left = padding === 'same' ? Math.floor((taps - 1) / 2) : taps - 1;
  return graph.apply(forward, bias ? [x, weights, bias] : [x, weights], { left })[0];
};
