import { makeRandom } from '../../math/index.js';
import { LearnError } from '../errors.js';
import { Graph } from '../graph/graph.js';
import { type NetworkWeights, Scope, type WeightSpec } from '../layers/scope.js';
import type { NetworkConfig } from './network.js';
import { buildNetwork } from './registry.js';

/** The weights and statistics of a network, in the order in which its layers ask for them. */
export function listWeights(config: NetworkConfig): WeightSpec[] {
  const graph = new Graph();
  const scope = new Scope(graph, { training: false, find: (spec) => graph.input(spec.name, spec.shape) });
  buildNetwork(scope, graph.input('features', [config.window, 'batch', config.inputs.length]), config);
  return scope.specs;
}

/** Numbers of a weight. */
export const countNumbers = (spec: WeightSpec): number => spec.shape.reduce((product, size) => product * size, 1);

/** Random first weights; the same seed gives the same numbers. */
export function makeWeights(specs: readonly WeightSpec[], seed: number): NetworkWeights {
  const random = makeRandom(seed).fork('weights');
  const entries = specs.map((spec): [string, Float32Array] => {
    const values = new Float32Array(countNumbers(spec));
    if ('fill' in spec.initial) return [spec.name, values.fill(spec.initial.fill)];
    const { bound } = spec.initial;
    const own = random.fork(spec.name);
    return [spec.name, values.map(() => bound * (2 * own.uniform() - 1))];
  });
  return Object.fromEntries(entries);
}

/**
 * Weights for a network, from given ones.
 * @throws LearnError where one is missing, of another size or not of this network.
 */
export function takeWeights(specs: readonly WeightSpec[], given: NetworkWeights): NetworkWeights {
  const mend = 'The weights must come from a network of the same configuration.';
  for (const spec of specs) {
    const numbers = given[spec.name]?.length;
    if (numbers !== countNumbers(spec)) {
      const got = numbers === undefined ? 'is missing' : `has ${numbers} numbers`;
      throw new LearnError(`${got}; the network wants ${countNumbers(spec)}.`, { where: `weight ${spec.name}`, mend });
    }
  }
  const known = new Set(specs.map((spec) => spec.name));
  const stray = Object.keys(given).find((name) => !known.has(name));
  if (stray !== undefined) throw new LearnError('is not of this network.', { where: `weight ${stray}`, mend });
  return Object.fromEntries(specs.map(({ name }) => [name, given[name].slice()]));
}

/** All numbers of some weights, one after the other. */
export function flattenWeights(specs: readonly WeightSpec[], weights: NetworkWeights): Float32Array {
  const flat = new Float32Array(specs.reduce((sum, spec) => sum + countNumbers(spec), 0));
  let at = 0;
  for (const spec of specs) {
    flat.set(weights[spec.name], at);
    at += countNumbers(spec);
  }
  return flat;
}

/** The inverse of `flattenWeights`. */
export function nameWeights(specs: readonly WeightSpec[], flat: Float32Array): NetworkWeights {
  let at = 0;
  const entries = specs.map((spec): [string, Float32Array] => {
    const values = flat.slice(at, at + countNumbers(spec));
    at += countNumbers(spec);
    return [spec.name, values];
  });
  return Object.fromEntries(entries);
}
