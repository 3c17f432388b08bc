import { type Graph, type Operator, refuse, type Shape, sequenceShape, type Tensor } from '../graph/graph.js';

/** Operators of streams, which get one frame x [1, batch, channels] at a time. They have no derivative. */

/** The newest frames: those of the past [frames, batch, channels] without the oldest, then x. */
const history: Operator = {
  name: 'history',
  shapes: ([past, x]) => {
    const [before, now] = [sequenceShape(past), sequenceShape(x)];
    if (now.time !== 1 || now.batch !== before.batch || now.channels !== before.channels) {
      refuse('past frames and one more of their size');
    }
    return [past];
  },
  emit: (onnx, [past, x], { inputs }) => {
    const { time } = sequenceShape(inputs[0].shape);
    return [time === 1 ? onnx.op('Identity', [x]) : onnx.op('Concat', [onnx.slice(past, 0, 1, time), x], { axis: 0 })];
  },
  compute: (program, [past, x], [y]) => {
    const kept = past.size - x.size;
    program.overwrite(y, past);
    // Also where y lies on the past: numbers move towards the start, the first ones first.
    if (kept > 0) program.copy(program.part(past, x.size, [kept]), program.part(y, 0, [kept]));
    program.copy(program.part(x, 0, [x.size]), program.part(y, kept, [x.size]));
  },
};

/** The same numbers in another shape. */
const reshaping: Operator = {
  name: 'reshaping',
  shapes: ([x], { shape }) => {
    const count = (sizes: Shape) => sizes.reduce<number>((product, size) => product * Number(size), 1);
    return [count(x) === count(shape as Shape) ? (shape as Shape) : refuse(`as many numbers as [${shape}] has`)];
  },
  emit: (onnx, [x], { attributes }) => [onnx.reshape(x, attributes.shape as readonly number[])],
  compute: (program, [x], [y]) => program.share(y, x),
};

export const appendFrame = (graph: Graph, past: Tensor, x: Tensor): Tensor => graph.apply(history, [past, x])[0];

export const reshape = (graph: Graph, x: Tensor, shape: readonly number[]): Tensor =>
  graph.apply(reshaping, [x], { shape })[0];
