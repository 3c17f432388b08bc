import { OnnxBuilder } from '../onnx/builder.js';
import type { RealType } from '../onnx/model.js';
import type { Graph, Tensor } from './graph.js';

/**
 * Emits the part of a graph that the named outputs need as an ONNX model of ordinary operators.
 * @param realType double precision exists for proofs of gradients; some operators then take a plainer form
 */
export function emitOnnx(
  graph: Graph,
  outputs: Readonly<Record<string, Tensor>>,
  { metadata = {}, realType = 'float32' }: { metadata?: Record<string, string>; realType?: RealType } = {},
): Uint8Array {
  const onnx = new OnnxBuilder(realType);
  const { nodes, tensors: needed } = graph.findNeeded(Object.values(outputs));
  const names = new Map<Tensor, string>();
  const inputs = [...graph.inputs].filter(([, tensor]) => needed.has(tensor));
  for (const [name, tensor] of inputs) names.set(tensor, name);
  for (const [tensor, values] of graph.constants) {
    if (!needed.has(tensor)) continue;
    names.set(tensor, onnx.real(values, tensor.shape as readonly number[], graph.constantNames.get(tensor)));
  }
  const nameOf = (tensor: Tensor): string => names.get(tensor)!;
  for (const node of nodes) {
    const emitted = node.operator.emit(onnx, node.inputs.map(nameOf), node);
    for (const [position, output] of node.outputs.entries()) names.set(output, emitted[position]);
  }
  const results = Object.entries(outputs).map(([name, tensor]) => {
    onnx.rename(nameOf(tensor), name);
    return { name, shape: tensor.shape };
  });
  return onnx.write(
    inputs.map(([name, tensor]) => ({ name, shape: tensor.shape })),
    results,
    metadata,
  );
}
