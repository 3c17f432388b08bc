import { makeRandom } from '../../math/index.js';
import type { Executor } from '../executor.js';
import { onnxruntime } from '../executors/executors.test.support.js';
import type { NetworkWeights } from '../layers/scope.js';
import { groupWeights } from '../training/groups.js';
import { TRAINING_DEFAULTS } from '../training/options.js';
import { buildTrainingGraph } from '../training/step.js';
import { Stepper } from '../training/stepper.js';
import { buildEvaluationGraph } from './forward.js';
import { countLabelled, type NetworkConfig } from './network.js';
import { makeNetwork, networks } from './registry.js';
import { flattenWeights, listWeights, nameWeights } from './weights.js';

export const inputs = ['a', 'b', 'c'];

/** Every network with every head that it has, of its default sizes. */
export const variants = networks.flatMap(({ kind, heads }) =>
  heads.map((head) => [`${kind}, ${head} head`, makeNetwork({ kind, head, inputs, window: 9 })] as const),
);

/** Random features [window, batch, 3] and labels that follow from them: y[t] = x₀[t] − x₁[t − 1]/2. */
export function makeToy(config: NetworkConfig, batch: number) {
  const { window } = config;
  const random = makeRandom('toy');
  const row = batch * inputs.length;
  const features = Float32Array.from({ length: window * row }, () => random.normal());
  const labelled = countLabelled(config);
  const labels = Float32Array.from({ length: labelled * batch }, (_, at) => {
    const t = window - labelled + Math.floor(at / batch);
    const x = t * row + (at % batch) * inputs.length;
    return features[x] - (t > 0 ? features[x - row + 1] / 2 : 0);
  });
  return { features, labels, sampleWeights: new Float32Array(labels.length).fill(1) };
}

/** Losses of some training steps on one batch, and the weights after them. */
export async function trainToy(
  executor: Executor,
  config: NetworkConfig,
  initial: NetworkWeights,
  steps: number,
  learningRate = 5e-4,
  batch = 16,
) {
  const groups = groupWeights(listWeights(config), []);
  const options = { ...TRAINING_DEFAULTS, batch, average: false };
  const { graph, outputs, carry, masks } = buildTrainingGraph(config, groups, initial, options);
  const program = await executor.compile(graph, outputs, { carry });
  const weights = flattenWeights(groups.weights, initial);
  const stepper = new Stepper(program, carry, masks, {
    weights,
    first: new Float32Array(weights.length),
    second: new Float32Array(weights.length),
    statistics: flattenWeights(groups.statistics, initial),
    average: undefined,
  });
  const toy = makeToy(config, batch);
  const random = makeRandom('masks');
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const rates = { learningRate, weightDecay: 1e-3, averageShare: 1 };
    losses.push(await stepper.run(toy, step, rates, random));
  }
  const state = stepper.copyState();
  await program.release();
  return {
    losses,
    weights: { ...nameWeights(groups.weights, state.weights), ...nameWeights(groups.statistics, state.statistics) },
  };
}

/** What a network says of features [window, batch, channels]: [batch, 1], or [window, batch, 1] of a sequence head. */
export async function evaluate(
  config: NetworkConfig,
  weights: NetworkWeights,
  features: Float32Array,
  executor: Executor = onnxruntime,
): Promise<Float32Array> {
  const { weights: trained, statistics } = groupWeights(listWeights(config), []);
  const { graph, outputs } = buildEvaluationGraph(config, { weights: trained, statistics });
  const program = await executor.compile(graph, outputs);
  const { prediction } = await program.run({
    features,
    weights: flattenWeights(trained, weights),
    ...(statistics.length > 0 ? { statistics: flattenWeights(statistics, weights) } : {}),
  });
  await program.release();
  return prediction;
}

export const findDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length
    ? Array.from(a, (value, k) => Math.abs(value - b[k])).reduce((one, other) => Math.max(one, other), 0)
    : Number.NaN;
