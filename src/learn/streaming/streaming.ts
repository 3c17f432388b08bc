import { LearnError } from '../errors.js';
import type { NetworkWeights } from '../layers/scope.js';
import type { NetworkScaling } from '../networks/forward.js';
import { countPredictions, type NetworkConfig } from '../networks/network.js';
import { compileKernels } from '../wasm/kernels.js';
import { WasmProgram } from '../wasm/program.js';
import { buildStreamingGraph, type StreamingGraph } from './graph.js';

/** Numbers of all states by name; plain data, to be continued from later. */
export type StreamingState = Readonly<Record<string, Float32Array>>;

/** A network that gets one frame at a time and keeps what it needs of the ones before. */
export interface StreamingNetwork {
  readonly config: NetworkConfig;
  /** What `state` holds, under the names that an exported file has for it. */
  readonly states: StreamingGraph['states'];
  /**
   * @param frame [channels], SI units
   * @returns [predictions], SI units: the same array each time, overwritten by the next step
   * @throws LearnError where the frame has another length or is not finite; the state then stays as it was
   */
  step(frame: Float32Array): Float32Array;
  /** Back to before the first frame. */
  reset(): void;
  /** A copy of where the stream stands. */
  state(): StreamingState;
  /** Continues from a state. @throws LearnError where it is not of this network, or not finite */
  restore(state: StreamingState): void;
}

/**
 * A causal network with a sequence head, ready to run frame by frame on the WebAssembly kernels; see `buildStreamingGraph`.
 * @throws LearnError as `buildStreamingGraph`
 */
export async function makeStreamingNetwork(
  config: NetworkConfig,
  weights: NetworkWeights,
  scaling: NetworkScaling,
): Promise<StreamingNetwork> {
  const { graph, outputs, carry, states } = buildStreamingGraph(config, weights, scaling);
  const program = new WasmProgram(await compileKernels(), graph, outputs, { carry });
  const zeros = states.map(({ input, shape }) => ({
    input,
    values: new Float32Array(shape.reduce((product, size) => product * size, 1)),
  }));
  const reset = () => {
    for (const { input, values } of zeros) program.set(input, values);
  };
  reset();
  const live = await program.open();
  const { features } = live.inputs;
  const { prediction } = live.outputs;
  const answer = new Float32Array(countPredictions(config));

  return {
    config,
    states,
    step: (frame) => {
      const at = findUnfit(frame, features.length);
      if (at >= 0) refuseFrame(frame, at, config);
      features.set(frame);
      live.run();
      answer.set(prediction);
      return answer;
    },
    reset,
    state: () => Object.fromEntries(states.map(({ input }) => [input, program.get(input)])),
    restore: (state) => {
      checkState(state, zeros);
      for (const { input } of zeros) program.set(input, state[input]);
    },
  };
}

/** Position of the first number that cannot be used, or where the frame ends too early or late; −1 where all is well. */
function findUnfit(frame: Float32Array, channels: number): number {
  for (let k = 0; k < frame.length; k++) if (!Number.isFinite(frame[k])) return k;
  return frame.length === channels ? -1 : Math.min(frame.length, channels);
}

function refuseFrame(frame: Float32Array, at: number, { inputs }: NetworkConfig): never {
  if (frame.length !== inputs.length) {
    throw new LearnError(`has ${frame.length} numbers; the network wants ${inputs.length}.`, { where: 'frame' });
  }
  throw new LearnError(`is ${frame[at]}; it would stay in the state for good.`, {
    where: `frame, channel ${inputs[at]}`,
    mend: 'Give the last good value instead, or reset the stream after the gap.',
  });
}

function checkState(state: StreamingState, wanted: readonly { input: string; values: Float32Array }[]): void {
  const mend = 'Restore only what `state` of the same network gave.';
  for (const { input, values } of wanted) {
    const given = state[input];
    if (given?.length !== values.length) {
      throw new LearnError(`has ${given?.length ?? 'no'} numbers; the network wants ${values.length}.`, {
        where: input,
        mend,
      });
    }
    if (!given.every(Number.isFinite)) throw new LearnError('is not finite.', { where: input, mend });
  }
  const known = new Set(wanted.map(({ input }) => input));
  const stray = Object.keys(state).find((name) => !known.has(name));
  if (stray !== undefined) throw new LearnError('is no state of this network.', { where: stray, mend });
}
