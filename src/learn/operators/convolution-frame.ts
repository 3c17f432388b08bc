import { fixedSize, type Graph, type Operator, refuse, sameShape, sequenceShape, type Tensor } from '../graph/graph.js';
import { reshaped } from '../wasm/region.js';

/**
 * A causal convolution at one frame of a stream: y = Σₖ x[k·dilation]·W[k] + b, x being the frames that it sees, the
 * newest last: x [1 + (taps − 1)·dilation, 1, channels], W [taps, channels, filters], b [filters]; y [1, 1, filters].
 * Without a derivative.
 */
const atFrame: Operator = {
  name: 'convolution of a frame',
  shapes: ([x, weights, bias], { dilation }) => {
    const { time, batch, channels } = sequenceShape(x);
    if (weights.length !== 3 || weights[1] !== channels) refuse('weights [taps, channels of the input, filters]');
    if (bias && !sameShape(bias, [weights[2]])) refuse('one bias for each filter');
    const seen = 1 + (fixedSize(weights, 0) - 1) * (dilation as number);
    if (time !== seen || batch !== 1) refuse(`the ${seen} frames of one stream that the taps reach`);
    return [[1, 1, weights[2]]];
  },
  emit: (onnx, [x, weights, bias], { inputs, attributes }) => {
    const [taps, channels, filters] = inputs[1].shape as readonly number[];
    const dilation = attributes.dilation as number;
    const bounds = [[0], [fixedSize(inputs[0].shape, 0)], [0], [dilation]].map((list) => onnx.whole(list));
    const seen = dilation === 1 ? x : onnx.op('Slice', [x, ...bounds]);
    const y = onnx.gemm(onnx.rows(seen, taps * channels), onnx.rows(weights, filters), bias);
    return [onnx.reshape(y, [1, 1, filters])];
  },
  compute: (program, [x, weights, bias], [y], { inputs, attributes }) => {
    const [taps, channels] = inputs[1].shape as readonly number[];
    const dilation = attributes.dilation as number;
    const seen = dilation === 1 ? x : program.room(taps, channels);
    if (dilation > 1) {
      program.copyAxes([1, taps, channels], x, [0, dilation * channels, 1], seen, [0, channels, 1]);
    }
    program.gemm(y, reshaped(seen, taps * channels), weights, { bias });
  },
};

export const convolutionOfFrame = (
  graph: Graph,
  x: Tensor,
  weights: Tensor,
  bias: Tensor | undefined,
  dilation: number,
): Tensor => graph.apply(atFrame, bias ? [x, weights, bias] : [x, weights], { dilation })[0];
