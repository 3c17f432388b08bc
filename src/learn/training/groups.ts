import { LearnError } from '../errors.js';
import type { WeightSpec } from '../layers/scope.js';
import type { WeightGroups } from './step.js';

/**
 * Sorts the weights of a network by what training does with them.
 * @param frozen names of layers or of single weights that are not to be trained
 * @throws LearnError where a name is of no layer and no weight, or nothing is left to train
 */
export function groupWeights(specs: readonly WeightSpec[], frozen: readonly string[]): WeightGroups {
  const layerOf = (spec: WeightSpec) => spec.name.split('.')[0];
  for (const name of frozen) {
    if (specs.some((spec) => spec.name === name || layerOf(spec) === name)) continue;
    const layers = [...new Set(specs.map(layerOf))].join(', ');
    throw new LearnError('is no layer and no weight of this network.', {
      where: `frozen ${name}`,
      mend: `Layers: ${layers}.`,
    });
  }
  const weights = specs.filter((spec) => spec.kind === 'weight');
  const isFrozen = (spec: WeightSpec) => frozen.includes(spec.name) || frozen.includes(layerOf(spec));
  const groups = {
    weights: weights.filter((spec) => !isFrozen(spec)),
    frozen: weights.filter(isFrozen),
    statistics: specs.filter((spec) => spec.kind === 'statistic'),
  };
  if (groups.weights.length === 0) {
    throw new LearnError('leaves nothing to train.', { where: 'training.frozen' });
  }
  return groups;
}
