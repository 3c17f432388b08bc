import {
  fixedSize,
  type Graph,
  type Node,
  type Operator,
  refuse,
  sameShape,
  sequenceShape,
  type Tensor,
} from '../graph/graph.js';
import type { OnnxBuilder } from '../onnx/builder.js';
import type { ProgramBuilder } from '../wasm/builder.js';
import { frame, type Region } from '../wasm/region.js';

/**
 * Long short-term memory (Hochreiter & Schmidhuber 1997, Neural Comput. 9:1735) with the forget gate of Gers,
 * Schmidhuber & Cummins (2000, Neural Comput. 12:2451) and without peepholes (ONNX, cuDNN and PyTorch compute the same):
 *   i = σ(x·Wi + h·Ui + bi)   f = σ(x·Wf + h·Uf + bf)   n = tanh(x·Wn + h·Un + bn)   o = σ(x·Wo + h·Uo + bo)
 *   c' = f∘c + i∘n            h' = o∘tanh c'            h[−1] = c[−1] = 0
 * x [time, batch, features]; W [features, units]; U [units, units]; biases [units]; result [time, batch, units].
 * Each gate has one bias; PyTorch's two only ever act as their sum.
 */
export interface LstmWeights {
  readonly inputInput: Tensor;
  readonly inputForget: Tensor;
  readonly inputCandidate: Tensor;
  readonly inputOutput: Tensor;
  readonly recurrentInput: Tensor;
  readonly recurrentForget: Tensor;
  readonly recurrentCandidate: Tensor;
  readonly recurrentOutput: Tensor;
  readonly biasInput: Tensor;
  readonly biasForget: Tensor;
  readonly biasCandidate: Tensor;
  readonly biasOutput: Tensor;
}

/** Of the four sums of a step, the one that goes through tanh; the others go through σ. */
const CANDIDATE = 2;

const forward: Operator = {
  name: 'LSTM',
  shapes: ([x, ...weights], attributes) => {
    const { time, batch, channels } = sequenceShape(x);
    const units = fixedSize(weights[4], -1);
    if (!weights.slice(0, 4).every((shape) => sameShape(shape, [channels, units]))) refuse('W [features, units]');
    if (!weights.slice(4, 8).every((shape) => sameShape(shape, [units, units]))) refuse('U [units, units]');
    if (!weights.slice(8).every((shape) => sameShape(shape, [units]))) refuse('biases [units]');
    return Array.from({ length: attributes.training ? 7 : 1 }, () => [time, batch, units]);
  },
  emit: (onnx, inputs, node) =>
    node.attributes.training ? emitSteps(onnx, inputs, node) : [emitLstm(onnx, inputs, sizes(node).units)[0]],
  compute: computeSteps,
  gradient: ({ graph, node, outputGradients: [g] }) => graph.apply(backward, [...node.inputs, ...node.outputs, g!]),
};

/**
 * Inference: the standard operator. Its gates are in the order i, o, f, n and its weights transposed.
 * @param initial the states [1, batch, units] that it starts from; zero without them
 * @returns all h, and with initial states also the last h and c, [1, batch, units]
 */
export function emitLstm(
  onnx: OnnxBuilder,
  inputs: readonly string[],
  units: number,
  initial?: { h: string; c: string },
): readonly string[] {
  const [x, Wi, Wf, Wn, Wo, Ui, Uf, Un, Uo, bi, bf, bn, bo] = inputs;
  const gates = (...parts: string[]) => {
    const joined = onnx.op('Concat', parts, { axis: 1 });
    return onnx.op('Unsqueeze', [onnx.op('Transpose', [joined], { perm: [1, 0] }), onnx.whole([0])]);
  };
  const none = onnx.op('Mul', [bi, onnx.real(0)]);
  const joined = onnx.op('Concat', [bi, bo, bf, bn, none, none, none, none], { axis: 0 });
  const biases = onnx.reshape(joined, [1, 8 * units]);
  const start = initial === undefined ? [] : ['', initial.h, initial.c];
  const given = [x, gates(Wi, Wo, Wf, Wn), gates(Ui, Uo, Uf, Un), biases, ...start];
  const [y, ...last] = onnx.ops('LSTM', given, initial ? 3 : 1, { hidden_size: units });
  return [onnx.op('Squeeze', [y, onnx.whole([1])]), ...last];
}

/** Training: one node for every product and gate of every step; returns h, i, f, n, o, c and tanh c of all steps. */
function emitSteps(onnx: OnnxBuilder, inputs: readonly string[], node: Node): string[] {
  const { time, features, units } = sizes(node);
  const { op } = shorthand(onnx);
  const rows = onnx.rows(inputs[0], features);
  const [W, U, b] = [inputs.slice(1, 5), inputs.slice(5, 9), inputs.slice(9)];
  const projected = W.map((weights, k) => inSteps(onnx, onnx.gemm(rows, weights, b[k]), time));
  const kept: string[][] = [[], [], [], [], [], [], []];
  for (let t = 0; t < time; t++) {
    const [h, , , , , c] = kept.map((steps) => steps.at(-1));
    const [i, f, n, o] = U.map((weights, k) => {
      const sum = h ? onnx.gemm(h, weights, projected[k][t]) : projected[k][t];
      return op(k === CANDIDATE ? 'Tanh' : 'Sigmoid', sum);
    });
    const fresh = op('Mul', i, n);
    const cell = c ? op('Add', op('Mul', f, c), fresh) : fresh;
    const squashed = op('Tanh', cell);
    for (const [k, value] of [op('Mul', o, squashed), i, f, n, o, cell, squashed].entries()) kept[k].push(value);
  }
  return kept.map((steps) => onnx.reshape(op('Concat', ...steps), [time, -1, units]));
}

/** In inference the gates go into room of their own. */
function computeSteps(
  program: ProgramBuilder,
  inputs: readonly Region[],
  outputs: readonly Region[],
  node: Node,
): void {
  const { time } = sizes(node);
  const [x, W, U, b] = [inputs[0], inputs.slice(1, 5), inputs.slice(5, 9), inputs.slice(9)];
  const h = outputs[0];
  const [gates, cells, squashed] = node.attributes.training
    ? [outputs.slice(1, 5), outputs[5], outputs[6]]
    : [W.map(() => program.room(...h.shape)), program.room(...h.shape), program.room(...h.shape)];
  for (const [k, gate] of gates.entries()) program.gemm(gate, x, W[k], { bias: b[k] });
  const packed = U.map((weights) => program.rightOf(h.shape[1], weights));
  const [i, f, n, o] = gates;
  for (let t = 0; t < time; t++) {
    const at = (region: Region) => frame(region, t);
    for (const [k, gate] of gates.entries()) {
      if (t > 0) program.gemm(at(gate), frame(h, t - 1), packed[k], { accumulate: true });
      program.unary(k === CANDIDATE ? 'tanh' : 'sigmoid', at(gate), at(gate));
    }
    program.binary('multiply', at(i), at(n), at(cells));
    if (t > 0) program.binary('multiplyAdd', at(f), frame(cells, t - 1), at(cells));
    program.unary('tanh', at(cells), at(squashed));
    program.binary('multiply', at(o), at(squashed), at(h));
  }
}

/**
 * With a the sums before the gates, g[t] = d loss / d h[t] and e[t] = d loss / d c[t] (from here and from later steps):
 *   e = g∘o∘(1 − tanh²c) + e[t+1]∘f[t+1]
 *   da_i = e∘n∘i(1 − i)    da_f = e∘c[t−1]∘f(1 − f)    da_n = e∘i∘(1 − n²)    da_o = g∘tanh c∘o(1 − o)
 *   g[t−1] += da_i·Uiᵀ + da_f·Ufᵀ + da_n·Unᵀ + da_o·Uoᵀ
 * Only e and that last line run step by step; their factors, and the gradients of the weights, are computed for all
 * steps at once.
 */
const backward: Operator = {
  name: 'LSTM gradient',
  shapes: (inputs) => inputs.slice(0, 13),
  emit: (onnx, inputs, node) => {
    const { time, features, units } = sizes(node);
    const { op } = shorthand(onnx);
    const [W, U] = [inputs.slice(1, 5), inputs.slice(5, 9)];
    const x = onnx.rows(inputs[0], features);
    const before = (value: string) => onnx.rows(op('Pad', value, onnx.whole([1, 0, 0, -1, 0, 0])), units);
    const [i, f, n, o, , squashed, direct] = inputs.slice(14).map((value) => onnx.rows(value, units));

    const one = onnx.real(1);
    const slope = (gate: string) => op('Sub', gate, op('Mul', gate, gate));
    const toCell = op('Mul', o, op('Sub', one, op('Mul', squashed, squashed)));
    const factors = [
      op('Mul', n, slope(i)),
      op('Mul', before(inputs[18]), slope(f)),
      op('Mul', i, op('Sub', one, op('Mul', n, n))),
      op('Mul', squashed, slope(o)),
    ];

    const part = (value: string) => inSteps(onnx, value, time);
    const [stepCell, stepForget, ...stepFactors] = [toCell, f, ...factors].map(part);
    const gs = [...part(direct)];
    const es: string[] = [];
    for (let t = time - 1; t >= 0; t--) {
      const fresh = op('Mul', gs[t], stepCell[t]);
      es[t] = t === time - 1 ? fresh : op('Add', fresh, op('Mul', es[t + 1], stepForget[t + 1]));
      if (t === 0) break;
      gs[t - 1] = U.reduce(
        (sum, weights, k) => {
          const da = op('Mul', k === 3 ? gs[t] : es[t], stepFactors[k][t]);
          return onnx.gemm(da, weights, sum, { b: true });
        },
        gs[t - 1],
      );
    }

    const [g, e] = [op('Concat', ...gs), op('Concat', ...es)];
    const da = factors.map((factor, k) => op('Mul', k === 3 ? g : e, factor));
    const across = (a: string) => da.map((d) => onnx.gemm(a, d, undefined, { a: true }));
    const dx = W.reduce(
      (sum: string | undefined, weights, k) => onnx.gemm(da[k], weights, sum, { b: true }),
      undefined,
    )!;
    return [
      onnx.reshape(dx, [time, -1, features]),
      ...across(x),
      ...across(before(inputs[13])),
      ...da.map((d) => onnx.sum(d, 0)),
    ];
  },
  compute: (program, inputs, outputs, node) => {
    const { time, units } = sizes(node);
    const [x, W, U] = [inputs[0], inputs.slice(1, 5), inputs.slice(5, 9)];
    const [h, i, f, n, o, cells, squashed, direct] = inputs.slice(13);
    const [dx, dW, dU, db] = [outputs[0], outputs.slice(1, 5), outputs.slice(5, 9), outputs.slice(9)];
    const [, batch] = x.shape;
    const packed = U.map((weights) => program.pack(weights, { transpose: true }));
    const da = U.map(() => program.room(...h.shape));
    // d loss / d h and d loss / d c of the step under way.
    const g = program.room(batch, units);
    const e = program.room(batch, units);
    const spare = program.room(batch, units);
    program.copy(frame(direct, time - 1), g);
    program.fill(e, 0);
    for (let t = time - 1; t >= 0; t--) {
      const at = (region: Region) => frame(region, t);
      if (t < time - 1) program.binary('multiply', e, frame(f, t + 1), e);
      program.binary('multiply', g, at(o), spare);
      program.binary('tanhGradient', spare, at(squashed), spare);
      program.binary('add', e, spare, e);

      program.binary('multiply', e, at(n), spare);
      program.binary('sigmoidGradient', spare, at(i), at(da[0]));
      if (t > 0) {
        program.binary('multiply', e, frame(cells, t - 1), spare);
        program.binary('sigmoidGradient', spare, at(f), at(da[1]));
      } else program.fill(at(da[1]), 0);
      program.binary('multiply', e, at(i), spare);
      program.binary('tanhGradient', spare, at(n), at(da[2]));
      program.binary('multiply', g, at(squashed), spare);
      program.binary('sigmoidGradient', spare, at(o), at(da[3]));
      if (t === 0) break;
      program.copy(frame(direct, t - 1), g);
      for (const [k, d] of da.entries()) program.gemm(g, at(d), packed[k], { accumulate: true });
    }
    for (const [k, d] of da.entries()) {
      program.gemm(dx, d, W[k], { transposeB: true, accumulate: k > 0 });
      program.gemm(dW[k], x, d, { transposeA: true });
      if (time === 1) program.fill(dU[k], 0);
      else program.gemm(dU[k], frame(h, 0, time - 1), frame(d, 1, time - 1), { transposeA: true });
      program.sum('rows', d, db[k]);
    }
  },
};

const shorthand = (onnx: OnnxBuilder) => ({
  op: (type: string, ...inputs: string[]) => onnx.op(type, inputs, type === 'Concat' ? { axis: 0 } : {}),
});

/** [time·batch, units] as one [batch, units] for each step. */
const inSteps = (onnx: OnnxBuilder, rows: string, time: number): readonly string[] =>
  time === 1 ? [rows] : onnx.ops('Split', [rows], time, { axis: 0 });

const sizes = ({ inputs: [x, W] }: Node) => ({
  time: fixedSize(x.shape, 0),
  features: fixedSize(x.shape, 2),
  units: fixedSize(W.shape, 1),
});

/**
 * All hidden states of an LSTM that starts from zero.
 * @param training whether what the derivative needs is kept; otherwise it is one standard operator
 */
export const lstm = (graph: Graph, x: Tensor, weights: LstmWeights, training: boolean): Tensor =>
  graph.apply(forward, [x, ...listLstmWeights(weights)], { training })[0];

/** In the order of the operators' inputs. */
export const listLstmWeights = (weights: LstmWeights): Tensor[] => [
  weights.inputInput,
  weights.inputForget,
  weights.inputCandidate,
  weights.inputOutput,
  weights.recurrentInput,
  weights.recurrentForget,
  weights.recurrentCandidate,
  weights.recurrentOutput,
  weights.biasInput,
  weights.biasForget,
  weights.biasCandidate,
  weights.biasOutput,
];
