import { LearnError } from '../errors.js';
import type { WeightSpec } from '../layers/scope.js';
import { countNumbers } from '../networks/weights.js';
import type { TrainingOptions } from './options.js';

/** The weights of a network by what training does with them. */
export interface WeightGroups {
  readonly weights: readonly WeightSpec[];
  /** Not trained. */
  readonly frozen: readonly WeightSpec[];
  /** Running averages of batch normalisation. */
  readonly statistics: readonly WeightSpec[];
}

/** The layer that a weight is of. */
export const layerOf = ({ name }: Pick<WeightSpec, 'name'>): string => name.split('.')[0];

/**
 * Sorts the weights of a network by what training does with them.
 * @param frozen names of layers or of single weights that are not to be trained
 * @throws LearnError where a name is of no layer and no weight, or nothing is left to train
 */
export function groupWeights(specs: readonly WeightSpec[], frozen: readonly string[]): WeightGroups {
  for (const name of frozen) {
    if (specs.some((spec) => spec.name === name || layerOf(spec) === name)) continue;
    throw new LearnError('is no layer and no weight of this network.', {
      where: `frozen ${name}`,
      mend: `Layers: ${listLayers(specs).join(', ')}.`,
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

/** The layers that have weights, from the input up. */
export const listLayers = (specs: readonly WeightSpec[]): string[] => [...new Set(specs.map(layerOf))];

/** What the optimiser does with each number of the flat trained weights. */
export interface WeightRules {
  /** Part that the learning rate has; undefined where all have the same. */
  readonly rates: Float32Array | undefined;
  /** One for what decays: matrices; zero for biases, gains and shifts, which only place things, and what is pulled. */
  readonly decayed: Float32Array;
  /** Where to and how strongly weights are pulled; undefined where none are. */
  readonly anchor: { readonly values: Float32Array; readonly strengths: Float32Array } | undefined;
}

/** @throws LearnError where a layer is not there, or an anchor does not fit */
export function makeRules(
  specs: readonly WeightSpec[],
  trained: readonly WeightSpec[],
  { layerRates = {}, anchor }: Pick<TrainingOptions, 'layerRates' | 'anchor'>,
): WeightRules {
  const layers = listLayers(specs);
  const stray = Object.keys(layerRates).find((layer) => !layers.includes(layer));
  if (stray !== undefined) {
    throw new LearnError('is no layer of this network.', {
      where: `training.layerRates.${stray}`,
      mend: `Layers: ${layers.join(', ')}.`,
    });
  }
  for (const [name, values] of Object.entries(anchor?.weights ?? {})) {
    const spec = specs.find((candidate) => candidate.name === name);
    if (spec && countNumbers(spec) === values.length) continue;
    throw new LearnError(
      spec ? `has ${values.length} numbers; the network wants ${countNumbers(spec)}.` : 'is not of this network.',
      { where: `training.anchor, weight ${name}`, mend: 'Leave out the weights that the source does not share.' },
    );
  }
  const anchored = (spec: WeightSpec) => anchor?.weights[spec.name];
  const isGraded = trained.some((spec) => (layerRates[layerOf(spec)] ?? 1) !== 1);
  return {
    rates: isGraded ? spread(trained, (spec) => layerRates[layerOf(spec)] ?? 1) : undefined,
    decayed: spread(trained, (spec) => (spec.shape.length > 1 && !anchored(spec) ? 1 : 0)),
    anchor:
      anchor && trained.some(anchored)
        ? {
            values: spread(trained, (spec) => anchored(spec) ?? 0),
            strengths: spread(trained, (spec) => (anchored(spec) ? anchor.strength : 0)),
          }
        : undefined,
  };
}

/** Flat numbers, of each weight its own or one for all of them. */
function spread(
  specs: readonly WeightSpec[],
  numbersOf: (spec: WeightSpec) => number | ArrayLike<number>,
): Float32Array {
  const flat = new Float32Array(specs.reduce((sum, spec) => sum + countNumbers(spec), 0));
  let at = 0;
  for (const spec of specs) {
    const value = numbersOf(spec);
    if (typeof value === 'number') flat.fill(value, at, at + countNumbers(spec));
    else flat.set(value, at);
    at += countNumbers(spec);
  }
  return flat;
}
