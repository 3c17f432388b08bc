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
import { frame, type Region } from '../wasm/region.js';

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
    node.attributes.training ? emitSteps(onnx, inputs, node) : [emitGru(onnx, inputs, sizes(node).units)],
  compute: (program, [x, Wr, Wz, Wn, Ur, Uz, Un, br, bz, bn, cn], outputs) => {
    const [h] = outputs;
    const [r, z, q, n] =
      outputs.length > 1 ? outputs.slice(1) : [h, h, h, h].map(({ shape }) => program.room(...shape));
    // What comes from the inputs, for all steps at once, in the place of the gates.
    program.gemm(r, x, Wr, { bias: br });
    program.gemm(z, x, Wz, { bias: bz });
    program.gemm(n, x, Wn, { bias: bn });
    const [time, batch, units] = h.shape;
    const [packedR, packedZ, packedN] = [Ur, Uz, Un].map((U) => program.rightOf(batch, U));
    for (let t = 0; t < time; t++) {
      if (t === 0) program.copy(cn, frame(q, 0));
      else {
        const before = frame(h, t - 1);
        program.gemm(frame(r, t), before, packedR, { accumulate: true });
        program.gemm(frame(z, t), before, packedZ, { accumulate: true });
        program.gemm(frame(q, t), before, packedN, { bias: cn });
      }
      const at = (value: Region, step = t) => program.part(value, step * batch * units, [batch, units]);
      program.call('gruStep', batch * units, at(r), at(z), at(q), at(n), t === 0 ? 0 : at(h, t - 1), at(h));
    }
  },
  gradient: ({ graph, node, outputGradients: [g] }) => graph.apply(backward, [...node.inputs, ...node.outputs, g!]),
};

/**
 * Inference: the standard operator. Its gates are in the order z, r, n and its weights transposed.
 * @param initial the state [1, batch, units] that it starts from; zero without one
 */
export function emitGru(onnx: OnnxBuilder, inputs: readonly string[], units: number, initial?: string): string {
  const [x, Wr, Wz, Wn, Ur, Uz, Un, br, bz, bn, cn] = inputs;
  const gates = (z: string, r: string, n: string) => {
    const joined = onnx.op('Concat', [z, r, n], { axis: 1 });
    return onnx.op('Unsqueeze', [onnx.op('Transpose', [joined], { perm: [1, 0] }), onnx.whole([0])]);
  };
  const none = onnx.op('Mul', [br, onnx.real(0)]);
  const biases = onnx.reshape(onnx.op('Concat', [bz, br, bn, none, none, cn], { axis: 0 }), [1, 6 * units]);
  const start = initial === undefined ? [] : ['', initial];
  const y = onnx.op('GRU', [x, gates(Wz, Wr, Wn), gates(Uz, Ur, Un), biases, ...start], {
    hidden_size: units,
    linear_before_reset: 1,
  });
  return onnx.op('Squeeze', [y, onnx.whole([1])]);
}

/**
 * Training: one node for every product and gate of every step; returns h, r, z, q, n of all steps. Everything is done
 * step by step, forwards and backwards, because a step's numbers stay in the cache and those of all steps do not.
 */
function emitSteps(onnx: OnnxBuilder, inputs: readonly string[], node: Node): string[] {
  const { units } = sizes(node);
  const [x, Wr, Wz, Wn, Ur, Uz, Un, br, bz, bn, cn] = inputs;
  const { op } = shorthand(onnx);
  const xs = framesWithOnes(onnx, x, node);
  const withBias = (W: string, b: string) => op('Concat', W, onnx.reshape(b, [1, units]));
  const [Vr, Vz, Vn] = [withBias(Wr, br), withBias(Wz, bz), withBias(Wn, bn)];
  const [hs, rs, zs, qs, ns]: string[][] = [[], [], [], [], []];
  for (const [t, x] of xs.entries()) {
    const h = t > 0 ? hs[t - 1] : undefined;
    const gate = (V: string, U: string) => {
      const sum = onnx.gemm(x, V);
      return op('Sigmoid', h ? onnx.gemm(h, U, sum) : sum);
    };
    const [r, z] = [gate(Vr, Ur), gate(Vz, Uz)];
    const q = h ? onnx.gemm(h, Un, cn) : op('Expand', cn, op('Shape', r));
    const n = op('Tanh', onnx.gemm(x, Vn, op('Mul', r, q)));
    hs.push(h ? op('Add', n, op('Mul', z, op('Sub', h, n))) : op('Sub', n, op('Mul', z, n)));
    rs.push(r);
    zs.push(z);
    qs.push(q);
    ns.push(n);
  }
  return [hs, rs, zs, qs, ns].map((steps) => onnx.joinFrames(steps, units));
}

/**
 * With a the pre-activations and g[t] = d loss / d h[t] (direct part plus what comes back from later steps):
 *   da_n = g∘(1 − z)∘(1 − n²)    dq = da_n∘r    da_r = da_n∘q∘r(1 − r)    da_z = g∘(h[t−1] − n)∘z(1 − z)
 *   g[t−1] += g∘z + da_r·Urᵀ + da_z·Uzᵀ + dq·Unᵀ
 */
const backward: Operator = {
  name: 'GRU gradient',
  shapes: (inputs) => inputs.slice(0, 11),
  emit: (onnx, inputs, node) => {
    const { time, features, units } = sizes(node);
    const [x, Wr, Wz, Wn, Ur, Uz, Un] = inputs;
    const { op } = shorthand(onnx);
    const xs = framesWithOnes(onnx, x, node);
    const [h, r, z, q, n, direct] = inputs.slice(11).map((value) => onnx.frames(value, time, units));
    const across = (a: string, d: string, sum?: string) => onnx.gemm(a, d, sum, { a: true });
    const back = (d: string, weights: string, sum?: string) => onnx.gemm(d, weights, sum, { b: true });

    const one = onnx.real(1);
    const dx: string[] = [];
    // V stands for W with b as one more row.
    let [dVr, dVz, dVn, dUr, dUz, dUn, dcn]: (string | undefined)[] = [];
    let g = direct[time - 1];
    for (let t = time - 1; t >= 0; t--) {
      const gn = op('Sub', g, op('Mul', g, z[t]));
      const kept = t > 0 ? op('Mul', z[t], op('Sub', h[t - 1], n[t])) : op('Neg', op('Mul', z[t], n[t]));
      const dz = op('Mul', gn, kept);
      const dn = op('Mul', gn, op('Sub', one, op('Mul', n[t], n[t])));
      const dq = op('Mul', dn, r[t]);
      const dr = op('Mul', dn, op('Mul', op('Mul', r[t], q[t]), op('Sub', one, r[t])));
      dx.unshift(back(dn, Wn, back(dz, Wz, back(dr, Wr))));
      [dVr, dVz, dVn] = [across(xs[t], dr, dVr), across(xs[t], dz, dVz), across(xs[t], dn, dVn)];
      dcn = dcn ? op('Add', dcn, dq) : dq;
      if (t === 0) break;
      [dUr, dUz, dUn] = [across(h[t - 1], dr, dUr), across(h[t - 1], dz, dUz), across(h[t - 1], dq, dUn)];
      g = back(dz, Uz, back(dr, Ur, back(dq, Un, op('Add', direct[t - 1], op('Mul', g, z[t])))));
    }
    const apart = [dVr!, dVz!, dVn!].map((dV) => onnx.ops('Split', [dV, onnx.whole([features, 1])], 2, { axis: 0 }));
    return [
      onnx.joinFrames(dx, features),
      ...apart.map(([dW]) => dW),
      // A window of one step never comes to the recurrent weights.
      ...[dUr, dUz, dUn].map((dU) => dU ?? op('Mul', Ur, onnx.real(0))),
      ...apart.map(([, db]) => onnx.reshape(db, [units])),
      onnx.sum(dcn!, 0),
    ];
  },
  compute: (program, inputs, outputs) => {
    const [x, Wr, Wz, Wn, Ur, Uz, Un] = inputs;
    const [h, r, z, q, n, direct] = inputs.slice(11);
    const [dx, dWr, dWz, dWn, dUr, dUz, dUn, dbr, dbz, dbn, dcn] = outputs;
    const [time, batch, units] = h.shape;
    const [dr, dz, dq, dn] = Array.from({ length: 4 }, () => program.room(time, batch, units));
    const g = program.room(batch, units);
    const [packedR, packedZ, packedN] = [Ur, Uz, Un].map((U) => program.pack(U, { transpose: true }));
    for (let t = time - 1; t >= 0; t--) {
      const at = (value: Region, step = t) => program.part(value, step * batch * units, [batch, units]);
      const whole = t === time - 1 ? at(direct) : g;
      const before =
        t === 0
          ? [0, at(dr), at(dz), at(dq), at(dn), 0, 0]
          : [at(h, t - 1), at(dr), at(dz), at(dq), at(dn), at(direct, t - 1), g];
      program.call('gruStepGradient', batch * units, whole, at(r), at(z), at(q), at(n), ...before);
      if (t === 0) break;
      program.gemm(g, at(dq), packedN, { accumulate: true });
      program.gemm(g, at(dr), packedR, { accumulate: true });
      program.gemm(g, at(dz), packedZ, { accumulate: true });
    }
    program.gemm(dx, dr, Wr, { transposeB: true });
    program.gemm(dx, dz, Wz, { transposeB: true, accumulate: true });
    program.gemm(dx, dn, Wn, { transposeB: true, accumulate: true });
    const rest = time - 1;
    for (const [d, dW, db] of [
      [dr, dWr, dbr],
      [dz, dWz, dbz],
      [dn, dWn, dbn],
    ]) {
      program.gemm(dW, x, d, { transposeA: true });
      program.sum('rows', d, db);
    }
    // The state before the first step is zero.
    for (const [d, dU] of [
      [dr, dUr],
      [dz, dUz],
      [dq, dUn],
    ]) {
      program.gemm(dU, frame(h, 0, rest), frame(d, 1 % time, rest), { transposeA: true });
    }
    program.sum('rows', dq, dcn);
  },
};

const shorthand = (onnx: OnnxBuilder) => ({
  op: (type: string, ...inputs: string[]) => onnx.op(type, inputs, type === 'Concat' ? { axis: 0 } : {}),
});

/** The frames of x, each with a column of ones at its end: the bias then is one more row of the weights. */
function framesWithOnes(onnx: OnnxBuilder, x: string, node: Node): readonly string[] {
  const { time, features } = sizes(node);
  const padded = onnx.op('Pad', [x, onnx.whole([0, 0, 0, 0, 0, 1]), onnx.real(1)]);
  return onnx.frames(padded, time, features + 1);
}

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
  graph.apply(forward, [x, ...listGruWeights(weights)], { training })[0];

/** In the order of the operators' inputs. */
export const listGruWeights = (weights: GruWeights): Tensor[] => [
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
];
