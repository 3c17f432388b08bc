import type { Graph, Operator, Tensor } from '../graph/graph.js';
import type { OnnxBuilder } from '../onnx/builder.js';

/** Elementwise nonlinearities whose derivative follows from their own output y. */
function activation(name: string, type: string, derivative: (onnx: OnnxBuilder, y: string, g: string) => string) {
  const backward: Operator = {
    name: `${name} gradient`,
    shapes: ([y]) => [y],
    emit: (onnx, [y, g]) => [derivative(onnx, y, g)],
  };
  const forward: Operator = {
    name,
    shapes: ([x]) => [x],
    emit: (onnx, inputs) => [onnx.op(type, inputs)],
    gradient: ({ graph, node, outputGradients: [g] }) => graph.apply(backward, [node.outputs[0], g!]),
  };
  return (graph: Graph, x: Tensor): Tensor => graph.apply(forward, [x])[0];
}

/** max(x, 0); the derivative at 0 is taken as 0. */
export const relu = activation('ReLU', 'Relu', (onnx, y, g) => onnx.op('Mul', [g, onnx.op('Sign', [y])]));

/** tanh x, derivative 1 − y². */
export const tanh = activation('tanh', 'Tanh', (onnx, y, g) =>
  onnx.op('Mul', [g, onnx.op('Sub', [onnx.real(1), onnx.op('Mul', [y, y])])]),
);

/** 1 / (1 + e⁻ˣ), derivative y (1 − y). */
export const sigmoid = activation('sigmoid', 'Sigmoid', (onnx, y, g) =>
  onnx.op('Mul', [g, onnx.op('Sub', [y, onnx.op('Mul', [y, y])])]),
);
