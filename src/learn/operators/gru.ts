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

/**
 * Gated recurrent unit (Cho et al. 2014, arXiv 1406.1078), in the variant whose reset gate acts after the recurrent
 * product (`linear_before_reset` of ONNX; cuDNN and PyTorch compute the same):
 *   r = σ(x·Wr + h·Ur + br)      z = σ(x·Wz + h·Uz + bz)
 *   q = h·Un + cn                n = tanh(x·Wn + bn + r∘q)
 *   h' = n + z∘(h − n)           h[−1] = 0
 * x [time, batch, features]; W [features, units]; U [units, units]; biases [units]; result [time, batch, units].
 * Each gate has one bias; PyTorch's two for r and z only ever act as their sum.
 */
export interface GruWeights {
  readonly inputReset: Tensor;
  readonly inputUpdate: Tensor;
  readonly inputCandidate: Tensor;
  readonly recurrentReset: Tensor;
  readonly recurrentUpdate: Tensor;
  readonly recurrentCandidate: Tensor;
  readonly biasReset: Tensor;
  readonly biasUpdate: Tensor;
  readonly biasCandidate: Tensor;
  readonly biasRecurrentCandidate: Tensor;
}

const forward: Operator = {
  name: 'GRU',
  shapes: ([x, ...weights], attributes) => {
    const { time, batch, channels } = sequenceShape(x);
    const units = fixedSize(weights[3], -1);
    if (!weights.slice(0, 3).every((shape) => sameShape(shape, [channels, units]))) refuse('W [features, units]');
    if (!weights.slice(3, 6).every((shape) => sameShape(shape, [units, units]))) refuse('U [units, units]');
    if (!weights.slice(6).every((shape) => sameShape(shape, [units]))) refuse('biases [units]');
    return Array.from({ length: attributes.training ? 5 : 1 }, () => [time, batch, units]);
  },
  emit: (onnx, inputs, node) =>
    node.attributes.training ? emitSteps(onnx, inputs, node) : [emitOperator(onnx, inputs, sizes(node).units)],
  gradient: ({ graph, node, outputGradients: [g] }) => graph.apply(backward, [...node.inputs, ...node.outputs, g!]),
};

/** Inference: the standard operator. Its gates are in the order z, r, n and its weights transposed. */
function emitOperator(onnx: OnnxBuilder, inputs: readonly string[], units: number): string {
  const [x, Wr, Wz, Wn, Ur, Uz, Un, br, bz, bn, cn] = inputs;
  const gates = (z: string, r: string, n: string) => {
    const joined = onnx.op('Concat', [z, r, n], { axis: 1 });
    return onnx.op('Unsqueeze', [onnx.op('Transpose', [joined], { perm: [1, 0] }), onnx.whole([0])]);
  };
  const none = onnx.op('Mul', [br, onnx.real(0)]);
  const biases = onnx.reshape(onnx.op('Concat', [bz, br, bn, none, none, cn], { axis: 0 }), [1, 6 * units]);
  const y = onnx.op('GRU', [x, gates(Wz, Wr, Wn), gates(Uz, Ur, Un), biases], {
    hidden_size: units,
    linear_before_reset: 1,
  });
  return onnx.op('Squeeze', [y, onnx.whole([1])]);
}

/** Training: one node for every product and gate of every step; returns h, r, z, q, n of all steps. */
function emitSteps(onnx: OnnxBuilder, inputs: readonly string[], node: Node): string[] {
  const { time, features, units } = sizes(node);
  const [x, Wr, Wz, Wn, Ur, Uz, Un, br, bz, bn, cn] = inputs;
  const rows = onnx.rows(x, features);
  const steps = (weights: string, bias: string) => inSteps(onnx, onnx.gemm(rows, weights, bias), time);
  const [xr, xz, xn] = [steps(Wr, br), steps(Wz, bz), steps(Wn, bn)];
  const [hs, rs, zs, qs, ns]: string[][] = [[], [], [], [], []];
  const { op } = shorthand(onnx);
  for (let t = 0; t < time; t++) {
    const h = hs.at(-1);
    const r = op('Sigmoid', h ? onnx.gemm(h, Ur, xr[t]) : xr[t]);
    const z = op('Sigmoid', h ? onnx.gemm(h, Uz, xz[t]) : xz[t]);
    const q = h ? onnx.gemm(h, Un, cn) : op('Expand', cn, op('Shape', xn[t]));
    const n = op('Tanh', op('Add', xn[t], op('Mul', r, q)));
    hs.push(h ? op('Add', n, op('Mul', z, op('Sub', h, n))) : op('Sub', n, op('Mul', z, n)));
    rs.push(r);
    zs.push(z);
    qs.push(q);
    ns.push(n);
  }
  return [hs, rs, zs, qs, ns].map((steps) => onnx.reshape(op('Concat', ...steps), [time, -1, units]));
}

/**
 * With a the pre-activations and g[t] = d loss / d h[t] (direct part plus what comes back from later steps):
 *   da_n = g∘(1 − z)∘(1 − n²)    dq = da_n∘r    da_r = da_n∘q∘r(1 − r)    da_z = g∘(h[t−1] − n)∘z(1 − z)
 *   g[t−1] += g∘z + da_r·Urᵀ + da_z·Uzᵀ + dq·Unᵀ
 * Only that last line runs step by step; its factors, and the gradients of the weights, are computed for all steps at
 * once. (Computing the gates again from the states instead of keeping them was slower by a tenth of a training step.)
 */
const backward: Operator = {
  name: 'GRU gradient',
  shapes: (inputs) => inputs.slice(0, 11),
  emit: (onnx, inputs, node) => {
    const { time, features, units } = sizes(node);
    const [x3, Wr, Wz, Wn, Ur, Uz, Un] = inputs;
    const { op } = shorthand(onnx);
    const x = onnx.rows(x3, features);
    const [r, z, q, n, direct] = inputs.slice(12).map((value) => onnx.rows(value, units));
    const h = onnx.rows(op('Pad', inputs[11], onnx.whole([1, 0, 0, -1, 0, 0])), units);

    const one = onnx.real(1);
    const toN = op('Mul', op('Sub', one, z), op('Sub', one, op('Mul', n, n)));
    const toQ = op('Mul', toN, r);
    const toR = op('Mul', op('Mul', toQ, q), op('Sub', one, r));
    const toZ = op('Mul', op('Sub', h, n), op('Sub', z, op('Mul', z, z)));

    const part = (value: string) => inSteps(onnx, value, time);
    const [stepQ, stepR, stepZ, stepKept] = [part(toQ), part(toR), part(toZ), part(z)];
    const steps = [...part(direct)];
    for (let t = time - 1; t > 0; t--) {
      const g = steps[t];
      const kept = op('Add', steps[t - 1], op('Mul', g, stepKept[t]));
      const back = (sum: string, factor: string, U: string) => onnx.gemm(op('Mul', g, factor), U, sum, { b: true });
      steps[t - 1] = back(back(back(kept, stepQ[t], Un), stepR[t], Ur), stepZ[t], Uz);
    }

    const g = op('Concat', ...steps);
    const [dr, dz, dq, dn] = [toR, toZ, toQ, toN].map((factor) => op('Mul', g, factor));
    const across = (a: string, b: string) => onnx.gemm(a, b, undefined, { a: true });
    const dx = [
      [dz, Wz],
      [dn, Wn],
    ].reduce((sum, [d, W]) => onnx.gemm(d, W, sum, { b: true }), onnx.gemm(dr, Wr, undefined, { b: true }));
    return [
      onnx.reshape(dx, [time, -1, features]),
      across(x, dr),
      across(x, dz),
      across(x, dn),
      across(h, dr),
      across(h, dz),
      across(h, dq),
      onnx.sum(dr, 0),
      onnx.sum(dz, 0),
      onnx.sum(dn, 0),
      onnx.sum(dq, 0),
    ];
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
 * All hidden states of a GRU that starts from zero.
 * @param training whether what the derivative needs is kept; otherwise it is one standard operator
 */
export const gru = (graph: Graph, x: Tensor, weights: GruWeights, training: boolean): Tensor =>
  graph.apply(
    forward,
    [
      x,
      weights.inputReset,
      weights.inputUpdate,
      weights.inputCandidate,
      weights.recurrentReset,
      weights.recurrentUpdate,
      weights.recurrentCandidate,
      weights.biasReset,
      weights.biasUpdate,
      weights.biasCandidate,
      weights.biasRecurrentCandidate,
    ],
    { training },
  )[0];
