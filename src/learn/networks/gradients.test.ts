import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { sessions } from '../executors/executors.test.support.js';
import { emitOnnx } from '../graph/emit.js';
import { differ, double, draw, size } from '../graph/finite-difference.test.support.js';
import { groupWeights } from '../training/groups.js';
import { TRAINING_DEFAULTS } from '../training/options.js';
import { buildTrainingGraph } from '../training/step.js';
import { variants } from './networks.test.support.js';
import { findNetwork, makeNetwork } from './registry.js';
import { flattenWeights, listWeights, makeWeights } from './weights.js';

const batch = 3;

describe('the gradient of every network agrees with finite differences in double precision', () => {
  test.each(variants)('%s', async (_, { kind, head, inputs }) => {
    // No size above 8, so that the test is quick.
    const sizes = Object.entries(findNetwork(kind).defaults).filter(
      ([, value]) => typeof value === 'number' && value > 8,
    );
    const small = Object.fromEntries(sizes.map(([key]) => [key, 8]));
    const config = makeNetwork({ kind, head, inputs, window: 6, ...small });
    const specs = listWeights(config);
    const groups = groupWeights(specs, []);
    const initial = makeWeights(specs, 2);
    const options = { ...TRAINING_DEFAULTS, batch, clip: Number.POSITIVE_INFINITY, average: false };
    const { graph, outputs, masks } = buildTrainingGraph(config, groups, initial, options, { gradient: true });
    const wanted = { loss: outputs.loss, gradient: outputs.gradient };
    const random = makeRandom(kind);
    const dropped = new Set(masks.map(({ name }) => name));
    const feeds = Object.fromEntries(
      [...graph.findNeededInputs(Object.values(wanted))].map(([name, tensor]) => {
        const shape = tensor.shape as readonly number[];
        const drawn = draw(random, size(shape));
        if (name === 'weights') return [name, double(flattenWeights(groups.weights, initial), shape)];
        if (name === 'sampleWeights') return [name, double(drawn.map(Math.abs), shape)];
        return [name, double(dropped.has(name) ? drawn.map((value) => (value > -0.6 ? 1.25 : 0)) : drawn, shape)];
      }),
    );
    const session = await sessions.create(emitOnnx(graph, wanted, { realType: 'float64' }), {});
    const gradient = (await session.run(feeds)).gradient.data as Float64Array;
    const greatest = Math.max(...gradient.map(Math.abs));
    expect(greatest).toBeGreaterThan(1e-3);
    for (let k = 0; k < 15; k++) {
      const at = Math.floor(random.uniform() * gradient.length);
      const slope = await differ(async (step) => {
        const moved = (feeds.weights.data as Float64Array).slice();
        moved[at] += step;
        const { loss } = await session.run({ ...feeds, weights: double(moved, [moved.length]) });
        return (loss.data as Float64Array)[0];
      }, 1e-6);
      expect(Math.abs(slope - gradient[at]), `weight ${at}`).toBeLessThan(1e-7 * greatest);
    }
    await session.release();
  });
});
