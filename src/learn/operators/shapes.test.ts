import fc from 'fast-check';
import { InferenceSession } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { emitOnnx } from '../graph/emit.js';
import { double, draw, size } from '../graph/finite-difference.test.support.js';
import { Graph, type Tensor } from '../graph/graph.js';
import { convolution } from './convolution.js';
import { dense } from './dense.js';
import { maskFrames, offsetFrames, reverseTime, weightFrames } from './frames.js';
import { type GruWeights, gru } from './gru.js';
import { type LstmWeights, lstm } from './lstm.js';
import { averagePooling, maxPooling } from './pooling.js';
import { selfAttention } from './self-attention.js';
import { slidingSum } from './sliding-sum.js';

/** Operators of odd sizes against plain loops, the batch fixed and open. */
async function run(
  build: (graph: Graph, x: Tensor) => Tensor,
  x: Float64Array,
  shape: readonly [number, number, number],
  realType: 'float32' | 'float64' = 'float64',
  open = false,
): Promise<ArrayLike<number>> {
  const graph = new Graph();
  const input = graph.input('x', open ? [shape[0], 'batch', shape[2]] : shape);
  const session = await InferenceSession.create(emitOnnx(graph, { y: build(graph, input) }, { realType }));
  const { Tensor: OrtTensor } = await import('onnxruntime-common');
  const feed = realType === 'float64' ? double(x, shape) : new OrtTensor('float32', Float32Array.from(x), shape);
  const { y } = await session.run({ x: feed });
  await session.release();
  return y.data as Float64Array;
}

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12): void {
  expect(got.length).toBe(expected.length);
  for (let k = 0; k < got.length; k++) expect(Math.abs(got[k] - expected[k])).toBeLessThan(tolerance);
}

const length = (max: number) => fc.integer({ min: 1, max });

describe('operators of any size agree with plain loops', () => {
  test('convolution', async () => {
    const flags = [fc.boolean(), fc.boolean()] as const;
    const sizes = fc.tuple(length(9), length(4), length(4), length(6), length(4), length(4), ...flags);
    await fc.assert(
      fc.asyncProperty(sizes, async ([time, batch, channels, taps, filters, dilation, isCausal, open]) => {
        const random = makeRandom([time, batch, channels, taps, filters].join());
        const x = draw(random, time * batch * channels);
        const w = draw(random, taps * channels * filters);
        const b = draw(random, filters);
        const left = (isCausal ? taps - 1 : Math.floor((taps - 1) / 2)) * dilation;
        const expected = new Float64Array(time * batch * filters);
        for (let at = 0; at < expected.length; at++) {
          const [f, row, t] = [at % filters, Math.floor(at / filters) % batch, Math.floor(at / filters / batch)];
          expected[at] = b[f];
          for (let k = 0; k < taps; k++) {
            const from = t + k * dilation - left;
            if (from < 0 || from >= time) continue;
            for (let c = 0; c < channels; c++) {
              expected[at] += x[(from * batch + row) * channels + c] * w[(k * channels + c) * filters + f];
            }
          }
        }
        const build = (graph: Graph, input: Tensor) =>
          convolution(
            graph,
            input,
            graph.constant(w, [taps, channels, filters]),
            graph.constant(b, [filters]),
            isCausal ? 'causal' : 'same',
            dilation,
          );
        expectClose(await run(build, x, [time, batch, channels], 'float64', open), expected);
      }),
      { numRuns: 25 },
    );
  });

  test('pooling', async () => {
    await fc.assert(
      fc.asyncProperty(
        length(12),
        length(3),
        length(3),
        length(4),
        fc.boolean(),
        async (time, batch, channels, pool, open) => {
          fc.pre(pool <= time);
          const x = draw(makeRandom([time, batch, pool].join()), time * batch * channels);
          const row = batch * channels;
          const blocks = Math.floor(time / pool);
          const block = (at: number) =>
            Array.from({ length: pool }, (_, k) => x[(Math.floor(at / row) * pool + k) * row + (at % row)]);
          const outputs = Array.from({ length: blocks * row }, (_, at) => block(at));
          const shape = [time, batch, channels] as const;
          expectClose(
            await run((graph, input) => maxPooling(graph, input, pool), x, shape, 'float64', open),
            outputs.map((values) => Math.max(...values)),
          );
          expectClose(
            await run((graph, input) => averagePooling(graph, input, pool), x, shape, 'float64', open),
            outputs.map((values) => values.reduce((sum, value) => sum + value) / pool),
          );
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('attention of any size agrees with plain loops', () => {
  test('sliding sum', async () => {
    const sizes = fc.tuple(length(11), length(3), length(4), length(13), fc.boolean());
    await fc.assert(
      fc.asyncProperty(sizes, async ([time, batch, channels, span, open]) => {
        const row = batch * channels;
        const x = draw(makeRandom([time, batch, span].join()), time * row);
        const expected = x.map((_, at) => {
          let sum = 0;
          for (let s = at; s >= 0 && s > at - span * row; s -= row) sum += x[s];
          return sum;
        });
        const build = (graph: Graph, input: Tensor) => slidingSum(graph, input, span);
        expectClose(await run(build, x, [time, batch, channels], 'float64', open), expected);
      }),
      { numRuns: 15 },
    );
  });

  test('self-attention', async () => {
    const sizes = fc.tuple(length(7), length(3), length(3), length(3), length(8), fc.boolean(), fc.boolean());
    await fc.assert(
      fc.asyncProperty(sizes, async ([time, batch, heads, size, span, causal, open]) => {
        const channels = heads * size;
        const x = draw(makeRandom([time, batch, heads, size].join()), time * batch * channels);
        const at = (t: number, row: number, k: number) => x[(t * batch + row) * channels + k];
        const expected = x.map((_, place) => {
          const [k, row, t] = [
            place % channels,
            Math.floor(place / channels) % batch,
            Math.floor(place / channels / batch),
          ];
          const first = k - (k % size);
          let [sum, total] = [0, 0];
          for (let s = 0; s < time; s++) {
            if (Math.abs(t - s) >= span || (causal && s > t)) continue;
            let score = 0;
            for (let c = first; c < first + size; c++) score += at(t, row, c) * at(s, row, c);
            const weight = Math.exp(score / Math.sqrt(size));
            sum += weight * at(s, row, k);
            total += weight;
          }
          return sum / total;
        });
        const build = (graph: Graph, input: Tensor) =>
          selfAttention(graph, input, input, input, { heads, causal, span });
        // The factor 1/√d is folded into a product in single precision by ONNX Runtime.
        expectClose(await run(build, x, [time, batch, channels], 'float64', open), expected, 1e-6);
      }),
      { numRuns: 25 },
    );
  });
});

test('the standard LSTM operator agrees with the steps that training runs', async () => {
  await fc.assert(
    fc.asyncProperty(length(8), length(4), length(5), length(6), async (time, batch, features, units) => {
      const random = makeRandom([time, batch, features, units].join());
      const x = draw(random, time * batch * features);
      const shapes = Array.from({ length: 12 }, (_, k) =>
        k < 4 ? [features, units] : k < 8 ? [units, units] : [units],
      );
      const numbers = shapes.map((shape) => draw(random, size(shape)));
      const build = (training: boolean) => (graph: Graph, input: Tensor) => {
        const w = shapes.map((shape, k) => graph.constant(numbers[k], shape));
        const weights: LstmWeights = {
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
        };
        return lstm(graph, input, weights, training);
      };
      const shape = [time, batch, features] as const;
      expectClose(await run(build(false), x, shape, 'float32', true), await run(build(true), x, shape), 1e-5);
    }),
    { numRuns: 15 },
  );
});

test('the standard GRU operator agrees with the steps that training runs', async () => {
  await fc.assert(
    fc.asyncProperty(length(8), length(4), length(5), length(6), async (time, batch, features, units) => {
      const random = makeRandom([time, batch, features, units].join());
      const x = draw(random, time * batch * features);
      const numbers = Array.from({ length: 10 }, (_, k) =>
        k < 3 ? draw(random, features * units) : draw(random, k < 6 ? units * units : units),
      );
      const build = (training: boolean) => (graph: Graph, input: Tensor) => {
        const weight = (k: number) =>
          graph.constant(numbers[k], k < 3 ? [features, units] : k < 6 ? [units, units] : [units]);
        const weights: GruWeights = {
          inputReset: weight(0),
          inputUpdate: weight(1),
          inputCandidate: weight(2),
          recurrentReset: weight(3),
          recurrentUpdate: weight(4),
          recurrentCandidate: weight(5),
          biasReset: weight(6),
          biasUpdate: weight(7),
          biasCandidate: weight(8),
          biasRecurrentCandidate: weight(9),
        };
        return gru(graph, input, weights, training);
      };
      const shape = [time, batch, features] as const;
      expectClose(await run(build(false), x, shape, 'float32', true), await run(build(true), x, shape), 1e-5);
    }),
    { numRuns: 15 },
  );
});

test('inputs that do not fit are refused by the layer and the shapes', () => {
  const graph = new Graph();
  const x = graph.input('x', [4, 'batch', 3]);
  const build = () => graph.within('dense', () => dense(graph, x, graph.input('w', [4, 2])));
  expect(build).toThrow(/layer dense: dense expects weights .*\[4, batch, 3\], \[4, 2\]/);
});

test('shapes that an operator cannot work on are refused by what it expects', () => {
  const graph = new Graph();
  const x = graph.input('x', [4, 'batch', 3]);
  const flat = graph.input('flat', ['batch', 3]);
  const kernel = graph.input('kernel', [3, 3, 2]);
  const attend = (heads: number, y = x) => selfAttention(graph, x, x, y, { heads, causal: false, span: 4 });
  expect(() => attend(2)).toThrow(/self-attention expects channels that 2 heads divide evenly/);
  expect(() => attend(1, graph.input('y', [5, 'batch', 3]))).toThrow('queries, keys and values of one shape');
  expect(() => slidingSum(graph, x, 0)).toThrow('a span of at least one frame');
  expect(() => slidingSum(graph, x, 1.5)).toThrow('a span of at least one frame');
  expect(() => convolution(graph, x, kernel, undefined, 'causal', 0)).toThrow('a whole dilation of at least 1');
  expect(() => reverseTime(graph, flat)).toThrow('a sequence [time, batch, channels]');
  expect(() => maskFrames(graph, x, graph.input('mask', [2, 3]))).toThrow('a mask [batch, channels]');
  expect(() => weightFrames(graph, x, x)).toThrow('one weight for each frame');
  expect(() => offsetFrames(graph, x, graph.input('offset', [3, 3]))).toThrow('one offset [time, channels]');
});
