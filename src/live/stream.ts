import { GenuError } from '../data/index.js';
import { type CausalFilter, type CausalState, makeCausalState, stepCausal } from '../estimator/index.js';

/** Channels that are sampled together, each with its filter to the common rate. */
export interface Stream {
  readonly name: string;
  readonly channels: readonly string[];
  readonly filters: readonly CausalFilter[];
  /** Frames that may wait for the other stream. */
  readonly capacity: number;
}

export interface StreamState {
  readonly filters: readonly CausalState[];
  /** A ring of frames × channels. */
  readonly frames: Float64Array;
  written: number;
  taken: number;
}

/** State of a stream that has seen no sample yet. */
export function startStream({ filters, capacity }: Stream): StreamState {
  return {
    filters: filters.map((filter) => makeCausalState(filter)),
    frames: new Float64Array(capacity * filters.length),
    written: 0,
    taken: 0,
  };
}

/**
 * Filters one sample of every channel.
 * @throws GenuError, leaving the state as it was, for another number of values or when no room is left for a frame
 */
export function pushSample(
  { name, channels, filters, capacity }: Stream,
  state: StreamState,
  values: ArrayLike<number>,
): void {
  if (values.length !== channels.length) {
    throw new GenuError(`a sample has ${values.length} values for ${channels.length} channels.`, {
      where: name,
      mend: `Give one for each of ${channels.join(', ')}; NaN for one that is missing.`,
    });
  }
  if (state.filters[0].untilFrame === 0 && countWaiting(state) === capacity) {
    throw new GenuError(`${capacity} frames wait, and there is no room for another.`, {
      where: name,
      mend: 'Call step() more often, and push EMG and motion side by side.',
    });
  }
  const row = (state.written % capacity) * channels.length;
  let made = false;
  for (let c = 0; c < filters.length; c++) {
    const frame = stepCausal(filters[c], state.filters[c], values[c]);
    if (frame === undefined) continue;
    state.frames[row + c] = frame;
    made = true;
  }
  if (made) state.written++;
}

/** Frames that wait to be taken. */
export function countWaiting(state: StreamState): number {
  return state.written - state.taken;
}

/** Takes the oldest waiting frame. */
export function takeFrameInto(out: Float64Array, { capacity }: Stream, state: StreamState): void {
  const row = (state.taken % capacity) * out.length;
  for (let c = 0; c < out.length; c++) out[c] = state.frames[row + c];
  state.taken++;
}
