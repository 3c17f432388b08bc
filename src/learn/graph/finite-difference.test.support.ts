import { Tensor as OrtTensor } from 'onnxruntime-common';
import type { Random } from '../../math/index.js';
import type { Executor } from '../executor.js';
import { sessions } from '../executors/executors.test.support.js';
import { reshaped } from '../wasm/region.js';
import { emitOnnx } from './emit.js';
import { buildGradients } from './gradient.js';
import { Graph, type Operator, type Tensor } from './graph.js';

/** Double-precision tensor. */
export const double = (data: ArrayLike<number>, shape: readonly number[]): OrtTensor =>
  new OrtTensor('float64', Float64Array.from(data), shape);

export const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

export const draw = (random: Random, length: number): Float64Array =>
  Float64Array.from({ length }, () => 2 * random.uniform() - 1);

const product: Operator = {
  name: 'product with a number',
  shapes: ([x]) => [x],
  emit: (onnx, inputs) => [onnx.op('Mul', inputs)],
  compute: (program, [x, g], [y]) => program.binary('multiply', x, g, y),
};

/** Σ x·y: turns any output into a loss. */
const dot: Operator = {
  name: 'dot product',
  shapes: () => [[1]],
  emit: (onnx, inputs) => [onnx.reshape(onnx.op('ReduceSum', [onnx.op('Mul', inputs)], { keepdims: 0 }), [1])],
  compute: (program, [x, y], [sum]) => program.dot('columns', reshaped(x, x.size), reshaped(y, y.size), sum),
  gradient: ({ graph, node, outputGradients: [g] }) => [graph.apply(product, [node.inputs[1], g!])[0], undefined],
};

/** Σ x·y, [1]; with a derivative by x. */
export const sumProducts = (graph: Graph, x: Tensor, y: Tensor): Tensor => graph.apply(dot, [x, y])[0];

export interface Values {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** y of the inputs x0, x1 …, Σ y·r with random r, and its gradient by each input, g0, g1 … */
function buildProbe(
  build: (graph: Graph, inputs: readonly Tensor[]) => Tensor,
  values: readonly Values[],
  random: Random,
) {
  const graph = new Graph();
  const inputs = values.map(({ shape }, k) => graph.input(`x${k}`, shape));
  const y = build(graph, inputs);
  const shape = y.shape as readonly number[];
  const loss = sumProducts(graph, y, graph.constant(draw(random, size(shape)), shape));
  const gradients = buildGradients(graph, loss, inputs);
  return { graph, y, loss, gradients: Object.fromEntries(gradients.map((gradient, k) => [`g${k}`, gradient])) };
}

/** Greatest difference between two executors over the result, the loss and all gradients, in single precision. */
export async function findExecutorDifference(
  build: (graph: Graph, inputs: readonly Tensor[]) => Tensor,
  values: readonly Values[],
  random: Random,
  executors: readonly Executor[],
): Promise<number> {
  const { graph, y, loss, gradients } = buildProbe(build, values, random);
  const feeds = Object.fromEntries(values.map(({ data }, k) => [`x${k}`, Float32Array.from(data)]));
  const [one, ...others] = await Promise.all(
    executors.map(async (executor) => {
      const program = await executor.compile(graph, { y, loss, ...gradients });
      const results = await program.run(feeds);
      await program.release();
      return results;
    }),
  );
  const differences = Object.keys(one).flatMap((name) =>
    others.flatMap((other) => Array.from(one[name], (value, at) => Math.abs(value - other[name][at]))),
  );
  return Math.max(...differences);
}

/**
 * Greatest difference between the gradient by the graph and by central differences, both in double precision, over
 * every number of every input; relative to the greatest gradient.
 */
export async function findGradientError(
  build: (graph: Graph, inputs: readonly Tensor[]) => Tensor,
  values: readonly Values[],
  random: Random,
): Promise<number> {
  const { graph, loss, gradients: outputs } = buildProbe(build, values, random);
  const both = await sessions.create(emitOnnx(graph, { loss, ...outputs }, { realType: 'float64' }), {});
  const forward = await sessions.create(emitOnnx(graph, { loss }, { realType: 'float64' }), {});
  const feeds = Object.fromEntries(values.map(({ shape, data }, k) => [`x${k}`, double(data, shape)]));
  const results = await both.run(feeds);
  let worst = 0;
  let greatest = 1e-12;
  for (const [k, { data, shape }] of values.entries()) {
    const gradient = results[`g${k}`].data as Float64Array;
    if (gradient.length !== data.length) return Number.POSITIVE_INFINITY;
    for (let at = 0; at < data.length; at++) {
      const slope = await differ(async (step) => {
        const moved = data.slice();
        moved[at] += step;
        return ((await forward.run({ ...feeds, [`x${k}`]: double(moved, shape) })).loss.data as Float64Array)[0];
      });
      worst = Math.max(worst, Math.abs(slope - gradient[at]));
      greatest = Math.max(greatest, Math.abs(slope));
    }
  }
  await both.release();
  await forward.release();
  return worst / greatest;
}

/** Central difference of fourth order. */
export async function differ(f: (step: number) => Promise<number>, h = 1e-3): Promise<number> {
  const near = (await f(h)) - (await f(-h));
  const far = (await f(2 * h)) - (await f(-2 * h));
  return (8 * near - far) / (12 * h);
}
