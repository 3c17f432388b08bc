import type { Graph, Operator, Tensor } from '../graph/graph.js';

export const FIRST_DECAY = 0.9;
export const SECOND_DECAY = 0.999;
const EPSILON = 1e-8;

/**
 * One step of Adam (Kingma & Ba 2015, arXiv 1412.6980, algorithm 1) with the decoupled weight decay of AdamW
 * (Loshchilov & Hutter 2019, arXiv 1711.05101, algorithm 2). All tensors flat, of equal length, but for the rates:
 * `step` = learning rate / (1 − β₁ᵏ), `correction` = 1 / √(1 − β₂ᵏ), `shrink` = learning rate · weight decay, each [1].
 * `decayed` is one for the weights that decay and zero for the others (biases, gains).
 */
const adam: Operator = {
  name: 'Adam',
  shapes: ([weights]) => [weights, weights, weights],
  emit: (onnx, [weights, gradient, first, second, step, correction, shrink, decayed]) => {
    const mean = (old: string, value: string, decay: number) =>
      onnx.op('Add', [onnx.op('Mul', [old, onnx.real(decay)]), onnx.op('Mul', [value, onnx.real(1 - decay)])]);
    const nextFirst = mean(first, gradient, FIRST_DECAY);
    const nextSecond = mean(second, onnx.op('Mul', [gradient, gradient]), SECOND_DECAY);
    const scale = onnx.op('Add', [onnx.op('Mul', [onnx.op('Sqrt', [nextSecond]), correction]), onnx.real(EPSILON)]);
    const shrunk = onnx.op('Sub', [weights, onnx.op('Mul', [weights, onnx.op('Mul', [decayed, shrink])])]);
    const moved = onnx.op('Div', [onnx.op('Mul', [nextFirst, step]), scale]);
    return [onnx.op('Sub', [shrunk, moved]), nextFirst, nextSecond];
  },
};

/** Shortens a gradient whose norm exceeds `limit` to that norm (Pascanu, Mikolov & Bengio 2013, algorithm 1). */
const clipping: Operator = {
  name: 'gradient clipping',
  shapes: ([gradient]) => [gradient],
  emit: (onnx, [gradient], { attributes }) => {
    const limit = onnx.real(attributes.limit as number);
    const norm = onnx.op('Sqrt', [onnx.op('ReduceSumSquare', [gradient], { keepdims: 1 })]);
    return [onnx.op('Mul', [gradient, onnx.op('Div', [limit, onnx.op('Max', [norm, limit])])])];
  },
};

export interface AdamRates {
  readonly step: Tensor;
  readonly correction: Tensor;
  readonly shrink: Tensor;
  readonly decayed: Tensor;
}

export function adamStep(
  graph: Graph,
  state: { weights: Tensor; first: Tensor; second: Tensor },
  gradient: Tensor,
  { step, correction, shrink, decayed }: AdamRates,
) {
  const { weights, first, second } = state;
  const outputs = graph.apply(adam, [weights, gradient, first, second, step, correction, shrink, decayed]);
  return { weights: outputs[0], first: outputs[1], second: outputs[2] };
}

export const clipGradient = (graph: Graph, gradient: Tensor, limit: number): Tensor =>
  graph.apply(clipping, [gradient], { limit })[0];
