import { emitOnnx } from '../graph/emit.js';
import { fixedSize, Graph, type Tensor } from '../graph/graph.js';
import { type NetworkWeights, Scope, type WeightSpec } from '../layers/scope.js';
import { scaleAndShift, standardise } from '../operators/arithmetic.js';
import { unpack } from '../operators/packing.js';
import { swapTimeAndBatch, windowRows } from '../operators/selection.js';
import { countPredictions, type NetworkConfig } from './network.js';
import { buildNetwork } from './registry.js';

/** Mean and standard deviation of each channel: scaled = (value − mean) / deviation. */
export interface Scaling {
  readonly mean: ArrayLike<number>;
  readonly deviation: ArrayLike<number>;
}

export interface NetworkScaling {
  readonly inputs: Scaling;
  readonly outputs: Scaling;
}

/**
 * The trained network from SI features to SI predictions. Input `features` [batch, window, channels]; outputs
 * `prediction` [batch, predictions] (of a sequence head [batch, window, predictions]) and, where it has attention,
 * `attention` [batch, steps]. The batch may have any size. Constants bear the names of their weights.
 */
export function buildForwardGraph(config: NetworkConfig, weights: NetworkWeights, scaling: NetworkScaling) {
  const graph = new Graph();
  const scope = new Scope(graph, {
    training: false,
    find: (spec) => graph.constant(weights[spec.name], spec.shape, spec.name),
  });
  const channels = config.inputs.length;
  const features = graph.input('features', ['batch', config.window, channels]);
  const { inputs, outputs: results } = makeScalingConstants(graph, config, scaling);
  const scaled = standardise(graph, swapTimeAndBatch(graph, features), inputs.mean, inputs.deviation);
  const { prediction, attention } = buildNetwork(scope, scaled, config);
  const result = scaleAndShift(graph, prediction, results.deviation, results.mean);
  const outputs: Record<string, Tensor> = {
    prediction: config.head === 'sequence' ? swapTimeAndBatch(graph, result) : result,
  };
  if (attention) outputs.attention = windowRows(graph, attention.weights);
  return {
    graph,
    outputs,
    attention: attention && { steps: fixedSize(attention.weights.shape, 0), framesPerStep: attention.framesPerStep },
  };
}

/** The scaling of the channels and of the predictions, as constants under the names that exported files have for them. */
export function makeScalingConstants(graph: Graph, config: NetworkConfig, scaling: NetworkScaling) {
  const predictions = countPredictions(config);
  // All quantiles of an output share its scaling.
  const each = (values: ArrayLike<number>) =>
    Array.from({ length: predictions }, (_, k) => values[Math.floor((k * config.outputs) / predictions)]);
  const make = (part: 'inputs' | 'outputs', size: number, { mean, deviation }: Scaling) => ({
    mean: graph.constant(mean, [size], `scaling.${part}.mean`),
    deviation: graph.constant(deviation, [size], `scaling.${part}.deviation`),
  });
  const { mean, deviation } = scaling.outputs;
  return {
    inputs: make('inputs', config.inputs.length, scaling.inputs),
    outputs: make('outputs', predictions, { mean: each(mean), deviation: each(deviation) }),
  };
}

/**
 * The trained network as an `.onnx` file of standard operators that needs nothing of genu; see `buildForwardGraph`.
 * @param metadata text pairs to keep in the file, beside the network's configuration
 */
export function writeForwardOnnx(
  config: NetworkConfig,
  weights: NetworkWeights,
  scaling: NetworkScaling,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const { graph, outputs } = buildForwardGraph(config, weights, scaling);
  return emitOnnx(graph, outputs, { metadata: { ...metadata, 'genu.network': JSON.stringify(config) } });
}

/**
 * The network for inference with its weights as inputs, so that one program follows the training:
 * `features` [window, batch, channels] scaled; `weights`, `fixed`, `statistics` flat; output `prediction`, scaled.
 */
export function buildEvaluationGraph(config: NetworkConfig, groups: Readonly<Record<string, readonly WeightSpec[]>>) {
  const graph = new Graph();
  const find = unpackGroups(graph, groups);
  const features = graph.input('features', [config.window, 'batch', config.inputs.length]);
  const { prediction } = buildNetwork(new Scope(graph, { training: false, find }), features, config);
  return { graph, outputs: { prediction } };
}

/** One flat input for each group of weights; returns the tensors by name. */
export function unpackGroups(graph: Graph, groups: Readonly<Record<string, readonly WeightSpec[]>>) {
  const found = new Map(
    Object.entries(groups).flatMap(([group, specs]) => {
      if (specs.length === 0) return [];
      const shapes = specs.map((spec) => spec.shape);
      const total = shapes.reduce((sum, shape) => sum + shape.reduce((product, size) => product * size, 1), 0);
      const tensors = unpack(graph, graph.input(group, [total]), shapes);
      return specs.map((spec, position) => [spec.name, tensors[position]] as const);
    }),
  );
  return (spec: WeightSpec) => found.get(spec.name)!;
}
