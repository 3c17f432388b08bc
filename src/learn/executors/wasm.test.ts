import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../math/index.js';
import type { Executor } from '../executor.js';
import { buildGradients } from '../graph/gradient.js';
import { Graph, type Operator, type Tensor } from '../graph/graph.js';
import { relu, sigmoid, tanh } from '../operators/activation.js';
import { adamStep, clipGradient } from '../operators/adam.js';
import { add, blend, multiply, scaleAndShift, standardise, subtract, sumRows } from '../operators/arithmetic.js';
import { softmaxOverTime, sumOverTime } from '../operators/attention.js';
import { batchNormalisation, fixedNormalisation } from '../operators/batch-normalisation.js';
import { convolution } from '../operators/convolution.js';
import { dense } from '../operators/dense.js';
import { gru } from '../operators/gru.js';
import { layerNormalisation } from '../operators/layer-normalisation.js';
import { weightedLoss } from '../operators/loss.js';
import { pack, unpack } from '../operators/packing.js';
import { averagePooling, maxPooling } from '../operators/pooling.js';
import { concatenate, lastFrame, swapTimeAndBatch, windowRows } from '../operators/selection.js';
import { onnxruntime } from './executors.test.support.js';
import { wasmExecutors } from './wasm.test.support.js';

const [wasm] = wasmExecutors;

const count = (shape: readonly (number | 'batch')[]) =>
  shape.reduce<number>((product, size) => product * (size as number), 1);

/** Σ x·y, which makes a loss of any output. */
const product: Operator = {
  name: 'product with a number',
  shapes: ([x]) => [x],
  emit: (onnx, inputs) => [onnx.op('Mul', inputs)],
  compute: (program, [x, g], [y]) => program.binary('multiply', x, g, y),
};
const dot: Operator = {
  name: 'dot product',
  shapes: () => [[1]],
  emit: (onnx, inputs) => [onnx.reshape(onnx.op('ReduceSum', [onnx.op('Mul', inputs)], { keepdims: 0 }), [1])],
  compute: (program, [x, y], [sum]) =>
    program.dot('columns', program.part(x, 0, [1, x.size]), program.part(y, 0, [1, y.size]), sum),
  gradient: ({ graph, node, outputGradients: [g] }) => [graph.apply(product, [node.inputs[1], g!])[0], undefined],
};

type Build = (graph: Graph, inputs: readonly Tensor[]) => Tensor;

async function runOn(
  executor: Executor,
  graph: Graph,
  outputs: Record<string, Tensor>,
  feeds: Record<string, Float32Array>,
) {
  const program = await executor.compile(graph, outputs);
  const results = await program.run(feeds);
  const again = await program.run(feeds);
  await program.release();
  expect(again).toEqual(results);
  return results;
}

/** Greatest difference between two lists, as a share of the greatest number. */
function findDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  const greatest = Math.max(1e-6, ...Array.from(b, Math.abs));
  return Math.max(...Array.from(a, (value, k) => (Number.isNaN(value) ? Infinity : Math.abs(value - b[k])))) / greatest;
}

/** The output and, where `differentiable`, the gradients by all inputs, in both executors. */
async function compare(shapes: readonly (readonly number[])[], build: Build, differentiable = true): Promise<void> {
  const random = makeRandom(shapes.join('x'));
  const draw = (length: number) => Float32Array.from({ length }, () => 2 * random.uniform() - 1);
  const graph = new Graph();
  const inputs = shapes.map((shape, k) => graph.input(`x${k}`, shape));
  const y = build(graph, inputs);
  const outputs: Record<string, Tensor> = { y };
  if (differentiable) {
    const shape = y.shape as readonly number[];
    const [loss] = graph.apply(dot, [y, graph.constant(draw(count(shape)), shape)]);
    for (const [k, gradient] of buildGradients(graph, loss, inputs).entries()) outputs[`g${k}`] = gradient;
  }
  const feeds = Object.fromEntries(shapes.map((shape, k) => [`x${k}`, draw(count(shape))]));
  const expected = await runOn(onnxruntime, graph, outputs, feeds);
  for (const executor of wasmExecutors) {
    const got = await runOn(executor, graph, outputs, feeds);
    expect(Object.keys(got).sort()).toEqual(Object.keys(expected).sort());
    for (const name of Object.keys(expected)) {
      expect(findDifference(got[name], expected[name]), `${executor.name}, ${name}`).toBeLessThan(3e-6);
    }
  }
}

const gruShapes = (time: number, batch: number, features: number, units: number) => [
  [time, batch, features],
  ...Array.from({ length: 3 }, () => [features, units]),
  ...Array.from({ length: 3 }, () => [units, units]),
  ...Array.from({ length: 4 }, () => [units]),
];

const buildGru =
  (training: boolean): Build =>
  (graph, [x, ...w]) =>
    gru(
      graph,
      x,
      {
        inputReset: w[0],
        inputUpdate: w[1],
        inputCandidate: w[2],
        recurrentReset: w[3],
        recurrentUpdate: w[4],
        recurrentCandidate: w[5],
        biasReset: w[6],
        biasUpdate: w[7],
        biasCandidate: w[8],
        biasRecurrentCandidate: w[9],
      },
      training,
    );

const pair = (...shape: number[]) => [shape, shape];
const convolve =
  (padding: 'same' | 'causal', dilation = 1): Build =>
  (graph, [x, w, b]) =>
    convolution(graph, x, w, b, padding, dilation);

const differentiable: [name: string, shapes: number[][], build: Build][] = [
  ['add', pair(3, 7), (graph, [a, b]) => add(graph, a, b)],
  ['add to itself', [[3, 7]], (graph, [a]) => add(graph, a, a)],
  ['subtract', pair(3, 7), (graph, [a, b]) => subtract(graph, a, b)],
  ['multiply', pair(3, 7), (graph, [a, b]) => multiply(graph, a, b)],
  ['square', [[5, 5]], (graph, [a]) => multiply(graph, a, a)],
  ['scale and shift', [[4, 3, 7], [7], [7]], (graph, [x, a, b]) => scaleAndShift(graph, x, a, b)],
  ['ReLU', [[5, 7]], (graph, [x]) => relu(graph, x)],
  ['tanh', [[5, 7]], (graph, [x]) => tanh(graph, x)],
  ['sigmoid', [[5, 7]], (graph, [x]) => sigmoid(graph, x)],
  ['a chain in place', [[5, 7]], (graph, [x]) => tanh(graph, relu(graph, sigmoid(graph, tanh(graph, x))))],
  ['dense', [[9, 6], [6, 43], [43]], (graph, [x, w, b]) => dense(graph, x, w, b)],
  ['dense of one row', [[1, 6], [6, 43], [43]], (graph, [x, w, b]) => dense(graph, x, w, b)],
  ['dense of one unit', [[13, 6], [6, 1], [1]], (graph, [x, w, b]) => dense(graph, x, w, b)],
  [
    'dense on a sequence',
    [
      [3, 2, 5],
      [5, 9],
    ],
    (graph, [x, w]) => dense(graph, x, w),
  ],
  ['convolution, same', [[9, 3, 5], [5, 5, 11], [11]], convolve('same')],
  ['convolution, even taps', [[9, 3, 5], [4, 5, 11], [11]], convolve('same')],
  [
    'convolution, no bias',
    [
      [4, 3, 5],
      [1, 5, 8],
    ],
    (graph, [x, w]) => convolution(graph, x, w, undefined, 'same'),
  ],
  ['convolution, more taps than frames', [[2, 3, 5], [7, 5, 4], [4]], convolve('same')],
  ['convolution, causal', [[9, 3, 5], [3, 5, 11], [11]], convolve('causal')],
  ['convolution, causal, dilated', [[9, 3, 5], [3, 5, 11], [11]], convolve('causal', 2)],
  ['convolution, same, dilated', [[9, 3, 5], [4, 5, 3], [3]], convolve('same', 3)],
  ['convolution, dilated beyond the window', [[3, 1, 2], [2, 2, 2], [2]], convolve('causal', 5)],
  ['batch normalisation', [[30, 5, 19], [19], [19]], (graph, [x, a, b]) => batchNormalisation(graph, x, a, b).y],
  ['layer normalisation', [[5, 3, 11], [11], [11]], (graph, [x, a, b]) => layerNormalisation(graph, x, a, b)],
  [
    'normalisation by running averages',
    [[5, 3, 2], [2], [2]],
    (graph, [x, a, b]) =>
      fixedNormalisation(graph, x, a, b, graph.constant([0.3, -0.2], [2]), graph.constant([0.5, 2], [2])),
  ],
  ['max pooling', [[6, 3, 5]], (graph, [x]) => maxPooling(graph, x, 2)],
  ['max pooling with frames left over', [[8, 3, 5]], (graph, [x]) => maxPooling(graph, x, 3)],
  ['average pooling', [[7, 3, 5]], (graph, [x]) => averagePooling(graph, x, 3)],
  ['pooling of one', [[3, 2, 2]], (graph, [x]) => maxPooling(graph, x, 1)],
  ['softmax over time', [[9, 7, 1]], (graph, [x]) => softmaxOverTime(graph, x)],
  ['softmax over time, many channels', [[4, 2, 3]], (graph, [x]) => softmaxOverTime(graph, x)],
  [
    'weighted sum over time',
    [
      [4, 3, 7],
      [4, 3, 1],
    ],
    (graph, [x, w]) => sumOverTime(graph, x, w),
  ],
  ['last frame', [[4, 2, 3]], (graph, [x]) => lastFrame(graph, x)],
  [
    'concatenation',
    [
      [2, 3],
      [2, 1],
      [2, 6],
    ],
    (graph, parts) => concatenate(graph, parts),
  ],
  ['GRU', gruShapes(6, 5, 3, 10), buildGru(true)],
  ['GRU of one step', gruShapes(1, 2, 2, 3), buildGru(true)],
  ['GRU of one window and unit', gruShapes(3, 1, 1, 1), buildGru(true)],
];

describe('operators and their gradients agree with ONNX Runtime', () => {
  for (const [name, shapes, build] of differentiable) test(name, () => compare(shapes, build));

  for (const delta of [Number.POSITIVE_INFINITY, 0.5]) {
    test(`loss, linear beyond ${delta}`, () =>
      compare([[5, 3]], (graph, [x]) => {
        const target = graph.constant(
          Float32Array.from({ length: 15 }, (_, k) => Math.sin(k)),
          [5, 3],
        );
        return weightedLoss(graph, x, target, graph.constant([1, 0.5, 0, 2, 1], [5, 1]), delta);
      }));
  }
});

const forward: [name: string, shapes: number[][], build: Build][] = [
  ['GRU for inference', gruShapes(6, 3, 5, 7), buildGru(false)],
  ['sum over rows', [[70, 3, 37]], (graph, [x]) => sumRows(graph, x)],
  ['standardise', [[3, 4, 5], [5], [5]], (graph, [x, a, b]) => standardise(graph, x, a, b)],
  ['blend', [[11], [11], [1]], (graph, [a, b, share]) => blend(graph, a, b, share)],
  ['time first', [[3, 4, 5]], (graph, [x]) => swapTimeAndBatch(graph, x)],
  ['rows by window', [[3, 4, 1]], (graph, [x]) => windowRows(graph, x)],
  ['packing', [[3, 4], [5], [3, 4]], (graph, [a, b]) => pack(graph, [a, tanh(graph, b), a])],
  [
    'unpacking',
    [[17]],
    (graph, [flat]) => {
      const [a, b] = unpack(graph, flat, [[3, 4], [5]]);
      return pack(graph, [b, a]);
    },
  ],
  ['gradient clipping, clipped', [[50]], (graph, [g]) => clipGradient(graph, g, 0.1)],
  ['gradient clipping, within', [[50]], (graph, [g]) => clipGradient(graph, g, 100)],
  [
    'Adam',
    [[19], [19], [19]],
    (graph, [weights, gradient, first]) => {
      const number = (value: number) => graph.constant([value], [1]);
      const next = adamStep(graph, { weights, first, second: multiply(graph, first, first) }, gradient, {
        step: number(0.01),
        correction: number(1.5),
        shrink: number(0.1),
        decayed: graph.constant(
          Float32Array.from({ length: 19 }, (_, k) => k % 2),
          [19],
        ),
      });
      return pack(graph, [next.weights, next.first, next.second]);
    },
  ],
];

describe('operators without a derivative agree with ONNX Runtime', () => {
  for (const [name, shapes, build] of forward) test(name, () => compare(shapes, build, false));
});

describe('a program', () => {
  const makeSum = () => {
    const graph = new Graph();
    const [state, x] = [graph.input('state', [3]), graph.input('x', [3])];
    return { graph, next: add(graph, state, x), state };
  };

  test('carries outputs over to the next run', async () => {
    const { graph, next } = makeSum();
    const program = await wasm.compile(graph, { next, double: add(graph, next, next) }, { carry: { next: 'state' } });
    expect(() => program.get('state')).toThrow('input state: has no value yet.');
    await expect(program.run({ x: Float32Array.of(1, 2, 3) })).rejects.toThrow('input state: has no value.');
    program.set('state', Float32Array.of(10, 20, 30));
    expect(await program.run({ x: Float32Array.of(1, 2, 3) })).toEqual({ double: Float32Array.of(22, 44, 66) });
    expect(program.runSync({ x: Float32Array.of(1, 1, 1) })).toEqual({ double: Float32Array.of(24, 46, 68) });
    expect(program.get('state')).toEqual(Float32Array.of(12, 23, 34));
  });

  test('carries inputs that change places', async () => {
    const graph = new Graph();
    const [a, b] = [graph.input('a', [2]), graph.input('b', [2])];
    const program = await wasm.compile(graph, { a, b, sum: add(graph, a, b) }, { carry: { a: 'b', b: 'a' } });
    program.set('a', Float32Array.of(1, 2));
    program.set('b', Float32Array.of(3, 4));
    expect(await program.run({})).toEqual({ sum: Float32Array.of(4, 6) });
    expect([program.get('a'), program.get('b')]).toEqual([Float32Array.of(3, 4), Float32Array.of(1, 2)]);
  });

  test('keeps a carried input that is still needed after its next value is known', async () => {
    const { graph, next, state } = makeSum();
    const program = await wasm.compile(graph, { next, old: tanh(graph, state) }, { carry: { next: 'state' } });
    program.set('state', Float32Array.of(0, 0, 0));
    for (const value of [0, 1, 2]) {
      const { old } = await program.run({ x: Float32Array.of(1, 1, 1) });
      expect(findDifference(old, new Array(3).fill(Math.tanh(value)))).toBeLessThan(1e-6);
    }
  });

  test('takes any batch, and held weights that are set again', async () => {
    const graph = new Graph();
    const x = graph.input('x', ['batch', 3]);
    const y = dense(graph, x, graph.input('w', [3, 2]));
    const program = await wasm.compile(graph, { y }, { held: ['w'] });
    for (const factor of [1, 2]) {
      program.set(
        'w',
        Float32Array.of(1, 2, 3, 4, 5, 6).map((value) => factor * value),
      );
      for (const rows of [1, 5, 2, 9, 3, 1, 7]) {
        const input = Float32Array.from({ length: 3 * rows }, (_, k) => k);
        const expected = Array.from({ length: 2 * rows }, (_, k) => {
          const [row, column] = [k >> 1, k & 1];
          return [0, 1, 2].reduce((sum, i) => sum + input[3 * row + i] * factor * (1 + 2 * i + column), 0);
        });
        expect([...(await program.run({ x: input })).y]).toEqual(expected);
      }
    }
  });

  test('refuses what does not fit, by name', async () => {
    const { graph, next } = makeSum();
    const program = await wasm.compile(graph, { next });
    await expect(program.run({ x: new Float32Array(3) })).rejects.toThrow('input state: has no value.');
    await expect(program.run({ x: new Float32Array(3), state: new Float32Array(4) })).rejects.toThrow('input state: ');
    expect(() => program.set('x', new Float32Array(3))).toThrow('input x: is neither carried nor held.');
    await expect(wasm.compile(graph, { next }, { carry: { next: 'y' } })).rejects.toThrow('no output next to carry to');
    await program.release();
    await expect(program.run({ x: new Float32Array(3), state: new Float32Array(3) })).rejects.toThrow('released');
  });

  test('names an operator without a WASM form, and its layer', async () => {
    const graph = new Graph();
    const { compute, ...without } = product;
    expect(compute).toBeDefined();
    const x = graph.input('x', [1]);
    const [y] = graph.within('head', () => graph.apply(without, [x, x]));
    await expect(wasm.compile(graph, { y })).rejects.toThrow('layer head: product with a number has no WASM form.');
  });

  test('stands beside others, and says what each operator took', async () => {
    const programs = await Promise.all(
      [1, 2].map(async (factor) => {
        const graph = new Graph();
        return wasm.compile(graph, {
          y: multiply(graph, graph.input('x', [2]), graph.constant([factor, factor], [2])),
        });
      }),
    );
    const feeds = { x: Float32Array.of(3, 4) };
    expect(programs.map((program) => [...program.runSync(feeds).y])).toEqual([
      [3, 4],
      [6, 8],
    ]);
    expect(programs[0].measure(feeds).map(({ operator }) => operator)).toEqual(['multiply', 'carry']);
  });
});
