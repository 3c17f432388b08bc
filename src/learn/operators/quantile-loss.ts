import { type Graph, type Operator, refuse, type Shape, sameShape, type Tensor } from '../graph/graph.js';
import type { OnnxBuilder } from '../onnx/builder.js';
import type { ProgramBuilder } from '../wasm/builder.js';
import { columnsOf, type Region } from '../wasm/region.js';

/**
 * Half the width, in standard deviations of the label, over which the kink of the pinball loss is rounded.
 * The quantile that is found is that of the label plus noise of about this size.
 */
export const QUANTILE_ROUNDING = 0.01;

/**
 * Weighted mean of the quantile (pinball) loss of Koenker & Bassett 1978, Econometrica 46:33, eq. 3.1, with its kink
 * rounded as by Cannon 2011, Comput. Geosci. 37:1277, eqs 5 and 6, so that the derivative passes through zero:
 * with u = target − prediction and h = u²/2ε up to |u| = ε and |u| − ε/2 beyond, τ·h above the prediction and (1 − τ)·h
 * below. Summed over the outputs, averaged over the quantiles.
 * prediction [..., outputs·quantiles], target [..., outputs], weights [..., 1]; result [1].
 */
const loss: Operator = {
  name: 'quantile loss',
  shapes: ([prediction, target, weights], { quantiles }) => {
    const count = (quantiles as readonly number[]).length;
    const rows = prediction.slice(0, -1);
    const fits = sameShape(prediction, [...rows, Number(target.at(-1)) * count]);
    if (!fits || !sameShape(rows, target.slice(0, -1))) refuse(`${count} quantiles of each target`);
    if (!sameShape(weights, [...rows, 1])) refuse('one weight for each row');
    return [[1]];
  },
  emit: (onnx, [prediction, target, weights], { attributes, inputs }) => {
    const quantiles = attributes.quantiles as readonly number[];
    const { u, clipped, tilt } = emitParts(onnx, prediction, target, quantiles, inputs[1].shape);
    // With c = clip(u, ±ε), c·(2u − c) = 2ε·h.
    const h = onnx.op('Mul', [clipped, onnx.op('Sub', [onnx.op('Add', [u, u]), clipped])]);
    const weighted = onnx.op('Mul', [onnx.op('Mul', [h, tilt]), onnx.reshape(weights, [-1, 1, 1])]);
    const total = onnx.op('ReduceSum', [weighted], { keepdims: 0 });
    const weight = onnx.op('ReduceSum', [weights], { keepdims: 0 });
    const mean = onnx.op('Div', [total, weight]);
    return [onnx.reshape(onnx.op('Mul', [mean, onnx.real(1 / (2 * QUANTILE_ROUNDING * quantiles.length))]), [1])];
  },
  compute: (program, [prediction, target, weights], [y], { attributes }) => {
    const quantiles = attributes.quantiles as readonly number[];
    const { u, clipped, tilt } = computeParts(program, prediction, target, quantiles);
    program.affine(u, 2, 0, u);
    program.binary('subtract', u, clipped, u);
    program.binary('multiply', u, clipped, u);
    program.binary('multiply', u, tilt, u);
    const rows = program.room(weights.size);
    program.sum('columns', u, rows);
    const [total, weight] = [program.room(1), program.room(1)];
    program.dot('columns', wide(program, rows), wide(program, weights), total);
    program.total(weights, weight);
    program.binary('divide', total, weight, y);
    program.affine(y, 1 / (2 * QUANTILE_ROUNDING * quantiles.length), 0, y);
  },
  gradient: ({ graph, node, outputGradients: [g] }) => graph.apply(lossGradient, [...node.inputs, g!], node.attributes),
};

/** d/dprediction = −clip(u, ±ε)/ε · tilt · weight / Σ weights / quantiles. */
const lossGradient: Operator = {
  name: 'quantile loss gradient',
  shapes: ([prediction]) => [prediction],
  emit: (onnx, [prediction, target, weights, g], { attributes, inputs }) => {
    const quantiles = attributes.quantiles as readonly number[];
    const { clipped, tilt } = emitParts(onnx, prediction, target, quantiles, inputs[1].shape);
    const share = onnx.op('Div', [weights, onnx.op('ReduceSum', [weights], { keepdims: 0 })]);
    const scale = onnx.op('Mul', [g, onnx.real(-1 / (QUANTILE_ROUNDING * quantiles.length))]);
    const rows = onnx.reshape(onnx.op('Mul', [share, scale]), [-1, 1, 1]);
    const slope = onnx.op('Mul', [onnx.op('Mul', [clipped, tilt]), rows]);
    return [onnx.reshape(slope, inputs[0].shape as readonly number[])];
  },
  compute: (program, [prediction, target, weights, g], [y], { attributes }) => {
    const quantiles = attributes.quantiles as readonly number[];
    const { clipped, tilt } = computeParts(program, prediction, target, quantiles);
    const [weight, share] = [program.room(1), program.room(weights.size, 1)];
    program.total(weights, weight);
    program.binary('divide', wide(program, weights), weight, wide(program, share));
    program.binary('multiply', wide(program, share), g, wide(program, share));
    program.affine(share, -1 / (QUANTILE_ROUNDING * quantiles.length), 0, share);
    program.binary('multiply', clipped, tilt, clipped);
    program.binary('multiply', clipped, share, y);
  },
};

/** u, clip(u, ±ε) and |τ − [u < 0]| = ½ + (τ − ½)·sign u, as [rows, outputs, quantiles]. */
function emitParts(
  onnx: OnnxBuilder,
  prediction: string,
  target: string,
  quantiles: readonly number[],
  targetShape: Shape,
) {
  const outputs = targetShape.at(-1) as number;
  const predicted = onnx.reshape(prediction, [-1, outputs, quantiles.length]);
  const u = onnx.op('Sub', [onnx.reshape(target, [-1, outputs, 1]), predicted]);
  const lean = onnx.real(
    quantiles.map((quantile) => quantile - 0.5),
    [1, 1, quantiles.length],
  );
  return {
    u,
    clipped: onnx.op('Clip', [u, onnx.real(-QUANTILE_ROUNDING), onnx.real(QUANTILE_ROUNDING)]),
    tilt: onnx.op('Add', [onnx.op('Mul', [onnx.op('Sign', [u]), lean]), onnx.real(0.5)]),
  };
}

/** The same, as [rows, outputs·quantiles]. */
function computeParts(program: ProgramBuilder, prediction: Region, target: Region, quantiles: readonly number[]) {
  const outputs = target.shape.at(-1)!;
  const count = quantiles.length;
  const rows = target.size / outputs;
  const make = () => program.room(rows, outputs * count);
  const [u, clipped, tilt] = [make(), make(), make()];
  for (let k = 0; k < outputs; k++) {
    const own = (region: Region) => columnsOf(region, k * count, count);
    program.binary('subtract', columnsOf(target, k, 1), own(prediction), own(u));
  }
  program.binary('minimum', u, program.number(QUANTILE_ROUNDING), clipped);
  program.binary('maximum', clipped, program.number(-QUANTILE_ROUNDING), clipped);
  const lean = Array.from({ length: outputs * count }, (_, k) => quantiles[k % count] - 0.5);
  program.unary('sign', u, tilt);
  program.binary('multiply', tilt, program.numbers(lean), tilt);
  program.affine(tilt, 1, 0.5, tilt);
  return { u, clipped, tilt };
}

/** All numbers as one row. */
const wide = (program: ProgramBuilder, region: Region): Region => program.part(region, 0, [1, region.size]);

/** @param quantiles in (0, 1); the predictions of one output stand together */
export const quantileLoss = (
  graph: Graph,
  prediction: Tensor,
  target: Tensor,
  weights: Tensor,
  quantiles: readonly number[],
): Tensor => graph.apply(loss, [prediction, target, weights], { quantiles })[0];
