import { emitOnnx } from '../graph/emit.js';
import type { NetworkWeights } from '../layers/scope.js';
import type { NetworkScaling } from '../networks/forward.js';
import type { NetworkConfig } from '../networks/network.js';
import { buildStreamingGraph } from './graph.js';

/**
 * The network for one frame as an `.onnx` file of standard operators; see `buildStreamingGraph`. Its host gives zeros for
 * the states at first, and then what the file put out. The metadata entry `genu.streaming` lists them, as JSON:
 * `[{ "input", "output", "shape" }]`.
 * @param metadata text pairs to keep in the file, beside the network's configuration
 * @throws LearnError as `buildStreamingGraph`
 */
export function writeStreamingOnnx(
  config: NetworkConfig,
  weights: NetworkWeights,
  scaling: NetworkScaling,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const { graph, outputs, states } = buildStreamingGraph(config, weights, scaling);
  const own = { 'genu.network': JSON.stringify(config), 'genu.streaming': JSON.stringify(states) };
  return emitOnnx(graph, outputs, { metadata: { ...metadata, ...own } });
}
