import { fixedSize, type Graph, type Operator, refuse, sameShape, sequenceShape, type Tensor } from '../graph/graph.js';
import { emitLstm, type LstmWeights, listLstmWeights } from './lstm.js';

/**
 * One step of an LSTM from given states: x [1, batch, features], h and c [1, batch, units] to the next h and c; equations
 * and weights as in `lstm.ts`. Without a derivative: for streams.
 */
const step: Operator = {
  name: 'LSTM step',
  shapes: ([x, h, c, ...weights]) => {
    const [{ time, batch, channels }, state] = [sequenceShape(x), sequenceShape(h)];
    const units = state.channels;
    if (time !== 1 || state.time !== 1 || state.batch !== batch || !sameShape(h, c)) refuse('one frame and its states');
    if (!weights.slice(0, 4).every((shape) => sameShape(shape, [channels, units]))) refuse('W [features, units]');
    if (!weights.slice(4, 8).every((shape) => sameShape(shape, [units, units]))) refuse('U [units, units]');
    if (!weights.slice(8).every((shape) => sameShape(shape, [units]))) refuse('biases [units]');
    return [h, c];
  },
  emit: (onnx, [x, h, c, ...weights], { inputs }) =>
    emitLstm(onnx, [x, ...weights], fixedSize(inputs[1].shape, -1), { h, c }).slice(1),
  compute: (program, inputs, [nextH, nextC]) => {
    const [x, h, c] = inputs;
    const [W, U, b] = [inputs.slice(3, 7), inputs.slice(7, 11), inputs.slice(11)];
    const gates = W.map((weights, k) => {
      const gate = program.room(...h.shape);
      program.gemm(gate, x, weights, { bias: b[k] });
      program.gemm(gate, h, U[k], { accumulate: true });
      return gate;
    });
    const [i, f, n, o] = gates;
    for (const gate of gates) program.unary(gate === n ? 'tanh' : 'sigmoid', gate, gate);
    program.overwrite(nextC, c);
    program.binary('multiply', f, c, nextC);
    program.binary('multiplyAdd', i, n, nextC);
    program.unary('tanh', nextC, n);
    program.overwrite(nextH, h);
    program.binary('multiply', o, n, nextH);
  },
};

/** The next states of an LSTM. */
export function lstmStep(graph: Graph, x: Tensor, state: { h: Tensor; c: Tensor }, weights: LstmWeights) {
  const [h, c] = graph.apply(step, [x, state.h, state.c, ...listLstmWeights(weights)]);
  return { h, c };
}
