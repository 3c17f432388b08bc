import { fixedSize, type Graph, type Node, type Operator, refuse, sequenceShape, type Tensor } from '../graph/graph.js';
import type { OnnxBuilder } from '../onnx/builder.js';
import type { ProgramBuilder } from '../wasm/builder.js';
import { type Matrix, type Region, reshaped, rowsOf, strided } from '../wasm/region.js';

/**
 * Pooling over time in blocks of `size` frames that do not overlap. Frames left over at the end are dropped.
 * x [time, batch, channels] to [floor(time / size), batch, channels].
 */
function pooling(
  name: string,
  reduce: (onnx: OnnxBuilder, taps: readonly string[]) => string,
  share: (onnx: OnnxBuilder, taps: readonly string[], g: string) => string[],
  kernels: {
    reduce: (program: ProgramBuilder, taps: readonly Matrix[], y: Matrix) => void;
    share: (program: ProgramBuilder, x: Region, g: Region, dx: Region, size: number) => void;
  },
) {
  const backward: Operator = {
    name: `${name} gradient`,
    shapes: ([x]) => [x],
    emit: (onnx, [x, g], node) => {
      const { size, time, channels, blocks } = sizes(node);
      const apart = share(onnx, takeApart(onnx, x, node), onnx.reshape(g, [blocks, 1, -1]));
      const joined = onnx.reshape(onnx.op('Concat', apart, { axis: 1 }), [blocks * size, -1, channels]);
      const left = time - blocks * size;
      return [left === 0 ? joined : onnx.op('Pad', [joined, onnx.whole([0, 0, 0, left, 0, 0])])];
    },
    compute: (program, [x, g], [dx], { attributes }) => {
      const [time, batch] = x.shape;
      const used = g.shape[0] * (attributes.size as number);
      kernels.share(program, x, g, dx, attributes.size as number);
      if (used < time) program.fill(rowsOf(dx, used * batch, (time - used) * batch), 0);
    },
  };
  const forward: Operator = {
    name,
    shapes: ([x], { size }) => {
      const { time, batch, channels } = sequenceShape(x);
      if (time < (size as number)) refuse(`at least ${size} frames`);
      return [[Math.floor(time / (size as number)), batch, channels]];
    },
    emit: (onnx, [x], node) => {
      const { channels, blocks } = sizes(node);
      return [onnx.reshape(reduce(onnx, takeApart(onnx, x, node)), [blocks, -1, channels])];
    },
    compute: (program, [x], [y], { attributes }) =>
      kernels.reduce(program, takeBlocks(x, y, attributes.size as number), oneRow(y)),
    gradient: ({ graph, node, outputGradients: [g] }) => graph.apply(backward, [node.inputs[0], g!], node.attributes),
  };
  return (graph: Graph, x: Tensor, size: number): Tensor => graph.apply(forward, [x], { size })[0];
}

function sizes({ inputs: [x], attributes }: Node) {
  const time = fixedSize(x.shape, 0);
  const size = attributes.size as number;
  return { time, size, channels: fixedSize(x.shape, 2), blocks: Math.floor(time / size) };
}

/** The first, second … frame of every block, each [blocks, 1, batch·channels]. */
function takeApart(onnx: OnnxBuilder, x: string, node: Node): readonly string[] {
  const { time, size, blocks } = sizes(node);
  const used = blocks * size === time ? x : onnx.slice(x, 0, 0, blocks * size);
  const together = onnx.reshape(used, [blocks, size, -1]);
  return size === 1 ? [together] : onnx.ops('Split', [together], size, { axis: 1 });
}

/** The same as rows of numbers, one for each block. */
function takeBlocks(x: Region, y: Region, size: number): readonly Matrix[] {
  const [blocks, batch, channels] = y.shape;
  const columns = batch * channels;
  return Array.from({ length: size }, (_, k) =>
    strided(x, { start: k * columns, rows: blocks, columns, stride: size * columns }),
  );
}

/** One row for each frame. */
const oneRow = (y: Region) => reshaped(y, y.shape[1] * y.shape[2]);

/** Greatest value of each block; of equal ones the first gets the gradient. */
export const maxPooling = pooling(
  'max pooling',
  (onnx, taps) => taps.reduce((greatest, tap) => onnx.op('Max', [greatest, tap])),
  (onnx, taps, g) => {
    const greatest = [taps[0]];
    for (const tap of taps.slice(1)) greatest.push(onnx.op('Max', [greatest.at(-1)!, tap]));
    const parts: string[] = [];
    let rest = g;
    for (let k = taps.length - 1; k > 0; k--) {
      const part = onnx.op('Mul', [rest, onnx.toReal(onnx.op('Greater', [taps[k], greatest[k - 1]]))]);
      rest = onnx.op('Sub', [rest, part]);
      parts.unshift(part);
    }
    return [rest, ...parts];
  },
  {
    reduce: (program, [first, ...others], y) => {
      if (others.length === 0) program.copy(first, y);
      for (const [k, tap] of others.entries()) program.binary('maximum', k === 0 ? first : y, tap, y);
    },
    share: (program, x, g, dx, size) =>
      program.call('maxPoolGradient', g.shape[0], size, g.shape[1] * g.shape[2], x, g, dx),
  },
);

/** Mean of each block. */
export const averagePooling = pooling(
  'average pooling',
  (onnx, taps) => onnx.op('Mul', [taps.reduce((sum, tap) => onnx.op('Add', [sum, tap])), onnx.real(1 / taps.length)]),
  (onnx, taps, g) => taps.map(() => onnx.op('Mul', [g, onnx.real(1 / taps.length)])),
  {
    reduce: (program, [first, ...others], y) => {
      program.affine(first, 1 / (others.length + 1), 0, y);
      const share = program.number(1 / (others.length + 1));
      for (const tap of others) program.binary('multiplyAdd', tap, share, y);
    },
    share: (program, _, g, dx, size) => {
      for (const tap of takeBlocks(dx, g, size)) program.affine(oneRow(g), 1 / size, 0, tap);
    },
  },
);
