import type { Graph, Operator, Tensor } from '../graph/graph.js';
import type { OnnxBuilder } from '../onnx/builder.js';
import type { BinaryName, UnaryName } from '../wasm/calls.js';

/** Elementwise nonlinearities whose derivative follows from their own output y. */
function activation(
  name: string,
  type: string,
  kernels: { readonly forward: UnaryName; readonly backward: BinaryName },
  derivative: (onnx: OnnxBuilder, y: string, g: string) => string,
) {
  const backward: Operator = {
    name: `${name} gradient`,
    shapes: ([y]) => [y],
    emit: (onnx, [y, g]) => [derivative(onnx, y, g)],
    compute: (program, [y, g], [dx]) => {
      program.overwrite(dx, g);
      program.binary(kernels.backward, g, y, dx);
    },
  };
  const forward: Operator = {
    name,
    shapes: ([x]) => [x],
    emit: (onnx, inputs) => [onnx.op(type, inputs)],
    compute: (program, [x], [y]) => {
      program.overwrite(y, x);
      program.unary(kernels.forward, x, y);
    },
    gradient: ({ graph, node, outputGradients: [g] }) => graph.apply(backward, [node.outputs[0], g!]),
  };
  return (graph: Graph, x: Tensor): Tensor => graph.apply(forward, [x])[0];
}

/**
 * One where y ≥ 0 is above 0, else 0. ONNX Runtime's `Sign` takes five times as long as max(0, min(1, α·y)), which it
 * has in single precision; only y below 1/α, as good as never, comes out in between.
 */
const isPositive = (onnx: OnnxBuilder, y: string) =>
  onnx.realType === 'float32'
    ? onnx.op('HardSigmoid', [y], { alpha: { float: 1e30 }, beta: { float: 0 } })
    : onnx.op('Sign', [y]);

/** max(x, 0); the derivative at 0 is taken as 0. */
export const relu = activation('ReLU', 'Relu', { forward: 'relu', backward: 'gate' }, (onnx, y, g) =>
  onnx.op('Mul', [g, isPositive(onnx, y)]),
);

/** tanh x, derivative 1 − y². */
export const tanh = activation('tanh', 'Tanh', { forward: 'tanh', backward: 'tanhGradient' }, (onnx, y, g) =>
  onnx.op('Mul', [g, onnx.op('Sub', [onnx.real(1), onnx.op('Mul', [y, y])])]),
);

/** 1 / (1 + e⁻ˣ), derivative y (1 − y). */
export const sigmoid = activation(
  'sigmoid',
  'Sigmoid',
  { forward: 'sigmoid', backward: 'sigmoidGradient' },
  (onnx, y, g) => onnx.op('Mul', [g, onnx.op('Sub', [y, onnx.op('Mul', [y, y])])]),
);

/** eˣ, its own derivative. */
export const exponential = activation(
  'exponential',
  'Exp',
  { forward: 'exponential', backward: 'multiply' },
  (onnx, y, g) => onnx.op('Mul', [g, y]),
);
