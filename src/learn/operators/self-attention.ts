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
import { type Matrix, type Region, reshaped, strided } from '../wasm/region.js';

/**
 * Scaled dot-product attention of several heads (Vaswani et al. 2017, arXiv 1706.03762, eq. 1 and section 3.2.2):
 * for each window and head, P = softmax(q·kᵀ/√d + mask), y = P·v.
 * q, k, v and y [time, batch, heads·d], the heads side by side; also keeps P [batch, heads·time, time] for the
 * derivative. Frame t looks at frames s in (t − span, t + span), of which a causal mask leaves s ≤ t.
 */
const forward: Operator = {
  name: 'self-attention',
  shapes: ([q, k, v], { heads, span }) => {
    const { time, batch, channels } = sequenceShape(q);
    if (!sameShape(q, k) || !sameShape(q, v)) refuse('queries, keys and values of one shape');
    if (!Number.isInteger(channels / (heads as number))) refuse(`channels that ${heads} heads divide evenly`);
    if (!((span as number) >= 1)) refuse('a span of at least one frame');
    return [q, [batch, (heads as number) * time, time]];
  },
  emit: (onnx, [q, k, v], node) => {
    const { time, size, heads, scale } = sizes(node);
    const scores = onnx.op('MatMul', [
      byHead(onnx, onnx.op('Mul', [q, onnx.real(scale)]), node, [1, 0, 2]),
      byHead(onnx, k, node, [1, 2, 0]),
    ]);
    const mask = makeMask(node);
    const masked = mask ? onnx.op('Add', [scores, onnx.real(mask, [time, time])]) : scores;
    const weights = onnx.op('Softmax', [masked], { axis: -1 });
    const y = onnx.op('MatMul', [weights, byHead(onnx, v, node, [1, 0, 2])]);
    return [byFrame(onnx, y, time, heads * size), onnx.reshape(weights, [-1, heads * time, time])];
  },
  compute: (program, [q, k, v], [y, weights], node) => {
    const { time, scale } = sizes(node);
    const scaled = program.room(...q.shape);
    program.affine(q, scale, 0, scaled);
    eachHead(q, node, (view, square) => program.gemm(square(weights), view(scaled), view(k), { transposeB: true }));
    const mask = makeMask(node);
    if (mask) {
      const heads = reshaped(weights, mask.length);
      program.binary('add', heads, program.numbers(mask, [1, mask.length]), heads);
    }
    program.softmax('columns', reshaped(weights, time), reshaped(weights, time));
    eachHead(q, node, (view, square) => program.gemm(view(y), square(weights), view(v)));
  },
  gradient: ({ graph, node, outputGradients: [g] }) =>
    graph.apply(backward, [...node.inputs, node.outputs[1], g!], node.attributes),
};

/** With S = q·kᵀ/√d: dv = Pᵀ·g; dS = softmax'(g·vᵀ); dq = dS·k/√d; dk = dSᵀ·q/√d. */
const backward: Operator = {
  name: 'self-attention gradient',
  shapes: ([q]) => [q, q, q],
  emit: (onnx, [q, k, v, weights, g], node) => {
    const { time, size, heads, scale } = sizes(node);
    const flip = (x: string) => onnx.op('Transpose', [x], { perm: [0, 2, 1] });
    const p = onnx.reshape(weights, [-1, time, time]);
    const gHeads = byHead(onnx, g, node, [1, 0, 2]);
    const product = onnx.op('Mul', [p, onnx.op('MatMul', [gHeads, byHead(onnx, v, node, [1, 2, 0])])]);
    const scores = onnx.op('Sub', [product, onnx.op('Mul', [p, onnx.sum(product, 2, true)])]);
    const scaled = onnx.op('Mul', [scores, onnx.real(scale)]);
    const dq = onnx.op('MatMul', [scaled, byHead(onnx, k, node, [1, 0, 2])]);
    const dk = onnx.op('MatMul', [flip(scaled), byHead(onnx, q, node, [1, 0, 2])]);
    const dv = onnx.op('MatMul', [flip(p), gHeads]);
    return [dq, dk, dv].map((d) => byFrame(onnx, d, time, heads * size));
  },
  compute: (program, [q, k, v, weights, g], [dq, dk, dv], node) => {
    const { time, scale } = sizes(node);
    const scores = program.room(...weights.shape);
    eachHead(q, node, (view, square) => program.gemm(square(scores), view(g), view(v), { transposeB: true }));
    const rows = reshaped(scores, time);
    program.softmaxGradient('columns', reshaped(weights, time), rows, rows);
    program.affine(scores, scale, 0, scores);
    eachHead(q, node, (view, square) => {
      program.gemm(view(dv), square(weights), view(g), { transposeA: true });
      program.gemm(view(dq), square(scores), view(k));
      program.gemm(view(dk), square(scores), view(q), { transposeA: true });
    });
  },
};

function sizes({ inputs: [q], attributes }: Node) {
  const { time, channels } = sequenceShape(q.shape);
  const heads = attributes.heads as number;
  return { time, heads, size: channels / heads, scale: 1 / Math.sqrt(channels / heads) };
}

/** [time, batch, heads·d] as [time, batch·heads, d], and those axes in another order. */
function byHead(onnx: OnnxBuilder, x: string, node: Node, perm: readonly number[]): string {
  const { time, size } = sizes(node);
  return onnx.op('Transpose', [onnx.reshape(x, [time, -1, size])], { perm });
}

/** The inverse of `byHead` with the order [1, 0, 2]. */
const byFrame = (onnx: OnnxBuilder, x: string, time: number, channels: number): string =>
  onnx.reshape(onnx.op('Transpose', [x], { perm: [1, 0, 2] }), [time, -1, channels]);

/** What is added to the scores [time, time]: so much is taken off what must not be seen that e to it is 0. */
function makeMask(node: Node): Float32Array | undefined {
  const { time } = sizes(node);
  const { causal, span } = node.attributes;
  if (!causal && (span as number) >= time) return undefined;
  return Float32Array.from({ length: time * time }, (_, at) => {
    const back = Math.floor(at / time) - (at % time);
    return Math.abs(back) < (span as number) && (back >= 0 || !causal) ? 0 : -1e9;
  });
}

/** Visits each window and head: `view` gives its [time, d] of a sequence, `square` its [time, time] of the weights. */
function eachHead(
  q: Region,
  node: Node,
  visit: (view: (x: Region) => Matrix, square: (p: Region) => Matrix) => void,
): void {
  const { time, heads, size } = sizes(node);
  const [, batch, channels] = q.shape;
  for (let row = 0; row < batch * heads; row++) {
    const [window, head] = [Math.floor(row / heads), row % heads];
    visit(
      (x) =>
        strided(x, {
          start: window * channels + head * size,
          rows: time,
          columns: size,
          stride: batch * channels,
        }),
      (p) => strided(p, { start: row * time * time, rows: time, columns: time, stride: time }),
    );
  }
}

export interface SelfAttentionOptions {
  readonly heads: number;
  /** Whether a frame sees none after it. */
  readonly causal: boolean;
  /** Frames that a frame sees in each direction, itself among them; infinite for all. */
  readonly span: number;
}

/** Each frame's mean of the values v, weighed by how its query q fits their keys k; see above. */
export const selfAttention = (
  graph: Graph,
  q: Tensor,
  k: Tensor,
  v: Tensor,
  { heads, causal, span }: SelfAttentionOptions,
): Tensor => graph.apply(forward, [q, k, v], { heads, causal, span: Math.min(span, fixedSize(q.shape, 0)) })[0];
