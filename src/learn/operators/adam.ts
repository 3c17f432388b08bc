import { type Graph, type Operator, refuse, sameShape, type Tensor } from '../graph/graph.js';
import { reshaped } from '../wasm/region.js';

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
  compute: (program, inputs, outputs) => {
    const [weights, gradient, first, second, ...rates] = inputs;
    for (const [position, old] of [weights, first, second].entries()) program.overwrite(outputs[position], old);
    const decays = [FIRST_DECAY, SECOND_DECAY, EPSILON];
    program.call('adam', weights.size, weights, gradient, first, second, ...rates, ...decays, ...outputs);
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
  compute: (program, [gradient], [clipped], { attributes }) => {
    const limit = program.number(attributes.limit as number);
    const share = program.room(1);
    const line = reshaped(gradient, gradient.size);
    program.dot('columns', line, line, share);
    program.unary('squareRoot', share, share);
    program.binary('maximum', share, limit, share);
    program.binary('divide', limit, share, share);
    program.overwrite(clipped, gradient);
    program.binary('multiply', gradient, share, clipped);
  },
};

/**
 * Decay towards given numbers instead of towards zero: x − rate·strength·(x − anchor), with a strength for each number
 * and one rate, that of learning. The L2-SP penalty of Li, Grandvalet & Davoine 2018, arXiv 1802.01483, eq. 2, decoupled from
 * the gradient as AdamW does with the decay to zero: within Adam's quotient the penalty would lose its strength.
 */
const pulling: Operator = {
  name: 'pull towards an anchor',
  shapes: ([x, anchor, strength]) => [
    sameShape(x, anchor) && sameShape(x, strength) ? x : refuse('an anchor and a strength for each number'),
  ],
  emit: (onnx, [x, anchor, strength, rate]) => {
    const pull = onnx.op('Mul', [onnx.op('Sub', [x, anchor]), onnx.op('Mul', [strength, rate])]);
    return [onnx.op('Sub', [x, pull])];
  },
  compute: (program, [x, anchor, strength, rate], [y]) => {
    const [off, pull] = [program.room(...x.shape), program.room(...x.shape)];
    program.binary('subtract', x, anchor, off);
    program.binary('multiply', strength, rate, pull);
    program.binary('multiply', off, pull, off);
    program.binary('subtract', x, off, y);
  },
};

/** old + rates·(next − old): a step shortened for each number by itself. */
const shortening: Operator = {
  name: 'shortened step',
  shapes: ([old, next, rates]) => [
    sameShape(old, next) && sameShape(old, rates) ? old : refuse('one rate for each number'),
  ],
  emit: (onnx, [old, next, rates]) => [onnx.op('Add', [old, onnx.op('Mul', [onnx.op('Sub', [next, old]), rates])])],
  compute: (program, [old, next, rates], [y]) => {
    const step = program.room(...old.shape);
    program.binary('subtract', next, old, step);
    program.binary('multiply', step, rates, step);
    program.binary('add', old, step, y);
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

/** @param strength for each number; @param rate of shape [1] */
export const pullTowards = (graph: Graph, x: Tensor, anchor: Tensor, strength: Tensor, rate: Tensor): Tensor =>
  graph.apply(pulling, [x, anchor, strength, rate])[0];

/** @param rates for each number, 1 for the whole step */
export const shortenStep = (graph: Graph, old: Tensor, next: Tensor, rates: Tensor): Tensor =>
  graph.apply(shortening, [old, next, rates])[0];
