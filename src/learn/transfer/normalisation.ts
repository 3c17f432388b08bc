import { makeRandom } from '../../math/index.js';
import type { Executor } from '../executor.js';
import { Graph } from '../graph/graph.js';
import { type NetworkWeights, Scope } from '../layers/scope.js';
import type { Scaling } from '../networks/forward.js';
import type { NetworkConfig } from '../networks/network.js';
import { buildNetwork } from '../networks/registry.js';
import { checkFeatures, type FeatureWindows, gatherInto, scaleFeatures } from '../training/windows.js';

/** Windows of a batch at most. */
const LARGEST_BATCH = 512;

/**
 * The weights of a network with the statistics of its batch normalisation measured anew on windows of another
 * participant, without labels (Li et al. 2016, arXiv 1603.04779, algorithm 1; averaged over large batches as Wu & Johnson 2021,
 * arXiv 2105.07576, section 3.1). Weights stay as they are; without batch normalisation nothing changes.
 * The variance is the mean over batches plus the variance of the batches' means. All batches are full; with several,
 * fewer windows than there are batches are left out.
 * @param windows SI units; `scaling` is that of the inputs
 * @throws LearnError for unfit windows
 */
export async function estimateNormalisation(
  executor: Executor,
  { config, weights, scaling }: { config: NetworkConfig; weights: NetworkWeights; scaling: { inputs: Scaling } },
  windows: FeatureWindows,
  seed = 1,
): Promise<NetworkWeights> {
  checkFeatures(windows, 'windows to adapt to', config);
  const channels = config.inputs.length;
  const count = windows.end.length;
  const batches = Math.ceil(count / LARGEST_BATCH);
  const batch = Math.floor(count / batches);

  const graph = new Graph();
  const find = ({ name, shape }: { name: string; shape: readonly number[] }) => graph.constant(weights[name], shape);
  const scope = new Scope(graph, { training: true, find });
  buildNetwork(scope, graph.input('features', [config.window, batch, channels]), config);
  const outputs = Object.fromEntries(scope.batchStatistics);
  const names = Object.keys(outputs);
  if (names.length === 0) return weights;
  // Nothing is dropped.
  const feeds: Record<string, Float32Array> = {};
  for (const { name, shape } of scope.masks) {
    feeds[name] = new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(1);
  }

  const scaled = { ...windows, sequences: scaleFeatures(windows.sequences, scaling.inputs) };
  const order = makeRandom(seed)
    .fork('normalisation')
    .shuffle(Int32Array.from({ length: count }, (_, k) => k));
  const features = new Float32Array(config.window * batch * channels);
  const found: Record<string, Float32Array>[] = [];
  const program = await executor.compile(graph, outputs);
  try {
    for (let k = 0; k < batches; k++) {
      gatherInto(features, scaled, order.subarray(k * batch, (k + 1) * batch), config.window, channels);
      found.push(await program.run({ ...feeds, features }));
    }
  } finally {
    await program.release();
  }
  const average = (name: string, numberOf: (results: Record<string, Float32Array>, k: number) => number) =>
    weights[name].map((_, k) => found.reduce((sum, results) => sum + numberOf(results, k), 0) / batches);
  const statistics: Record<string, Float32Array> = {};
  for (const name of names.filter((candidate) => candidate.endsWith('.mean'))) {
    statistics[name] = average(name, (results, k) => results[name][k]);
  }
  for (const name of names.filter((candidate) => candidate.endsWith('.variance'))) {
    const mean = name.replace(/variance$/, 'mean');
    statistics[name] = average(name, (results, k) => results[name][k] + (results[mean][k] - statistics[mean][k]) ** 2);
  }
  return { ...weights, ...statistics };
}
