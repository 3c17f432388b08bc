import { buildGradients } from '../graph/gradient.js';
import { Graph, type Tensor } from '../graph/graph.js';
import { type DropoutMask, type NetworkWeights, Scope, type WeightSpec } from '../layers/scope.js';
import { unpackGroups } from '../networks/forward.js';
import { countLabelled, type NetworkConfig } from '../networks/network.js';
import { buildNetwork } from '../networks/registry.js';
import { countNumbers } from '../networks/weights.js';
import { adamStep, clipGradient, pullTowards, shortenStep } from '../operators/adam.js';
import { blend } from '../operators/arithmetic.js';
import { pack } from '../operators/packing.js';
import { makeRules, type WeightGroups } from './groups.js';
import { buildLoss, makeLoss } from './loss.js';
import type { TrainingOptions } from './options.js';

/** Share of a batch's statistics in the running averages. */
const STATISTICS_SHARE = 0.1;

/** Of the training options, what shapes the graph. */
export interface StepOptions extends Pick<TrainingOptions, 'batch' | 'clip' | 'loss' | 'layerRates' | 'anchor'> {
  /** Whether an exponential moving average of the weights is kept. */
  readonly average: boolean;
}

/** Everything that `buildTrainingGraph` builds a step from; plain data that can go to a worker. */
export interface StepRecipe {
  readonly config: NetworkConfig;
  readonly groups: WeightGroups;
  readonly frozenWeights: NetworkWeights;
  readonly options: StepOptions;
}

export interface TrainingGraph {
  readonly graph: Graph;
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly carry: Readonly<Record<string, string>>;
  /** Parts of the state that steps read and do not change: `statistics`, where every normalisation is frozen. */
  readonly held: readonly string[];
  readonly masks: readonly DropoutMask[];
}

/**
 * One training step as one graph: forward, gradients, Adam.
 * Inputs: `features` [window, batch, channels], `labels` [batch, outputs], `sampleWeights` [batch, 1] (of a sequence head
 * [window, batch, …]), dropout masks, rates [1] (see `operators/adam.ts`; with an anchor also `learningRate`), and the
 * state, all flat: `weights`, `first`, `second`, `statistics`, `average`.
 * Outputs: `loss` [1] before the step; what `carry` takes into the state of the next step; the flat `gradient`, where asked for.
 */
export function buildTrainingGraph(
  config: NetworkConfig,
  groups: WeightGroups,
  frozenWeights: NetworkWeights,
  options: StepOptions,
  extra: { gradient?: boolean } = {},
): TrainingGraph {
  const { batch } = options;
  const graph = new Graph();
  const { weights: trained, statistics } = groups;
  const findFlat = unpackGroups(graph, { weights: trained, statistics });
  const frozen = new Map(
    groups.frozen.map((spec) => [spec.name, graph.constant(frozenWeights[spec.name], spec.shape)] as const),
  );
  const find = (spec: WeightSpec): Tensor => frozen.get(spec.name) ?? findFlat(spec);
  const scope = new Scope(graph, { training: true, find, isFrozen: (name) => frozen.has(name) });

  const features = graph.input('features', [config.window, batch, config.inputs.length]);
  const rows = config.head === 'sequence' ? [countLabelled(config), batch] : [batch];
  const labels = graph.input('labels', [...rows, config.outputs]);
  const sampleWeights = graph.input('sampleWeights', [...rows, 1]);
  const { prediction } = buildNetwork(scope, features, config);
  const { quantiles } = config;
  const loss = buildLoss(graph, [prediction, labels, sampleWeights], makeLoss(options.loss, { quantiles }), quantiles);

  const gradient = pack(graph, buildGradients(graph, loss, trained.map(find)));
  const outputs: Record<string, Tensor> = { loss, ...addUpdate(graph, gradient, groups, options) };
  if (scope.batchStatistics.size > 0) {
    const share = graph.constant([STATISTICS_SHARE], [1]);
    const updated = statistics.map((spec) => {
      const value = scope.batchStatistics.get(spec.name);
      return value ? blend(graph, find(spec), value, share) : find(spec);
    });
    outputs.nextStatistics = pack(graph, updated);
  }
  if (extra.gradient) outputs.gradient = gradient;
  const isRead = graph.findNeededInputs(Object.values(outputs)).has('statistics');
  const held = isRead && !outputs.nextStatistics ? ['statistics'] : [];
  return { graph, outputs, carry: findCarry(outputs), held, masks: scope.masks };
}

/**
 * The second half of a step by itself: from the flat `gradient` [count], an input, to the next state.
 * For training in several places at once, whose gradients are added up.
 */
export function buildUpdateGraph(groups: WeightGroups, options: StepOptions): Omit<TrainingGraph, 'masks' | 'held'> {
  const graph = new Graph();
  const count = countAll(groups.weights);
  graph.input('weights', [count]);
  const outputs = addUpdate(graph, graph.input('gradient', [count]), groups, options);
  return { graph, outputs, carry: findCarry(outputs) };
}

/** Adds clipping, Adam and the moving average to a graph whose input `weights` is there. */
function addUpdate(
  graph: Graph,
  flatGradient: Tensor,
  { weights: trained, frozen, statistics }: WeightGroups,
  options: StepOptions,
): Record<string, Tensor> {
  const count = countAll(trained);
  const gradient = Number.isFinite(options.clip) ? clipGradient(graph, flatGradient, options.clip) : flatGradient;
  const rate = (name: string) => graph.input(name, [1]);
  const flat = (values: Float32Array) => graph.constant(values, [count]);
  const rules = makeRules([...trained, ...frozen, ...statistics], trained, options);
  const old = graph.inputs.get('weights')!;
  const pulled = rules.anchor
    ? pullTowards(graph, old, flat(rules.anchor.values), flat(rules.anchor.strengths), rate('learningRate'))
    : old;
  const adam = adamStep(
    graph,
    { weights: pulled, first: graph.input('first', [count]), second: graph.input('second', [count]) },
    gradient,
    { step: rate('step'), correction: rate('correction'), shrink: rate('shrink'), decayed: flat(rules.decayed) },
  );
  const nextWeights = rules.rates ? shortenStep(graph, old, adam.weights, flat(rules.rates)) : adam.weights;

  const outputs: Record<string, Tensor> = {
    nextWeights,
    nextFirst: adam.first,
    nextSecond: adam.second,
  };
  if (options.average) {
    outputs.nextAverage = blend(graph, graph.input('average', [count]), nextWeights, rate('averageShare'));
  }
  return outputs;
}

const countAll = (specs: readonly WeightSpec[]): number => specs.reduce((sum, spec) => sum + countNumbers(spec), 0);

/** `nextWeights` becomes `weights`, and so on. */
const findCarry = (outputs: Readonly<Record<string, Tensor>>): Record<string, string> =>
  Object.fromEntries(
    Object.keys(outputs).flatMap((name) => (name.startsWith('next') ? [[name, lowerFirst(name.slice(4))]] : [])),
  );

const lowerFirst = (word: string): string => word[0].toLowerCase() + word.slice(1);
