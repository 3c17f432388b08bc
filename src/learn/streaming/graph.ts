import { LearnError } from '../errors.js';
import { Graph, type Tensor } from '../graph/graph.js';
import { type NetworkWeights, Scope, type StreamState } from '../layers/scope.js';
import { makeScalingConstants, type NetworkScaling } from '../networks/forward.js';
import { countPredictions, type NetworkConfig } from '../networks/network.js';
import { buildNetwork, isCausal } from '../networks/registry.js';
import { listWeights, takeWeights } from '../networks/weights.js';
import { scaleAndShift, standardise } from '../operators/arithmetic.js';
import { reshape } from '../operators/history.js';

export interface StreamingGraph {
  readonly graph: Graph;
  /** `prediction` [predictions], and the states after the frame. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Output name to input name of each state. */
  readonly carry: Readonly<Record<string, string>>;
  /** What must be carried; all of it is zero before the first frame. */
  readonly states: readonly { readonly input: string; readonly output: string; readonly shape: readonly number[] }[];
}

/**
 * A causal network with a sequence head for one frame at a time, from SI features to SI predictions: input `features`
 * [1, channels], output `prediction` [predictions]. Each frame gets what the network with the same weights says of it
 * within the whole sequence from the first frame on. Constants bear the names of their weights.
 * @throws LearnError where the network looks ahead or says nothing of single frames, and where weights do not fit
 */
export function buildStreamingGraph(
  config: NetworkConfig,
  weights: NetworkWeights,
  scaling: NetworkScaling,
): StreamingGraph {
  requireStream(config);
  const taken = takeWeights(listWeights(config), weights);
  const graph = new Graph();
  const scope = new Scope(graph, {
    training: false,
    streaming: true,
    find: ({ name, shape }) => graph.constant(taken[name], shape, name),
  });
  const channels = config.inputs.length;
  const frame = reshape(graph, graph.input('features', [1, channels]), [1, 1, channels]);
  const { inputs, outputs: results } = makeScalingConstants(graph, config, scaling);
  const scaled = standardise(graph, frame, inputs.mean, inputs.deviation);
  const { prediction } = buildNetwork(scope, scaled, config);
  const inUnits = scaleAndShift(graph, prediction, results.deviation, results.mean);

  const { states } = scope;
  const output = ({ name }: StreamState) => `next.${name}`;
  const input = ({ name }: StreamState) => `state.${name}`;
  return {
    graph,
    outputs: {
      prediction: reshape(graph, inUnits, [countPredictions(config)]),
      ...Object.fromEntries(states.map((state) => [output(state), state.after])),
    },
    carry: Object.fromEntries(states.map((state) => [output(state), input(state)])),
    states: states.map((state) => ({ input: input(state), output: output(state), shape: state.shape })),
  };
}

function requireStream(config: NetworkConfig): void {
  const refuse = (what: string): never => {
    throw new LearnError(`${what}, so it cannot go frame by frame.`, {
      where: `network ${config.kind}`,
      mend: 'Retrain with head: "sequence" and causal padding, or predict by windows.',
    });
  };
  if (config.head !== 'sequence') refuse('has a head that says one thing of a whole window');
  if (!isCausal(config)) refuse('looks ahead of the frame that it speaks of');
}
