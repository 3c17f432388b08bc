import { fixedSize, type Graph, type Operator, refuse, sameShape, sequenceShape, type Tensor } from '../graph/graph.js';
import { emitGru, type GruWeights, listGruWeights } from './gru.js';

/**
 * One step of a GRU from a given state: x [1, batch, features] and h [1, batch, units] to the next h; equations and
 * weights as in `gru.ts`. Without a derivative: for streams.
 */
const step: Operator = {
  name: 'GRU step',
  shapes: ([x, h, ...weights]) => {
    const [{ time, batch, channels }, state] = [sequenceShape(x), sequenceShape(h)];
    const units = state.channels;
    if (time !== 1 || state.time !== 1 || state.batch !== batch) refuse('one frame and one state');
    if (!weights.slice(0, 3).every((shape) => sameShape(shape, [channels, units]))) refuse('W [features, units]');
    if (!weights.slice(3, 6).every((shape) => sameShape(shape, [units, units]))) refuse('U [units, units]');
    if (!weights.slice(6).every((shape) => sameShape(shape, [units]))) refuse('biases [units]');
    return [h];
  },
  emit: (onnx, [x, h, ...weights], { inputs }) => [emitGru(onnx, [x, ...weights], fixedSize(inputs[1].shape, -1), h)],
  compute: (program, [x, h, Wr, Wz, Wn, Ur, Uz, Un, br, bz, bn, cn], [after]) => {
    const [r, z, q, n] = [h, h, h, h].map(({ shape }) => program.room(...shape));
    program.gemm(r, x, Wr, { bias: br });
    program.gemm(r, h, Ur, { accumulate: true });
    program.gemm(z, x, Wz, { bias: bz });
    program.gemm(z, h, Uz, { accumulate: true });
    program.gemm(n, x, Wn, { bias: bn });
    program.gemm(q, h, Un, { bias: cn });
    program.overwrite(after, h);
    program.call('gruStep', h.size, r, z, q, n, h, after);
  },
};

/** The next state of a GRU. */
export const gruStep = (graph: Graph, x: Tensor, state: Tensor, weights: GruWeights): Tensor =>
  graph.apply(step, [x, state, ...listGruWeights(weights)])[0];
