import { type Graph, type Node, type Operator, refuse, sameShape, sequenceShape, type Tensor } from '../graph/graph.js';
import { reshaped, strided } from '../wasm/region.js';

/** Added to the score of a frame that has not come yet: e to it is 0. */
const UNSEEN = -1e9;

/**
 * Causal self-attention at one frame of a stream, as in `self-attention.ts`: for each head, p = softmax(q·kᵀ/√d),
 * y = p·v. q and y [1, 1, heads·d]; k and v [span, 1, heads·d], in any order; seen [span, 1, 1] is 1 for each
 * frame that has come and 0 for those before the stream's start. Without a derivative.
 */
const atFrame: Operator = {
  name: 'self-attention of a frame',
  shapes: ([q, k, v, seen], { heads }) => {
    const { time, batch, channels } = sequenceShape(q);
    const { time: span } = sequenceShape(k);
    if (time !== 1 || batch !== 1) refuse('one frame of one stream');
    if (!sameShape(k, [span, 1, channels]) || !sameShape(v, k)) refuse('keys and values of the size of the query');
    if (!sameShape(seen, [span, 1, 1])) refuse('what was seen, one number for each key');
    if (!Number.isInteger(channels / (heads as number))) refuse(`channels that ${heads} heads divide evenly`);
    return [q];
  },
  emit: (onnx, [q, k, v, seen], node) => {
    const { span, heads, size, scale } = sizes(node);
    const byHead = (x: string, time: number, perm: readonly number[]) =>
      onnx.op('Transpose', [onnx.reshape(x, [time, heads, size])], { perm });
    const scaled = onnx.op('Mul', [q, onnx.real(scale)]);
    const scores = onnx.op('MatMul', [byHead(scaled, 1, [1, 0, 2]), byHead(k, span, [1, 2, 0])]);
    const mask = onnx.op('Mul', [onnx.op('Sub', [onnx.real(1), seen]), onnx.real(UNSEEN)]);
    const masked = onnx.op('Add', [scores, onnx.reshape(mask, [1, 1, span])]);
    const y = onnx.op('MatMul', [onnx.op('Softmax', [masked], { axis: -1 }), byHead(v, span, [1, 0, 2])]);
    return [onnx.reshape(y, [1, 1, heads * size])];
  },
  compute: (program, [q, k, v, seen], [y], node) => {
    const { span, heads, size, scale } = sizes(node);
    const [mask, scores, weighed] = [program.room(span), program.room(span), program.room(span, size)];
    program.affine(seen, -UNSEEN, UNSEEN, reshaped(mask, 1));
    for (let head = 0; head < heads; head++) {
      const view = { start: head * size, columns: size, stride: heads * size };
      program.dot('columns', strided(k, { ...view, rows: span }), strided(q, { ...view, rows: 1 }), scores);
      program.affine(scores, scale, 0, scores);
      program.binary('add', scores, mask, scores);
      program.softmax('columns', scores, scores);
      program.binary('multiply', strided(v, { ...view, rows: span }), reshaped(scores, 1), weighed);
      program.sum('rows', weighed, program.part(y, head * size, [size]));
    }
  },
};

function sizes({ inputs: [q, k], attributes }: Node) {
  const { channels } = sequenceShape(q.shape);
  const heads = attributes.heads as number;
  return { span: sequenceShape(k.shape).time, heads, size: channels / heads, scale: 1 / Math.sqrt(channels / heads) };
}

export const selfAttentionOfFrame = (
  graph: Graph,
  q: Tensor,
  k: Tensor,
  v: Tensor,
  seen: Tensor,
  heads: number,
): Tensor => graph.apply(atFrame, [q, k, v, seen], { heads })[0];
