import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { sessions } from '../executors/executors.test.support.js';
import { emitOnnx } from '../graph/emit.js';
import { double, draw, sumProducts } from '../graph/finite-difference.test.support.js';
import { buildGradients } from '../graph/gradient.js';
import { Graph } from '../graph/graph.js';
import { convolution } from './convolution.js';

const [TIME, CHANNELS, FILTERS] = [7, 3, 20];

/** y, dx, dW and db of Σ y·r for random r, in double precision. */
async function convolve(batch: number, [x, r, W, b]: Float64Array[], taps: number, dilation: number) {
  const shapes = {
    x: [TIME, batch, CHANNELS],
    W: [taps, CHANNELS, FILTERS],
    b: [FILTERS],
    r: [TIME, batch, FILTERS],
  } as const;
  const graph = new Graph();
  const [xs, Ws, bs, rs] = Object.entries(shapes).map(([name, shape]) => graph.input(name, shape));
  const y = convolution(graph, xs, Ws, bs, 'same', dilation);
  const [dx, dW, db] = buildGradients(graph, sumProducts(graph, y, rs), [xs, Ws, bs]);
  const session = await sessions.create(emitOnnx(graph, { y, dx, dW, db }, { realType: 'float64' }), {});
  const feeds = { x: double(x, shapes.x), W: double(W, shapes.W), b: double(b, shapes.b), r: double(r, shapes.r) };
  const results = await session.run(feeds);
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float64Array]));
}

/** Windows `from` to `to` of a sequence. */
const windows = (all: Float64Array, batch: number, channels: number, from: number, to: number) =>
  Float64Array.from({ length: TIME * (to - from) * channels }, (_, k) => {
    const [t, rest] = [Math.floor(k / ((to - from) * channels)), k % ((to - from) * channels)];
    return all[(t * batch + from) * channels + rest];
  });

describe('a batch too large for the cache', () => {
  test.each([
    [5, 1],
    [3, 2],
    [1, 1],
  ])('gives what its parts give; %i taps, dilation %i', async (taps, dilation) => {
    const [batch, parts] = [2000, 5];
    const random = makeRandom('large');
    const [x, r] = [CHANNELS, FILTERS].map((channels) => draw(random, TIME * batch * channels));
    const [W, b] = [draw(random, taps * CHANNELS * FILTERS), draw(random, FILTERS)];
    const whole = await convolve(batch, [x, r, W, b], taps, dilation);
    const sums = { dW: new Float64Array(W.length), db: new Float64Array(b.length) };
    let worst = 0;
    for (let part = 0; part < parts; part++) {
      const [from, to] = [(part * batch) / parts, ((part + 1) * batch) / parts];
      const cut = (all: Float64Array, channels: number) => windows(all, batch, channels, from, to);
      const some = await convolve(to - from, [cut(x, CHANNELS), cut(r, FILTERS), W, b], taps, dilation);
      for (const [name, channels] of [
        ['y', FILTERS],
        ['dx', CHANNELS],
      ] as const) {
        const expected = cut(whole[name], channels);
        expect(some[name].length).toBe(expected.length);
        worst = expected.reduce((greatest, value, k) => Math.max(greatest, Math.abs(value - some[name][k])), worst);
      }
      for (const name of ['dW', 'db'] as const) for (const [k, value] of some[name].entries()) sums[name][k] += value;
    }
    expect(worst).toBeLessThan(1e-12);
    for (const name of ['dW', 'db'] as const) {
      for (const [k, value] of sums[name].entries()) expect(Math.abs(value - whole[name][k])).toBeLessThan(1e-9);
    }
  });
});
