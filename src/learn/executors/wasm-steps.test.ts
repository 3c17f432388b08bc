import { expect, test } from 'vitest';
import { makeRandom } from '../../math/index.js';
import type { Executor } from '../executor.js';
import { makeNetwork, networks } from '../networks/registry.js';
import { flattenWeights, listWeights, makeWeights } from '../networks/weights.js';
import { FIRST_DECAY, SECOND_DECAY } from '../operators/adam.js';
import { groupWeights } from '../training/groups.js';
import { buildTrainingGraph } from '../training/step.js';
import { onnxruntime } from './executors.test.support.js';
import { wasmExecutors } from './wasm.test.support.js';

const STEPS = 20;
const batch = 6;

/** Whole training steps, forward, gradient, clipping, Adam and averages, from the same weights on the same windows. */
async function train(executor: Executor, kind: string) {
  const config = makeNetwork({ kind, inputs: ['a', 'b', 'c'], window: 14 });
  const specs = listWeights(config);
  const groups = groupWeights(specs, []);
  const first = makeWeights(specs, 1);
  const { graph, outputs, carry, masks } = buildTrainingGraph(config, groups, first, {
    batch,
    clip: 1,
    average: true,
  });
  const program = await executor.compile(graph, outputs, { carry });
  const weights = flattenWeights(groups.weights, first);
  program.set('weights', weights);
  program.set('average', weights);
  program.set('first', new Float32Array(weights.length));
  program.set('second', new Float32Array(weights.length));
  program.set('statistics', flattenWeights(groups.statistics, first));
  const random = makeRandom(kind);
  const draw = (length: number) => Float32Array.from({ length }, () => random.normal());
  const losses: number[] = [];
  const features = draw(config.window * batch * config.inputs.length);
  const labels = draw(batch);
  for (let step = 1; step <= STEPS; step++) {
    const feeds: Record<string, Float32Array> = {
      features,
      labels,
      sampleWeights: Float32Array.of(1, 1, 1, 0.5, 0, 2),
      step: Float32Array.of(2e-3 / (1 - FIRST_DECAY ** step)),
      correction: Float32Array.of(1 / Math.sqrt(1 - SECOND_DECAY ** step)),
      shrink: Float32Array.of(1e-5),
      averageShare: Float32Array.of(0.1),
    };
    for (const { name, shape, rate } of masks) {
      const length = shape.reduce((product, size) => product * size, 1);
      feeds[name] = Float32Array.from({ length }, () => (random.uniform() < rate ? 0 : 1 / (1 - rate)));
    }
    losses.push((await program.run(feeds)).loss[0]);
  }
  const state = [...(carry ? Object.values(carry) : [])].map((name) => [name, program.get(name)] as const);
  await program.release();
  return { losses, state };
}

const cases = wasmExecutors.flatMap((executor) =>
  networks.map(({ kind }) => ({ kind, name: executor.name, executor })),
);

test.each(cases)('$kind: 20 steps of $name agree with ONNX Runtime', async ({ kind, executor }) => {
  const expected = await train(onnxruntime, kind);
  const got = await train(executor, kind);
  expect(expected.losses.at(-1)!).toBeLessThan(expected.losses[0]);
  for (const [step, loss] of got.losses.entries()) {
    expect(Math.abs(loss - expected.losses[step]), `step ${step}`).toBeLessThan(1e-5 * Math.max(1, expected.losses[0]));
  }
  // Running averages of the batches' statistics hang on no division by a small number, as the weights' steps do.
  for (const [index, [name, values]] of got.state.entries()) {
    const other = expected.state[index][1];
    expect(values.length).toBe(other.length);
    const worst = Math.max(0, ...Array.from(values, (value, k) => Math.abs(value - other[k])));
    expect(worst, name).toBeLessThan(name === 'weights' || name === 'average' ? 2e-3 : 1e-4);
  }
});
