import { LearnError } from '../errors.js';
import { add } from '../operators/arithmetic.js';
import type { Graph, Tensor } from './graph.js';

/**
 * Reverse-mode differentiation: adds to the graph the nodes that yield d loss / d x for every wanted tensor.
 * Only what lies between the wanted tensors and the loss is differentiated, so frozen weights cost nothing.
 * @param loss tensor of shape [1]
 * @throws LearnError where the loss does not depend on a wanted tensor, or an operator has no derivative.
 */
export function buildGradients(graph: Graph, loss: Tensor, wanted: readonly Tensor[]): Tensor[] {
  const reached = new Set(wanted);
  const forward = [...graph.nodes];
  for (const node of forward) {
    if (node.inputs.some((input) => reached.has(input))) for (const output of node.outputs) reached.add(output);
  }

  const gradients = new Map<Tensor, Tensor>([[loss, graph.constant([1], [1])]]);
  for (const node of forward.reverse()) {
    const outputGradients = node.outputs.map((output) => gradients.get(output));
    const wantedInputs = node.inputs.map((input) => reached.has(input));
    if (!wantedInputs.includes(true) || outputGradients.every((gradient) => gradient === undefined)) continue;
    const { gradient } = node.operator;
    if (!gradient) throw new LearnError(`${node.operator.name} has no derivative.`, { where: `layer ${node.layer}` });
    const parts = graph.within(node.layer, () => gradient({ graph, node, outputGradients, wanted: wantedInputs }));
    for (const [position, input] of node.inputs.entries()) {
      const part = parts[position];
      if (!wantedInputs[position] || !part) continue;
      const sum = gradients.get(input);
      gradients.set(input, sum ? add(graph, sum, part) : part);
    }
  }

  return wanted.map((tensor, position) => {
    const gradient = gradients.get(tensor);
    if (!gradient) throw new LearnError(`the loss does not depend on wanted tensor ${position}.`);
    return gradient;
  });
}
