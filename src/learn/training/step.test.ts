import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { sessions } from '../executors/executors.test.support.js';
import { emitOnnx } from '../graph/emit.js';
import { differ, double, draw, size } from '../graph/finite-difference.test.support.js';
import type { CnnGruAttentionConfig } from '../networks/cnn-gru-attention.js';
import { makeNetwork } from '../networks/registry.js';
import { flattenWeights, listWeights, makeWeights } from '../networks/weights.js';
import { groupWeights } from './groups.js';
import type { Loss } from './loss.js';
import { buildTrainingGraph } from './step.js';

const small = {
  inputs: ['a', 'b', 'c'],
  window: 9,
  convolutionFilters: 4,
  convolutionTaps: 3,
  gruUnits: 4,
  attentionUnits: 3,
  denseUnits: 5,
  dropout: 0.3,
};
const batch = 5;
const squared: Loss = { kind: 'squared' };
const huber: Loss = { kind: 'huber', delta: 0.5 };

/** A training step in double precision with random masks, and everything to feed it. */
async function makeStep(changes: Partial<CnnGruAttentionConfig>, clip: number, loss: Loss, frozen: string[] = []) {
  const config = makeNetwork({ ...small, ...changes });
  const specs = listWeights(config);
  const groups = groupWeights(specs, frozen);
  const initial = makeWeights(specs, 4);
  const options = { batch, clip, loss, average: true };
  const { graph, outputs, masks } = buildTrainingGraph(config, groups, initial, options, { gradient: true });
  const random = makeRandom(9);
  const weights = flattenWeights(groups.weights, initial);
  const statistics = flattenWeights(groups.statistics, initial);
  const count = weights.length;
  const channels = config.inputs.length;
  const feeds = {
    features: double(draw(random, config.window * batch * channels), [config.window, batch, channels]),
    labels: double(draw(random, batch * config.outputs), [batch, config.outputs]),
    sampleWeights: double([1, 2, 0, 0.5, 1], [batch, 1]),
    weights: double(weights, [count]),
    first: double(draw(random, count), [count]),
    second: double(
      draw(random, count).map((value) => value * value),
      [count],
    ),
    average: double(draw(random, count), [count]),
    averageShare: double([0.25], [1]),
    step: double([0.02], [1]),
    correction: double([1.3], [1]),
    shrink: double([0.003], [1]),
    ...(statistics.length > 0 ? { statistics: double(statistics, [statistics.length]) } : {}),
    ...Object.fromEntries(
      masks.map(({ name, shape }) => [
        name,
        double(
          draw(random, size(shape)).map((v) => (v > 0 ? 2 : 0)),
          shape,
        ),
      ]),
    ),
  };
  return {
    session: await sessions.create(emitOnnx(graph, outputs, { realType: 'float64' }), {}),
    feeds,
    groups,
    random,
    count,
  };
}

describe('the gradient of the whole network agrees with finite differences', () => {
  const variants: [string, Partial<CnnGruAttentionConfig>, Loss, string[]][] = [
    ['defaults', {}, squared, []],
    [
      'layer normalisation, causal, average pooling',
      { normalisation: 'layer', padding: 'causal', pooling: 'average', pool: 3 },
      huber,
      [],
    ],
    ['no normalisation, no pooling, no last state', { normalisation: 'none', pool: 1, lastState: false }, huber, []],
    ['no convolution, two outputs', { convolutionLayers: 0, outputs: 2 }, squared, []],
    ['frozen first layers', {}, squared, ['convolution1', 'normalisation1', 'gru.biasReset']],
  ];
  for (const [name, changes, loss, frozen] of variants) {
    test(name, async () => {
      const { session, feeds, random, count } = await makeStep(changes, Number.POSITIVE_INFINITY, loss, frozen);
      const gradient = (await session.run(feeds)).gradient.data as Float64Array;
      expect(gradient.length).toBe(count);
      const greatest = Math.max(...gradient.map(Math.abs));
      for (let k = 0; k < 60; k++) {
        const at = Math.floor(random.uniform() * count);
        const slope = await differ(async (step) => {
          const moved = (feeds.weights.data as Float64Array).slice();
          moved[at] += step;
          const results = await session.run({ ...feeds, weights: double(moved, [count]) });
          return (results.loss.data as Float64Array)[0];
        }, 1e-5);
        expect(Math.abs(slope - gradient[at])).toBeLessThan(1e-7 * greatest);
      }
      await session.release();
    });
  }
});

test('the Adam step and the moving average are those of the papers', async () => {
  const clip = 0.05;
  const { session, feeds, groups, count } = await makeStep({}, clip, squared);
  const results = await session.run(feeds);
  const of = (name: string) => results[name].data as Float64Array;
  const norm = Math.hypot(...of('gradient'));
  expect(norm).toBeGreaterThan(clip);
  const decays = groups.weights.flatMap((spec) => new Array<boolean>(size(spec.shape)).fill(spec.shape.length > 1));
  for (let k = 0; k < count; k++) {
    const gradient = (of('gradient')[k] * clip) / norm;
    const first = 0.9 * Number(feeds.first.data[k]) + 0.1 * gradient;
    const second = 0.999 * Number(feeds.second.data[k]) + 0.001 * gradient ** 2;
    const shrunk = Number(feeds.weights.data[k]) * (decays[k] ? 1 - 0.003 : 1);
    const weight = shrunk - (0.02 * first) / (1.3 * Math.sqrt(second) + 1e-8);
    expect(of('nextFirst')[k]).toBeCloseTo(first, 12);
    expect(of('nextSecond')[k]).toBeCloseTo(second, 12);
    expect(of('nextWeights')[k]).toBeCloseTo(weight, 12);
    expect(of('nextAverage')[k]).toBeCloseTo(0.75 * Number(feeds.average.data[k]) + 0.25 * weight, 12);
  }
  await session.release();
});

test('a window of weight zero changes neither loss nor gradient through its label', async () => {
  const { session, feeds } = await makeStep({}, Number.POSITIVE_INFINITY, squared);
  const labels = (feeds.labels.data as Float64Array).slice();
  labels[2] += 100;
  const before = await session.run(feeds);
  const after = await session.run({ ...feeds, labels: double(labels, [batch, 1]) });
  expect(after.loss.data).toEqual(before.loss.data);
  expect(after.gradient.data).toEqual(before.gradient.data);
  await session.release();
});
