import { fixedSize, type Graph, type Node, type Operator, refuse, sequenceShape, type Tensor } from '../graph/graph.js';
import type { OnnxBuilder } from '../onnx/builder.js';

/**
 * Pooling over time in blocks of `size` frames that do not overlap. Frames left over at the end are dropped.
 * x [time, batch, channels] to [floor(time / size), batch, channels].
 */
function pooling(
  name: string,
  reduce: (onnx: OnnxBuilder, taps: readonly string[]) => string,
  share: (onnx: OnnxBuilder, taps: readonly string[], g: string) => string[],
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
);

/** Mean of each block. */
export const averagePooling = pooling(
  'average pooling',
  (onnx, taps) => onnx.op('Mul', [taps.reduce((sum, tap) => onnx.op('Add', [sum, tap])), onnx.real(1 / taps.length)]),
  (onnx, taps, g) => taps.map(() => onnx.op('Mul', [g, onnx.real(1 / taps.length)])),
);
