import { emitOnnx } from '../graph/emit.js';
import { Graph } from '../graph/graph.js';
import { type NetworkWeights, Scope, type WeightSpec } from '../layers/scope.js';
import type { RealType } from '../onnx/model.js';
import { scaleAndShift, standardise } from '../operators/arithmetic.js';
import { unpack } from '../operators/packing.js';
import { swapTimeAndBatch, windowRows } from '../operators/selection.js';
import { buildCnnGruAttention, type CnnGruAttentionConfig } from './cnn-gru-attention.js';

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
 * The trained network as an `.onnx` file of standard operators that needs nothing of genu.
 * Input `features` [batch, window, channels] in SI units; outputs `prediction` [batch, outputs] in SI units and
 * `attention` [batch, pooled frames]. The batch may have any size.
 * @param metadata text pairs to keep in the file, beside the network's configuration
 */
export function writeForwardOnnx(
  config: CnnGruAttentionConfig,
  weights: NetworkWeights,
  scaling: NetworkScaling,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const graph = new Graph();
  const scope = new Scope(graph, {
    training: false,
    find: (spec) => graph.constant(weights[spec.name], spec.shape),
  });
  const channels = config.inputs.length;
  const { inputs, outputs } = scaling;
  const features = graph.input('features', ['batch', config.window, channels]);
  const scaled = standardise(
    graph,
    swapTimeAndBatch(graph, features),
    graph.constant(inputs.mean, [channels]),
    graph.constant(inputs.deviation, [channels]),
  );
  const { prediction, attention } = buildCnnGruAttention(scope, scaled, config);
  const result = scaleAndShift(
    graph,
    prediction,
    graph.constant(outputs.deviation, [config.outputs]),
    graph.constant(outputs.mean, [config.outputs]),
  );
  return emitOnnx(
    graph,
    { prediction: result, attention: windowRows(graph, attention) },
    { metadata: { ...metadata, 'genu.network': JSON.stringify(config) } },
  );
}

/**
 * The network for inference with its weights as inputs, so that one session follows the training:
 * `features` [window, batch, channels] scaled; `weights`, `fixed`, `statistics` flat; output `prediction`, scaled.
 */
export function writeEvaluationOnnx(
  config: CnnGruAttentionConfig,
  groups: Readonly<Record<string, readonly WeightSpec[]>>,
  realType: RealType = 'float32',
): Uint8Array {
  const graph = new Graph();
  const find = unpackGroups(graph, groups);
  const features = graph.input('features', [config.window, 'batch', config.inputs.length]);
  const { prediction } = buildCnnGruAttention(new Scope(graph, { training: false, find }), features, config);
  return emitOnnx(graph, { prediction }, { realType });
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
