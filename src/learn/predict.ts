import { LearnError } from './errors.js';
import type { CnnGruAttentionConfig } from './networks/cnn-gru-attention.js';
import { readOnnxMetadata } from './onnx/model.js';
import { type NetworkRuntime, type NetworkSession, numbers, ONE_THREAD, tensor } from './runtime.js';
import type { WindowSet } from './training/windows.js';

const PREDICTION_BATCH = 256;

/** A trained network, ready to predict. */
export interface ForwardNetwork {
  readonly config: CnnGruAttentionConfig;
  /** All text pairs kept in the file. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly session: NetworkSession;
}

/**
 * Loads a file that `writeForwardOnnx` or `trainNetwork` made. Release `session` when done.
 * @throws LearnError where the file says nothing of its network
 */
export async function loadForward(runtime: NetworkRuntime, onnx: Uint8Array): Promise<ForwardNetwork> {
  let metadata: Record<string, string>;
  try {
    metadata = readOnnxMetadata(onnx);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new LearnError(`The network file is damaged: ${error.message}`, { mend: 'Export it again.' });
  }
  const config = metadata['genu.network'];
  if (config === undefined) {
    throw new LearnError('The network file has no entry genu.network.', { mend: 'Export it with genu.' });
  }
  return { config: JSON.parse(config), metadata, session: await runtime.createSession(onnx, ONE_THREAD) };
}

export interface Predictions {
  /** [windows, outputs], SI units. */
  readonly outputs: Float32Array;
  /** [windows, pooled frames]: how much each part of the window weighed; each row sums to one. */
  readonly attention: Float32Array;
  readonly attentionFrames: number;
}

/**
 * Predicts windows over sequences in SI units.
 * @param windows sequences, and for each window its sequence and last frame
 * @param batch windows per run
 * @throws LearnError where a window reaches beyond its sequence
 */
export async function predictWindows(
  { config, session }: ForwardNetwork,
  windows: Pick<WindowSet, 'sequences' | 'sequence' | 'end'>,
  batch = PREDICTION_BATCH,
): Promise<Predictions> {
  const { window, inputs } = config;
  const channels = inputs.length;
  const count = windows.end.length;
  const attentionFrames = Math.floor(window / config.pool);
  const outputs = new Float32Array(count * config.outputs);
  const attention = new Float32Array(count * attentionFrames);
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
    const results = await session.run({ features: tensor(features, [size, window, channels]) });
    outputs.set(numbers(results.prediction), start * config.outputs);
    attention.set(numbers(results.attention), start * attentionFrames);
  }
  return { outputs, attention, attentionFrames };
}
