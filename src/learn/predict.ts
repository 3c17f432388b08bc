import { LearnError } from './errors.js';
import type { Executor, Program } from './executor.js';
import { buildForwardGraph } from './networks/forward.js';
import { countLabelled, countPredictions, type NetworkConfig } from './networks/network.js';
import { importNetworkOnnx } from './onnx/import.js';
import type { WindowSet } from './training/windows.js';

const PREDICTION_BATCH = 256;

/** A trained network, ready to predict. */
export interface ForwardNetwork {
  readonly config: NetworkConfig;
  /** All text pairs kept in the file. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Steps of the attention over a window and the frames that a step stands for; undefined without attention. */
  readonly attention: { readonly steps: number; readonly framesPerStep: number } | undefined;
  readonly program: Program;
}

/**
 * Loads a file that `writeForwardOnnx` or `trainNetwork` made. Release `program` when done.
 * @throws LearnError where the file is damaged, or not one that genu wrote
 */
export async function loadForward(executor: Executor, onnx: Uint8Array): Promise<ForwardNetwork> {
  const { config, weights, scaling, metadata } = importNetworkOnnx(onnx);
  const { graph, outputs, attention } = buildForwardGraph(config, weights, scaling);
  return { config, metadata, attention, program: await executor.compile(graph, outputs) };
}

export interface Predictions {
  /** [windows, predictions], SI units; of a sequence head [windows, window, predictions]. */
  readonly outputs: Float32Array;
  /** [windows, steps]: how much each part of the window weighed; each row sums to one. Empty without attention. */
  readonly attention: Float32Array;
}

/**
 * Predicts windows over sequences in SI units.
 * @param windows sequences, and for each window its sequence and last frame
 * @param batch windows per run
 * @throws LearnError where a window reaches beyond its sequence
 */
export async function predictWindows(
  { config, program, attention: { steps } = { steps: 0, framesPerStep: 1 } }: ForwardNetwork,
  windows: Pick<WindowSet, 'sequences' | 'sequence' | 'end'>,
  batch = PREDICTION_BATCH,
): Promise<Predictions> {
  const { window, inputs } = config;
  const channels = inputs.length;
  const count = windows.end.length;
  const predictions = countLabelled(config) * countPredictions(config);
  const outputs = new Float32Array(count * predictions);
  const attention = new Float32Array(count * steps);
  for (let start = 0; start < count; start += batch) {
    const size = Math.min(batch, count - start);
    const features = new Float32Array(size * window * channels);
    for (let row = 0; row < size; row++) {
      const frames = windows.sequences[windows.sequence[start + row]];
      const end = windows.end[start + row] + 1;
      if (!frames || !(end >= window && end * channels <= frames.length)) {
        throw new LearnError(`ends at frame ${end - 1}, beyond its sequence or too early for ${window} frames.`, {
          where: `window ${start + row}`,
        });
      }
      features.set(frames.subarray((end - window) * channels, end * channels), row * window * channels);
    }
    const results = await program.run({ features });
    outputs.set(results.prediction, start * predictions);
    if (results.attention) attention.set(results.attention, start * steps);
  }
  return { outputs, attention };
}
