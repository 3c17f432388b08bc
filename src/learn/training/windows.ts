import { LearnError } from '../errors.js';
import type { NetworkScaling, Scaling } from '../networks/forward.js';
import { countLabelled, type NetworkConfig } from '../networks/network.js';

/**
 * Windows over sequences. Overlapping windows share their frames; a window is copied out only for its batch.
 */
export interface WindowSet {
  /** One per trial: frame-major [frames, channels], SI units. */
  readonly sequences: readonly Float32Array[];
  /** For each window, the position of its sequence. */
  readonly sequence: ArrayLike<number>;
  /** For each window, its last frame (inclusive) within the sequence. */
  readonly end: ArrayLike<number>;
  /** [windows, outputs], SI units; for a sequence head [windows, frames of a window, outputs]. */
  readonly labels: Float32Array;
  /** Weight of each label in the loss, [windows] or [windows, frames of a window]; 1 where left out. */
  readonly weights?: Float32Array;
}

/** Windows without labels. */
export type FeatureWindows = Pick<WindowSet, 'sequences' | 'sequence' | 'end'>;

/**
 * Refuses a set that does not fit the network or holds gaps (NaN).
 * @throws LearnError that names the window, the sequence, the channel and the frame.
 */
export function checkWindows(
  set: WindowSet,
  part: string,
  config: Pick<NetworkConfig, 'inputs' | 'window' | 'outputs' | 'head'>,
): void {
  const { outputs } = config;
  const count = set.end.length;
  const labelled = countLabelled(config);
  const fail = makeRefusal(part);
  checkPlaces(set, part, config);
  if (set.labels.length !== count * labelled * outputs) {
    fail(`has ${set.labels.length} labels for ${count} windows of ${outputs} outputs.`);
  }
  if (set.weights && set.weights.length !== count * labelled) {
    fail(`has ${set.weights.length} weights for ${count} windows.`);
  }
  const wrong = set.weights?.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY)) ?? -1;
  if (wrong >= 0) fail(`the weight of window ${Math.floor(wrong / labelled)} is ${set.weights?.[wrong]}.`);
  if (set.weights?.every((weight) => weight === 0)) {
    fail('gives every window the weight 0.', 'Some windows must count; or leave the weights out.');
  }
  const label = set.labels.findIndex((value) => !Number.isFinite(value));
  if (label >= 0) {
    const window = Math.floor(label / outputs / labelled);
    fail(`the label of window ${window} is ${set.labels[label]}.`, 'Leave out the windows without a label.');
  }
  checkGaps(set, part, config);
}

/** The same of windows without labels. */
export function checkFeatures(
  set: FeatureWindows,
  part: string,
  config: Pick<NetworkConfig, 'inputs' | 'window'>,
): void {
  checkPlaces(set, part, config);
  checkGaps(set, part, config);
}

const makeRefusal =
  (where: string) =>
  (what: string, mend?: string): never => {
    throw new LearnError(what, mend === undefined ? { where } : { where, mend });
  };

/** Whether every window lies within its sequence. */
function checkPlaces(
  set: FeatureWindows,
  part: string,
  { inputs, window }: Pick<NetworkConfig, 'inputs' | 'window'>,
): void {
  const fail = makeRefusal(part);
  const count = set.end.length;
  if (count === 0) fail('holds no window.', 'Give longer recordings or shorter windows.');
  if (set.sequence.length !== count) fail(`names ${set.sequence.length} sequences for ${count} windows.`);
  for (const [position, frames] of set.sequences.entries()) {
    if (frames.length % inputs.length !== 0) {
      fail(`sequence ${position} has ${frames.length} numbers, no multiple of its ${inputs.length} channels.`);
    }
  }
  for (let k = 0; k < count; k++) {
    const sequence = set.sequences[set.sequence[k]];
    if (!sequence) fail(`window ${k} names sequence ${set.sequence[k]}, which is not there.`);
    const frames = sequence.length / inputs.length;
    const end = set.end[k];
    if (frames < window) {
      const mend = 'Leave this sequence out, or use shorter windows.';
      fail(`window ${k} has ${window} frames, its sequence ${set.sequence[k]} only ${frames}.`, mend);
    }
    if (!(end >= window - 1 && end < frames && Number.isInteger(end))) {
      fail(`window ${k} ends at frame ${end}; of ${frames} frames, ${window - 1} to ${frames - 1} can end a window.`);
    }
  }
}

function checkGaps(
  set: FeatureWindows,
  part: string,
  { inputs, window }: Pick<NetworkConfig, 'inputs' | 'window'>,
): void {
  const mend = 'Fill the gap, or leave out the windows that touch it.';
  for (const [position, covered] of findCovered(set, window, inputs.length).entries()) {
    const frames = set.sequences[position];
    for (let frame = 0; frame < covered.length; frame++) {
      if (!covered[frame]) continue;
      for (let channel = 0; channel < inputs.length; channel++) {
        const value = frames[frame * inputs.length + channel];
        if (Number.isFinite(value)) continue;
        makeRefusal(part)(`sequence ${position}, channel ${inputs[channel]}, frame ${frame} is ${value}.`, mend);
      }
    }
  }
}

/** For each sequence and frame, 1 where some window looks. */
export function findCovered(set: FeatureWindows, window: number, channels: number): Uint8Array[] {
  const covered = set.sequences.map((frames) => new Uint8Array(frames.length / channels));
  for (let k = 0; k < set.end.length; k++) covered[set.sequence[k]].fill(1, set.end[k] - window + 1, set.end[k] + 1);
  return covered;
}

/** Mean and deviation of each channel over the frames that the windows look at, each frame counted once. */
export function fitInputScaling(set: FeatureWindows, window: number, channels: number): Scaling {
  const covered = findCovered(set, window, channels);
  return fitScaling(channels, (visit) => {
    for (const [position, frames] of set.sequences.entries()) {
      for (let frame = 0; frame < covered[position].length; frame++) {
        if (covered[position][frame]) visit(frames, frame * channels);
      }
    }
  });
}

/** Mean and deviation of each output over the labels. */
export function fitOutputScaling(set: WindowSet, outputs: number): Scaling {
  return fitScaling(outputs, (visit) => {
    for (let at = 0; at < set.labels.length; at += outputs) visit(set.labels, at);
  });
}

function fitScaling(size: number, each: (visit: (values: Float32Array, at: number) => void) => void): Scaling {
  const mean = new Float64Array(size);
  const squares = new Float64Array(size);
  let count = 0;
  // Welford's recurrence: one pass, no cancellation.
  each((values, at) => {
    count++;
    for (let k = 0; k < size; k++) {
      const off = values[at + k] - mean[k];
      mean[k] += off / count;
      squares[k] += off * (values[at + k] - mean[k]);
    }
  });
  // A constant channel says nothing: it becomes 0, whatever it is divided by.
  return {
    mean: [...mean],
    deviation: [...squares].map((sum, k) => Math.sqrt(sum / count) || Math.abs(mean[k]) || 1),
  };
}

/**
 * The same windows over scaled features and labels; the originals stay as they are.
 * @throws LearnError where the scaling is not for as many channels and outputs, or a deviation is not above 0
 */
export function scaleWindows(set: WindowSet, scaling: NetworkScaling, channels: number, outputs: number): WindowSet {
  for (const [part, size] of [
    ['inputs', channels],
    ['outputs', outputs],
  ] as const) {
    const { mean, deviation } = scaling[part];
    if (mean.length !== size || deviation.length !== size || !Array.from(deviation).every((value) => value > 0)) {
      throw new LearnError(`wants ${size} means and ${size} deviations above 0.`, { where: `scaling.${part}` });
    }
  }
  return {
    ...set,
    sequences: scaleFeatures(set.sequences, scaling.inputs),
    labels: scale(set.labels, scaling.outputs),
  };
}

/** Scaled copies of frame-major sequences. */
export const scaleFeatures = (sequences: readonly Float32Array[], scaling: Scaling): Float32Array[] =>
  sequences.map((frames) => scale(frames, scaling));

const scale = (values: Float32Array, { mean, deviation }: Scaling) =>
  values.map((value, at) => (value - mean[at % mean.length]) / deviation[at % mean.length]);

/** Copies some windows, time-major [window, windows chosen, channels]. */
export function gatherInto(
  out: Float32Array,
  set: FeatureWindows,
  chosen: ArrayLike<number>,
  window: number,
  channels: number,
): void {
  const batch = chosen.length;
  for (let row = 0; row < batch; row++) {
    const frames = set.sequences[set.sequence[chosen[row]]];
    let from = (set.end[chosen[row]] - window + 1) * channels;
    for (let frame = 0; frame < window; frame++) {
      const to = (frame * batch + row) * channels;
      for (let channel = 0; channel < channels; channel++) out[to + channel] = frames[from++];
    }
  }
}
