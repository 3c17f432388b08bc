import {
  fixedSize,
  type Graph,
  type Node,
  type Operator,
  refuse,
  type Shape,
  sameShape,
  sequenceShape,
  type Tensor,
} from '../graph/graph.js';
import type { OnnxBuilder } from '../onnx/builder.js';
import { frame, rowsOf } from '../wasm/region.js';
import { sumRows } from './arithmetic.js';

/**
 * Convolution over time with stride 1: y[t] = Σₖ x[t + k·dilation − left]·W[k] + b, zeros outside the window.
 * x [time, batch, channels], W [taps, channels, filters], b [filters].
 * `left` is how many frames it looks back: of the taps − 1 before the last, (taps − 1)/2 rounded down for 'same', all
 * for 'causal', each `dilation` frames from the next (Yu & Koltun 2016, arXiv 1511.07122, eq. 2).
 * In the time-major layout every tap is a block of rows of the padded sequence, so each direction is one GEMM per tap,
 * which adds to the one before. (Joining the taps into one wide matrix costs more in copies than one GEMM gains.)
 * Sequences too large for the cache are worked off frame by frame instead, the taps of a frame side by side.
 */
const forward: Operator = {
  name: 'convolution',
  shapes: ([x, weights, bias], { dilation }) => {
    const { time, batch, channels } = sequenceShape(x);
    if (weights.length !== 3 || weights[1] !== channels) refuse('weights [taps, channels of the input, filters]');
    if (bias && !sameShape(bias, [weights[2]])) refuse('one bias for each filter');
    if (!(Number.isInteger(dilation) && (dilation as number) >= 1)) refuse('a whole dilation of at least 1');
    return [[time, batch, weights[2]]];
  },
  emit: (onnx, [x, weights, bias], node) => {
    const { filters, time, left } = sizes(node);
    if (isLarge(node)) {
      const rows = onnx.rows(weights, filters);
      const frames = tapsOfFrames(onnx, x, node.inputs[0].shape, node, left);
      return [
        onnx.joinFrames(
          frames.map((frame) => onnx.gemm(frame, rows, bias)),
          filters,
        ),
      ];
    }
    const shifted = shift(onnx, x, node.inputs[0].shape, node, left);
    const y = perTap(onnx, weights, node).reduce(
      (sum: string | undefined, tap, k) => onnx.gemm(shifted[k], tap, sum),
      bias,
    );
    return [onnx.reshape(y!, [time, -1, filters])];
  },
  compute: (program, [x, weights, bias], [y], node) => {
    const packed = program.pack(weights);
    const { left, dilation } = sizes(node);
    for (const { start, frames, firstTap, taps } of findStretches(node, left)) {
      const [to, from] = [frame(y, start, frames), frame(x, start + firstTap * dilation - left, frames)];
      program.gemmTaps(to, from, packed, { taps, tapRows: dilation * x.shape[1], firstTap, bias });
    }
  },
  gradient: ({ graph, node, outputGradients: [g], wanted }) => {
    const [x, weights] = node.inputs;
    const apply = (operator: Operator) => graph.apply(operator, [x, weights, g!], node.attributes)[0];
    return [
      wanted[0] ? apply(inputGradient) : undefined,
      wanted[1] ? apply(weightGradient) : undefined,
      wanted[2] ? sumRows(graph, g!) : undefined,
    ];
  },
};

/** d/dx: the same convolution run backwards in time with W transposed. */
const inputGradient: Operator = {
  name: 'convolution input gradient',
  shapes: ([x]) => [x],
  emit: (onnx, [, weights, g], node) => {
    const { channels, time, left, reach } = sizes(node);
    if (isLarge(node)) {
      const flipped = onnx.op('Concat', perTap(onnx, weights, node).toReversed(), { axis: 1 });
      const frames = tapsOfFrames(onnx, g, node.inputs[2].shape, node, reach - left);
      return [
        onnx.joinFrames(
          frames.map((frame) => onnx.gemm(frame, flipped, undefined, { b: true })),
          channels,
        ),
      ];
    }
    const shifted = shift(onnx, g, node.inputs[2].shape, node, reach - left).toReversed();
    const x = perTap(onnx, weights, node).reduce(
      (sum: string | undefined, tap, k) => onnx.gemm(shifted[k], tap, sum, { b: true }),
      undefined,
    );
    return [onnx.reshape(x!, [time, -1, channels])];
  },
  compute: (program, [, weights, g], [dx], node) => {
    const { taps: count, channels, filters, left, dilation, reach } = sizes(node);
    const packed = program.makePacked(count * filters, channels);
    for (let k = 0; k < count; k++) {
      const tap = rowsOf(weights, (count - 1 - k) * channels, channels);
      program.packRows(packed, k * filters, tap, { transpose: true });
    }
    const right = reach - left;
    for (const { start, frames, firstTap, taps } of findStretches(node, right)) {
      const [to, from] = [frame(dx, start, frames), frame(g, start + firstTap * dilation - right, frames)];
      program.gemmTaps(to, from, packed, { taps, tapRows: dilation * g.shape[1], firstTap });
    }
  },
};

const weightGradient: Operator = {
  name: 'convolution weight gradient',
  shapes: ([, weights]) => [weights],
  emit: (onnx, [x, , g], node) => {
    const { time, taps, channels, filters, left } = sizes(node);
    if (isLarge(node)) {
      const gs = onnx.frames(g, time, filters);
      const frames = tapsOfFrames(onnx, x, node.inputs[0].shape, node, left);
      const transposed = frames.reduce(
        (sum: string | undefined, frame, t) => onnx.gemm(gs[t], frame, sum, { a: true }),
        undefined,
      );
      return [onnx.reshape(onnx.op('Transpose', [transposed!], { perm: [1, 0] }), [taps, channels, filters])];
    }
    const rows = onnx.rows(g, filters);
    const products = shift(onnx, x, node.inputs[0].shape, node, left).map((shifted) =>
      onnx.gemm(shifted, rows, undefined, { a: true }),
    );
    const joined = taps === 1 ? products[0] : onnx.op('Concat', products, { axis: 0 });
    return [onnx.reshape(joined, [taps, channels, filters])];
  },
  compute: (program, [x, , g], [dWeights], node) => {
    const { channels, left, dilation } = sizes(node);
    program.fill(dWeights, 0);
    for (const { start, frames, firstTap, taps } of findStretches(node, left)) {
      const to = rowsOf(dWeights, firstTap * channels, taps * channels);
      const from = frame(x, start + firstTap * dilation - left, frames);
      const options = { taps, tapRows: dilation * x.shape[1], accumulate: true };
      program.gemmTransposedTaps(to, from, frame(g, start, frames), options);
    }
  },
};

/** Stretches of frames that see the same taps, those that fall inside the window: few at its edges, all within. */
function findStretches(node: Node, left: number) {
  const { time, taps: count, dilation } = sizes(node);
  const stretches: { start: number; frames: number; firstTap: number; taps: number }[] = [];
  for (let t = 0; t < time; t++) {
    const firstTap = Math.ceil(Math.max(0, left - t) / dilation);
    const taps = Math.min(count, Math.floor((time - 1 + left - t) / dilation) + 1) - firstTap;
    const last = stretches.at(-1);
    if (last?.firstTap === firstTap && last.taps === taps) last.frames++;
    else stretches.push({ start: t, frames: 1, firstTap, taps });
  }
  return stretches;
}

function sizes({ inputs: [x, weights], attributes }: Node) {
  const taps = fixedSize(weights.shape, 0);
  const dilation = attributes.dilation as number;
  return {
    time: fixedSize(x.shape, 0),
    taps,
    channels: fixedSize(weights.shape, 1),
    filters: fixedSize(weights.shape, 2),
    left: attributes.left as number,
    dilation,
    /** Frames between the first tap and the last. */
    reach: (taps - 1) * dilation,
  };
}

/** The weights of each tap, [channels, filters]. */
function perTap(onnx: OnnxBuilder, weights: string, node: Node): readonly string[] {
  const { taps, filters } = sizes(node);
  const rows = onnx.rows(weights, filters);
  return taps === 1 ? [rows] : onnx.ops('Split', [rows], taps, { axis: 0 });
}

/** Whether the wider of the two sequences has more than a million bytes: half of a second-level cache. */
function isLarge(node: Node): boolean {
  const { time, channels, filters } = sizes(node);
  const batch = node.inputs[0].shape[1];
  return typeof batch === 'number' && 4 * time * batch * Math.max(channels, filters) > 1e6;
}

/** For each frame t, x[t + k·dilation − left] of all taps k side by side, [batch, taps·channels]. */
function tapsOfFrames(onnx: OnnxBuilder, x: string, shape: Shape, node: Node, left: number): string[] {
  const { time, channels } = sequenceShape(shape);
  const { taps, dilation } = sizes(node);
  const frames = onnx.frames(x, time, channels);
  const zeros = onnx.op('Mul', [frames[0], onnx.real(0)]);
  return frames.map((_, t) => {
    const seen = Array.from({ length: taps }, (_, k) => frames[t + k * dilation - left] ?? zeros);
    return onnx.op('Concat', seen, { axis: 1 });
  });
}

/** For each tap k, the sequence x[t + k·dilation − left] as [time·batch, channels], zeros outside the window. */
function shift(onnx: OnnxBuilder, x: string, shape: Shape, node: Node, left: number): string[] {
  const { time, channels } = sequenceShape(shape);
  const { taps, dilation, reach } = sizes(node);
  if (taps === 1) return [onnx.rows(x, channels)];
  const padded = onnx.op('Pad', [x, onnx.whole([left, 0, 0, reach - left, 0, 0])]);
  const frames = (first: number) => onnx.rows(onnx.slice(padded, 0, first, first + time), channels);
  return Array.from({ length: taps }, (_, k) => frames(k * dilation));
}

/** Convolution over time; see above for the shapes. */
export const convolution = (
  graph: Graph,
  x: Tensor,
  weights: Tensor,
  bias: Tensor | undefined,
  padding: 'same' | 'causal',
  dilation = 1,
): Tensor => {
  const taps = fixedSize(weights.shape, 0);
  const left = (padding === 'same' ? Math.floor((taps - 1) / 2) : taps - 1) * dilation;
  return graph.apply(forward, bias ? [x, weights, bias] : [x, weights], { left, dilation })[0];
};
