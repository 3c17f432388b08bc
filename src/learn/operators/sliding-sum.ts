import { fixedSize, type Graph, type Operator, refuse, sequenceShape, type Tensor } from '../graph/graph.js';
import { reshaped } from '../wasm/region.js';

/**
 * y[t] = Σ x[s] over the last `span` frames, s in (t − span, t]; x [time, batch, channels]. Its derivative is the same
 * sum over the next frames. As a product with a matrix of zeros and ones it costs time² additions for each channel, a
 * small part of what the recurrent products before it cost, and nothing is ever subtracted: positive numbers keep all
 * of their digits.
 */
const slidingSumOperator: Operator = {
  name: 'sliding sum',
  shapes: ([x], { span }) => {
    sequenceShape(x);
    if (!(Number.isInteger(span) && (span as number) >= 1)) refuse('a span of at least one frame');
    return [x];
  },
  emit: (onnx, [x], { inputs, attributes }) => {
    const { time, channels } = sequenceShape(inputs[0].shape);
    const band = onnx.real(makeBand(time, attributes.span as number, attributes.ahead as boolean), [time, time]);
    return [onnx.reshape(onnx.gemm(band, onnx.reshape(x, [time, -1])), [time, -1, channels])];
  },
  compute: (program, [x], [y], { attributes }) => {
    const [time] = x.shape;
    const band = program.numbers(makeBand(time, attributes.span as number, attributes.ahead as boolean), [time, time]);
    program.gemm(reshaped(y, y.size / time), band, reshaped(x, x.size / time));
  },
  gradient: ({ graph, node: { attributes }, outputGradients: [g] }) =>
    graph.apply(slidingSumOperator, [g!], { ...attributes, ahead: !attributes.ahead }),
};

/** One where frame s (column) counts for frame t (row). */
function makeBand(time: number, span: number, ahead: boolean): Float32Array {
  const band = new Float32Array(time * time);
  for (let t = 0; t < time; t++) {
    for (let s = Math.max(0, t - span + 1); s <= t; s++) band[ahead ? s * time + t : t * time + s] = 1;
  }
  return band;
}

/** The sum of each frame and the ones before it, `span` of them in all; fewer at the start. */
export const slidingSum = (graph: Graph, x: Tensor, span: number): Tensor =>
  graph.apply(slidingSumOperator, [x], { span: Math.min(span, fixedSize(x.shape, 0)), ahead: false })[0];
