import { fixedSize, type Graph, type Operator, refuse, type Shape, type Tensor } from '../graph/graph.js';

/** All weights travel as one flat tensor, so that one optimiser step of a few operators updates them all. */

const unpackOperator: Operator = {
  name: 'unpack',
  shapes: ([flat], { sizes, shapes }) => {
    const total = (sizes as readonly number[]).reduce((sum, size) => sum + size, 0);
    if (fixedSize(flat, 0) !== total) refuse(`${total} weights`);
    return JSON.parse(shapes as string) as Shape[];
  },
  emit: (onnx, [flat], { attributes, outputs }) => {
    const sizes = attributes.sizes as readonly number[];
    const pieces =
      sizes.length === 1 ? [flat] : onnx.ops('Split', [flat, onnx.whole(sizes)], sizes.length, { axis: 0 });
    return pieces.map((piece, position) => {
      const { shape } = outputs[position];
      return shape.length === 1 ? piece : onnx.reshape(piece, shape as number[]);
    });
  },
  compute: (program, [flat], pieces) => {
    let start = 0;
    for (const piece of pieces) {
      program.share(piece, flat, start);
      start += piece.size;
    }
  },
};

const packOperator: Operator = {
  name: 'pack',
  shapes: (inputs) => [[inputs.reduce((sum, shape) => sum + elements(shape), 0)]],
  emit: (onnx, inputs) => [
    onnx.op(
      'Concat',
      inputs.map((input) => onnx.reshape(input, [-1])),
      { axis: 0 },
    ),
  ],
  compute: (program, parts, [flat]) => {
    let start = 0;
    for (const part of parts) {
      program.gather(part, flat, start);
      start += part.size;
    }
  },
};

const elements = (shape: Shape): number =>
  shape.reduce<number>((product, _, axis) => product * fixedSize(shape, axis), 1);

/** Takes a flat tensor apart into tensors of the given shapes, in order. Without a derivative. */
export const unpack = (graph: Graph, flat: Tensor, shapes: readonly (readonly number[])[]): Tensor[] =>
  graph.apply(unpackOperator, [flat], { sizes: shapes.map(elements), shapes: JSON.stringify(shapes) });

/** Joins tensors into one flat tensor, in order. Without a derivative. */
export const pack = (graph: Graph, parts: readonly Tensor[]): Tensor => graph.apply(packOperator, parts)[0];
