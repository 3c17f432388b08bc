import { LearnError } from '../errors.js';
import type { WeightSpec } from '../layers/scope.js';
import { conventionalGroups, type LayerGroups, type NetworkConfig } from '../networks/network.js';
import { findNetwork } from '../networks/registry.js';
import { listWeights } from '../networks/weights.js';
import { layerOf, listLayers } from '../training/groups.js';

export type LayerGroup = 'features' | keyof LayerGroups;

export interface LayerDepth {
  readonly name: string;
  readonly group: LayerGroup;
  /** Steps below the output, which is at 0. */
  readonly depth: number;
}

/**
 * The layers of any network that have weights, from the input up. Layers whose names share their first word
 * (`attentionHidden`, `attentionScore`) are one step; what has no matrix (a normalisation) goes with the layer below it.
 * A layer that no group of its network names is in the group of the layer below it, and at the bottom finds features.
 */
export function listDepths(config: NetworkConfig): LayerDepth[] {
  const { groups = conventionalGroups } = findNetwork(config.kind);
  const specs = listWeights(config);
  let [step, stem] = [0, ''];
  let group: LayerGroup = 'features';
  const found = listLayers(specs).map((name) => {
    const own = name.match(/^[a-z]+\d*/)?.[0] ?? name;
    if (own !== stem && (stem === '' || hasMatrix(specs, name))) step++;
    if (own !== stem && hasMatrix(specs, name)) stem = own;
    group = findGroup(groups, name) ?? group;
    return { name, group, step };
  });
  return found.map(({ name, group, step: own }) => ({ name, group, depth: step - own }));
}

const hasMatrix = (specs: readonly WeightSpec[], layer: string): boolean =>
  specs.some((spec) => layerOf(spec) === layer && spec.shape.length > 1);

const findGroup = (groups: LayerGroups, layer: string): LayerGroup | undefined =>
  (['head', 'attention', 'recurrent'] as const).find((group) =>
    groups[group].some((prefix) => layer.startsWith(prefix)),
  );

const fromTheBottom: readonly LayerGroup[] = ['features', 'recurrent', 'attention', 'head'];

/**
 * The layers below a group, to be frozen.
 * @throws LearnError where the network has no layer of that group
 */
export function listBelow(config: NetworkConfig, group: LayerGroup): string[] {
  const layers = listDepths(config);
  if (group === 'features') return [];
  if (!layers.some((layer) => layer.group === group)) {
    throw new LearnError(`has no ${group} layers.`, {
      where: `network ${config.kind}`,
      mend: `Its layers: ${layers.map(({ name }) => name).join(', ')}. Adapt its head or all of it.`,
    });
  }
  const first = fromTheBottom.indexOf(group);
  return layers.filter((layer) => fromTheBottom.indexOf(layer.group) < first).map(({ name }) => name);
}
