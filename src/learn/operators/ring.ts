import { type Graph, type Operator, refuse, sameShape, sequenceShape, type Tensor } from '../graph/graph.js';
import { reshaped } from '../wasm/region.js';

/**
 * The newest frames of a stream where their order does not matter: a ring [span, batch, channels], in which each frame
 * takes the place of the oldest. Its place is carried as a number, position [1], 0 at first. Nothing is moved, as a
 * history would be. Without derivatives.
 */
const put: Operator = {
  name: 'ring',
  shapes: ([ring, x, position]) => {
    const [all, one] = [sequenceShape(ring), sequenceShape(x)];
    if (one.time !== 1 || one.batch !== all.batch || one.channels !== all.channels) refuse('frames of one size');
    return [sameShape(position, [1]) ? ring : refuse('one position')];
  },
  emit: (onnx, [ring, x, position], { inputs }) => {
    const { time } = sequenceShape(inputs[0].shape);
    const places = onnx.real(
      Array.from({ length: time }, (_, place) => place),
      [time, 1, 1],
    );
    return [onnx.op('Where', [onnx.op('Equal', [places, position]), x, ring])];
  },
  compute: (program, [ring, x, position], [y]) => {
    if (!program.overwrite(y, ring)) program.copy(ring, y);
    program.call('putFrame', ring.size / x.size, x.size, x, position, y);
  },
};

const advance: Operator = {
  name: 'ring position',
  shapes: ([position]) => [sameShape(position, [1]) ? position : refuse('one position')],
  emit: (onnx, [position], { attributes }) => {
    const next = onnx.op('Add', [position, onnx.real(1)]);
    const isEnd = onnx.op('Equal', [next, onnx.real(attributes.span as number)]);
    return [onnx.op('Where', [isEnd, onnx.real(0), next])];
  },
  compute: (program, [position], [next], { attributes }) => {
    program.overwrite(next, position);
    program.call('advance', attributes.span as number, position, next);
  },
};

/** Σₜ x[t]: to [1, batch, channels]. */
const total: Operator = {
  name: 'total of frames',
  shapes: ([x]) => {
    const { batch, channels } = sequenceShape(x);
    return [[1, batch, channels]];
  },
  emit: (onnx, [x]) => [onnx.sum(x, 0, true)],
  compute: (program, [x], [y]) => program.sum('rows', reshaped(x, y.size), y),
};

/** The ring with x in it. */
export const putFrame = (graph: Graph, ring: Tensor, x: Tensor, position: Tensor): Tensor =>
  graph.apply(put, [ring, x, position])[0];

/** The position of the next frame. */
export const nextPosition = (graph: Graph, position: Tensor, span: number): Tensor =>
  graph.apply(advance, [position], { span })[0];

/** [time, batch, channels] to [1, batch, channels]. */
export const totalOfFrames = (graph: Graph, x: Tensor): Tensor => graph.apply(total, [x])[0];
