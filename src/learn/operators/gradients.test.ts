import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { onnxruntime, sessions } from '../executors/executors.test.support.js';
import { wasmExecutors } from '../executors/wasm.test.support.js';
import { emitOnnx } from '../graph/emit.js';
import {
  double,
  draw,
  findExecutorDifference,
  findGradientError,
  size,
} from '../graph/finite-difference.test.support.js';
import { buildGradients } from '../graph/gradient.js';
import { Graph, type Tensor } from '../graph/graph.js';
import { exponential, relu, sigmoid, tanh } from './activation.js';
import { add, multiply, scaleAndShift, subtract } from './arithmetic.js';
import { softmaxOverTime, sumOverTime } from './attention.js';
import { batchNormalisation, fixedNormalisation } from './batch-normalisation.js';
import { convolution } from './convolution.js';
import { dense } from './dense.js';
import {
  averageOverTime,
  divideFrames,
  flattenFrames,
  maskFrames,
  offsetFrames,
  reverseTime,
  weightFrames,
} from './frames.js';
import { gru } from './gru.js';
import { layerNormalisation } from './layer-normalisation.js';
import { weightedLoss } from './loss.js';
import { lstm } from './lstm.js';
import { averagePooling, maxPooling } from './pooling.js';
import { concatenate, lastFrame } from './selection.js';
import { selfAttention } from './self-attention.js';
import { slidingSum } from './sliding-sum.js';

type Case = [name: string, shapes: number[][], build: (graph: Graph, inputs: readonly Tensor[]) => Tensor];

const gruShapes = (time: number, batch: number, features: number, units: number) => [
  [time, batch, features],
  ...Array.from({ length: 3 }, () => [features, units]),
  ...Array.from({ length: 3 }, () => [units, units]),
  ...Array.from({ length: 4 }, () => [units]),
];

const buildGru: Case[2] = (graph, [x, ...w]) =>
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
    true,
  );

const lstmShapes = (time: number, batch: number, features: number, units: number) => [
  [time, batch, features],
  ...Array.from({ length: 4 }, () => [features, units]),
  ...Array.from({ length: 4 }, () => [units, units]),
  ...Array.from({ length: 4 }, () => [units]),
];

const buildLstm: Case[2] = (graph, [x, ...w]) =>
  lstm(
    graph,
    x,
    {
      inputInput: w[0],
      inputForget: w[1],
      inputCandidate: w[2],
      inputOutput: w[3],
      recurrentInput: w[4],
      recurrentForget: w[5],
      recurrentCandidate: w[6],
      recurrentOutput: w[7],
      biasInput: w[8],
      biasForget: w[9],
      biasCandidate: w[10],
      biasOutput: w[11],
    },
    true,
  );

const attend =
  (heads: number, causal: boolean, span = Number.POSITIVE_INFINITY): Case[2] =>
  (graph, [q, k, v]) =>
    selfAttention(graph, q, k, v, { heads, causal, span });

/**
 * Queries, keys and values of one shape. Heads of 1 or 4 channels: ONNX Runtime folds the factor 1/√d into a product in
 * single precision, where only such factors are exact.
 */
const three = (...shape: number[]) => [shape, shape, shape];

const same: Case[2] = (graph, [x, w, b]) => convolution(graph, x, w, b, 'same');
const causal: Case[2] = (graph, [x, w, b]) => convolution(graph, x, w, b, 'causal');

const cases: Case[] = [
  [
    'add',
    [
      [2, 3],
      [2, 3],
    ],
    (graph, [a, b]) => add(graph, a, b),
  ],
  ['add to itself', [[2, 3]], (graph, [a]) => add(graph, a, a)],
  [
    'subtract',
    [
      [2, 3],
      [2, 3],
    ],
    (graph, [a, b]) => subtract(graph, a, b),
  ],
  [
    'multiply',
    [
      [2, 3],
      [2, 3],
    ],
    (graph, [a, b]) => multiply(graph, a, b),
  ],
  ['square', [[2, 3]], (graph, [a]) => multiply(graph, a, a)],
  ['scale and shift', [[4, 2, 3], [3], [3]], (graph, [x, a, b]) => scaleAndShift(graph, x, a, b)],
  ['ReLU', [[4, 3]], (graph, [x]) => relu(graph, x)],
  ['tanh', [[4, 3]], (graph, [x]) => tanh(graph, x)],
  ['sigmoid', [[4, 3]], (graph, [x]) => sigmoid(graph, x)],
  ['dense', [[3, 4], [4, 2], [2]], (graph, [x, w, b]) => dense(graph, x, w, b)],
  [
    'dense on a sequence',
    [
      [3, 2, 4],
      [4, 2],
    ],
    (graph, [x, w]) => dense(graph, x, w),
  ],
  ['convolution, same, 3 taps', [[5, 2, 2], [3, 2, 3], [3]], same],
  ['convolution, same, 4 taps', [[5, 2, 2], [4, 2, 3], [3]], same],
  [
    'convolution, same, one tap, no bias',
    [
      [3, 2, 2],
      [1, 2, 3],
    ],
    same,
  ],
  ['convolution, more taps than frames', [[2, 1, 2], [5, 2, 2], [2]], same],
  ['convolution, causal', [[5, 2, 2], [3, 2, 3], [3]], causal],
  [
    'convolution, dilated, causal',
    [[8, 2, 2], [3, 2, 3], [3]],
    (graph, [x, w, b]) => convolution(graph, x, w, b, 'causal', 2),
  ],
  [
    'convolution, dilated, same',
    [[7, 2, 2], [4, 2, 3], [3]],
    (graph, [x, w, b]) => convolution(graph, x, w, b, 'same', 3),
  ],
  [
    'convolution, dilated beyond the window',
    [[3, 1, 2], [2, 2, 2], [2]],
    (graph, [x, w, b]) => convolution(graph, x, w, b, 'causal', 5),
  ],
  ['batch normalisation', [[3, 2, 2], [2], [2]], (graph, [x, a, b]) => batchNormalisation(graph, x, a, b).y],
  ['layer normalisation', [[3, 2, 4], [4], [4]], (graph, [x, a, b]) => layerNormalisation(graph, x, a, b)],
  [
    'normalisation by running averages',
    [[3, 2, 2], [2], [2]],
    (graph, [x, a, b]) =>
      fixedNormalisation(graph, x, a, b, graph.constant([0.3, -0.2], [2]), graph.constant([0.5, 2], [2])),
  ],
  ['max pooling', [[6, 2, 2]], (graph, [x]) => maxPooling(graph, x, 2)],
  ['max pooling with frames left over', [[8, 2, 2]], (graph, [x]) => maxPooling(graph, x, 3)],
  ['average pooling', [[7, 2, 2]], (graph, [x]) => averagePooling(graph, x, 3)],
  ['pooling of one', [[3, 2, 2]], (graph, [x]) => maxPooling(graph, x, 1)],
  ['softmax over time', [[4, 2, 1]], (graph, [x]) => softmaxOverTime(graph, x)],
  [
    'weighted sum over time',
    [
      [4, 2, 3],
      [4, 2, 1],
    ],
    (graph, [x, w]) => sumOverTime(graph, x, w),
  ],
  ['last frame', [[4, 2, 3]], (graph, [x]) => lastFrame(graph, x)],
  [
    'concatenation',
    [
      [2, 3],
      [2, 1],
      [2, 2],
    ],
    (graph, parts) => concatenate(graph, parts),
  ],
  ['GRU', gruShapes(5, 2, 3, 4), buildGru],
  ['GRU of one step', gruShapes(1, 2, 2, 3), buildGru],
  ['GRU of one window and unit', gruShapes(3, 1, 1, 1), buildGru],
  ['LSTM', lstmShapes(5, 2, 3, 4), buildLstm],
  ['LSTM of one step', lstmShapes(1, 2, 2, 3), buildLstm],
  ['LSTM of one window and unit', lstmShapes(3, 1, 1, 1), buildLstm],
  ['exponential', [[4, 3]], (graph, [x]) => exponential(graph, x)],
  ['mean over time', [[5, 2, 3]], (graph, [x]) => averageOverTime(graph, x)],
  ['mask of frames', [[3, 2, 3]], (graph, [x]) => maskFrames(graph, x, graph.constant([0, 2, 1, 0.5, 0, 3], [2, 3]))],
  [
    'weighting of frames',
    [
      [4, 2, 3],
      [4, 2, 1],
    ],
    (graph, [x, w]) => weightFrames(graph, x, w),
  ],
  [
    'offset of frames',
    [
      [4, 2, 3],
      [4, 3],
    ],
    (graph, [x, p]) => offsetFrames(graph, x, p),
  ],
  [
    'division of frames',
    [
      [4, 2, 3],
      [4, 2, 1],
    ],
    (graph, [x, w]) => divideFrames(graph, x, exponential(graph, w)),
  ],
  ['time reversal', [[4, 2, 3]], (graph, [x]) => reverseTime(graph, x)],
  ['flattening', [[4, 2, 3]], (graph, [x]) => flattenFrames(graph, x)],
  ['sliding sum', [[7, 2, 3]], (graph, [x]) => slidingSum(graph, x, 3)],
  ['sliding sum over more than all', [[4, 2, 3]], (graph, [x]) => slidingSum(graph, x, 9)],
  ['self-attention of one head', three(5, 2, 4), attend(1, false)],
  ['self-attention, causal', three(5, 2, 3), attend(3, true)],
  ['self-attention of a span', three(6, 1, 8), attend(2, false, 2)],
  ['self-attention, causal, of a span', three(6, 2, 2), attend(2, true, 3)],
  ['self-attention of a frame to itself', [[4, 2, 1]], (graph, [x]) => attend(1, true)(graph, [x, x, x])],
];

describe('gradients agree with finite differences', () => {
  for (const [name, shapes, build] of cases) {
    test(name, async () => {
      const random = makeRandom([3, name.length, size(shapes[0])].join());
      const values = shapes.map((shape) => ({ shape, data: draw(random, size(shape)) }));
      expect(await findGradientError(build, values, random)).toBeLessThan(1e-9);
    });
  }

  for (const delta of [Number.POSITIVE_INFINITY, 0.5]) {
    test(`loss, linear beyond ${delta}`, async () => {
      const random = makeRandom(5);
      const [target, weights] = [draw(random, 8), [1, 0.5, 0, 2]];
      const build = (graph: Graph, [x]: readonly Tensor[]) =>
        weightedLoss(graph, x, graph.constant(target, [4, 2]), graph.constant(weights, [4, 1]), delta);
      const values = [{ shape: [4, 2], data: draw(random, 8) }];
      expect(await findGradientError(build, values, random)).toBeLessThan(1e-9);
    });
  }
});

describe('the WASM kernels agree with ONNX Runtime', () => {
  for (const [name, shapes, build] of cases) {
    test(name, async () => {
      const random = makeRandom([4, name.length, size(shapes[0])].join());
      const values = shapes.map((shape) => ({ shape, data: draw(random, size(shape)) }));
      expect(await findExecutorDifference(build, values, random, [onnxruntime, ...wasmExecutors])).toBeLessThan(2e-5);
    });
  }
});

test('of equal greatest values the first gets the gradient', async () => {
  const graph = new Graph();
  const x = graph.input('x', [3, 1, 1]);
  const loss = weightedLoss(
    graph,
    lastFrame(graph, maxPooling(graph, x, 3)),
    graph.constant([0], [1, 1]),
    graph.constant([1], [1, 1]),
  );
  const [gradient] = buildGradients(graph, loss, [x]);
  const session = await sessions.create(emitOnnx(graph, { gradient }, { realType: 'float64' }), {});
  const results = await session.run({ x: double([1, 2, 2], [3, 1, 1]) });
  expect([...(results.gradient.data as Float64Array)]).toEqual([0, 4, 0]);
  await session.release();
});
