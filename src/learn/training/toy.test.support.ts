import { makeRandom } from '../../math/index.js';
import type { WindowSet } from './windows.js';

export const toyWindow = 8;
export const toyInputs = ['emg a', 'emg b', 'angle'];

/** A network that trains in a moment. */
export const toyNetwork = {
  inputs: toyInputs,
  window: toyWindow,
  convolutionLayers: 1,
  convolutionFilters: 4,
  convolutionTaps: 3,
  gruUnits: 4,
  attentionUnits: 3,
  denseUnits: 4,
  dropout: 0.2,
};

/**
 * Two trials of smooth channels; the label is a product of two of them some frames ago.
 * @param change of the features of each channel, applied after the labels were made of them: another participant
 */
export function makeToyWindows(
  from: number,
  to: number,
  { seed = '', change = (value: number, _channel: number) => value, labelled = 1 } = {},
): WindowSet {
  const channels = toyInputs.length;
  const sequences = [1, 2].map((trial) => {
    const random = makeRandom(`${trial}${seed}`);
    const frames = new Float32Array(220 * channels);
    for (let at = 0; at < frames.length; at++) {
      const [frame, channel] = [Math.floor(at / channels), at % channels];
      frames[at] = 1 + channel + Math.sin(0.13 * (channel + trial) * frame) + 0.05 * random.normal();
    }
    return frames;
  });
  const sequence: number[] = [];
  const end: number[] = [];
  const labels: number[] = [];
  for (const [trial, frames] of sequences.entries()) {
    for (let last = from; last < to; last++) {
      sequence.push(trial);
      end.push(last);
      for (let frame = last - labelled + 1; frame <= last; frame++) {
        labels.push(5 * (frames[(frame - 1) * channels] - 1) * (frames[(frame - 2) * channels + 1] - 2));
      }
    }
  }
  return {
    sequences: sequences.map((frames) => frames.map((value, at) => change(value, at % channels))),
    sequence,
    end,
    labels: Float32Array.from(labels),
  };
}

export const toyData = { train: makeToyWindows(16, 70), validation: makeToyWindows(80, 110) };
